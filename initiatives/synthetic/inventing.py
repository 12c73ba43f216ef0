"""Invented profiles, drawn from a seed: names, places, statements, consortia."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from organisations.models import Organisation, Statement

Kind = Organisation.Kind
Role = Statement.Role

SYLLABLES: Final = (
    "al", "an", "ar", "be", "bo", "ca", "cor", "da", "den", "dor", "el", "en", "fa", "fel",
    "ga", "gor", "han", "il", "ka", "kel", "la", "lin", "lo", "ma", "mir", "mo", "na", "nor",
    "or", "pa", "pel", "ra", "ren", "ro", "sa", "sol", "ta", "tir", "to", "va", "vel", "vi",
    "zan", "zor",
)  # fmt: skip
ENDINGS: Final = ("a", "ix", "en", "is", "ora", "um", "eta", "on", "ia", "ex", "ano", "il")

SHARES: Final = {
    Kind.COMPANY: 24,
    Kind.SME: 38,
    Kind.UNIVERSITY: 5,
    Kind.RESEARCH: 7,
    Kind.CLUSTER: 2,
    Kind.PUBLIC_BODY: 9,
    Kind.AGENCY: 3,
    Kind.TECHNOLOGY_PARK: 2,
    Kind.NGO: 6,
    Kind.OTHER: 4,
}

WORDS: Final = {
    Kind.COMPANY: "Energy|Industries|Systems|Mobility|Engineering|Materials|Power|Chemicals|Marine",
    Kind.SME: "Labs|Hydrogen|Dynamics|Solutions|Sensors|Analytics|Robotics|Membranes|Works",
    Kind.UNIVERSITY: "University|Technical University|University of Applied Sciences",
    Kind.RESEARCH: "Institute|Research Centre|Laboratory|Institute of Technology",
    Kind.CLUSTER: "Cluster|Innovation Network|Valley Association",
    Kind.PUBLIC_BODY: "Municipality|Water Board|Transport Authority|Port Authority",
    Kind.AGENCY: "Development Agency|Energy Agency|Innovation Agency",
    Kind.TECHNOLOGY_PARK: "Technology Park|Science Park|Innovation Campus",
    Kind.NGO: "Foundation|Association|Alliance",
    Kind.OTHER: "Forum|Council|Cooperative",
}

FORMS: Final = {
    "AT": "GmbH", "DE": "GmbH", "CH": "AG", "FR": "SAS", "BE": "NV", "NL": "BV", "PL": "sp. z o.o.",
    "CZ": "s.r.o.", "SK": "s.r.o.", "IT": "SpA", "ES": "SL", "PT": "Lda", "SE": "AB", "NO": "AS",
    "DK": "ApS", "FI": "Oy", "EE": "OÜ", "LV": "SIA", "LT": "UAB", "HU": "Kft.", "RO": "SRL",
    "BG": "OOD", "HR": "d.o.o.", "SI": "d.o.o.", "IE": "Ltd", "UK": "Ltd", "EL": "AE", "LU": "SARL",
}  # fmt: skip
"""Legal forms of companies by country."""

STATED: Final = {Role.NEEDS: (2, 5), Role.OFFERS: (2, 6), Role.INTERESTED: (2, 5)}
"""How many concepts an organisation states in each role: from, and below."""

FIRST_START: Final = date(2014, 1, 1).toordinal()
LAST_START: Final = date(2017, 12, 18).toordinal()
"""Not after the newest start in the Horizon 2020 snapshot, which recency is counted from."""

CONSORTIUM: Final = 5
"""Mean number of partners that a project has beside its coordinator."""

LARGEST: Final = 40


@dataclass(frozen=True)
class Place:
    """A NUTS 3 unit that has a home region."""

    unit: int
    name: str
    country: str
    region: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Invented:
    """One organisation; `statements` are (role, concept, weight)."""

    number: int
    name: str
    kind: str
    place: Place
    description: str
    statements: tuple[tuple[str, int, int], ...]


def organisations(
    rng: np.random.Generator,
    numbers: range,
    places: list[Place],
    concepts: dict[Role, list[int]],
) -> Iterator[Invented]:
    """Invent organisations of these numbers.

    The place of rank r is drawn in proportion to 1/(r + 20), the concept of rank r to 1/r: few are
    common, most are rare, as in any catalogue.
    """
    count = len(numbers)
    kinds = list(SHARES)
    kind = rng.choice(len(kinds), count, p=np.array(list(SHARES.values())) / sum(SHARES.values()))
    where = _ranked(rng, count, len(places), shift=20)
    names = rng.integers(0, 1 << 30, (count, 5))
    stated = {role: _statements(rng, count, concepts[role], *STATED[role]) for role in STATED}
    for i, number in enumerate(numbers):
        place = places[int(where[i])]
        this = kinds[int(kind[i])]
        name, word = _name(names[i].tolist(), this, place.country)
        yield Invented(
            number=number,
            name=name,
            kind=this.value,
            place=place,
            description=(
                f"An invented {this.label} in {place.name}: {word.lower()}. "
                "Made to try the product with many profiles; nobody has declared it."
            ),
            statements=tuple(
                (role.value, concept, weight)
                for role in STATED
                for concept, weight in stated[role][i]
            ),
        )


def consortia(
    rng: np.random.Generator, projects: int, organisations: int
) -> Iterator[tuple[int, list[int]]]:
    """(ordinal of the start, participants' positions, the coordinator first) of each project.

    The organisation of rank r takes part in proportion to (r + 5)^-0.8: some are hubs with hundreds
    of partners, most take part once or never.
    """
    edges = np.cumsum((np.arange(organisations) + 5.0) ** -0.8)
    order = rng.permutation(organisations)
    sizes = np.minimum(rng.geometric(1 / (CONSORTIUM + 1), projects), LARGEST)
    starts = rng.integers(FIRST_START, LAST_START + 1, projects)
    for size, start in zip(sizes.tolist(), starts.tolist(), strict=True):
        drawn = np.searchsorted(edges[:-1], rng.random(size) * edges[-1], side="right")
        yield start, list(dict.fromkeys(order[drawn].tolist()))


def _ranked(
    rng: np.random.Generator, size: int, ranks: int, *, shift: float
) -> NDArray[np.integer[Any]]:
    edges = np.cumsum(1 / (np.arange(1, ranks + 1) + shift))
    found: NDArray[np.integer[Any]] = np.searchsorted(
        edges[:-1], rng.random(size) * edges[-1], side="right"
    )
    return found


def _statements(
    rng: np.random.Generator, count: int, concepts: list[int], low: int, high: int
) -> list[list[tuple[int, int]]]:
    """For each of `count` organisations, (concept, weight) of `low` to `high` - 1 draws; one that
    was drawn before is not stated twice."""
    wanted = rng.integers(low, high, count)
    drawn = _ranked(rng, count * (high - 1), len(concepts), shift=0).reshape(count, high - 1)
    weights = rng.integers(1, 4, drawn.shape)
    return [
        list(
            {
                concepts[at]: weight
                for at, weight in zip(row[:most], weight_row[:most], strict=True)
            }.items()
        )
        for row, weight_row, most in zip(
            drawn.tolist(), weights.tolist(), wanted.tolist(), strict=True
        )
    ]


def _name(numbers: list[int], kind: Kind, country: str) -> tuple[str, str]:
    """An invented name and the word in it that says what the organisation is."""
    first, second, third, ending, which = numbers
    syllables = [SYLLABLES[first % len(SYLLABLES)], SYLLABLES[second % len(SYLLABLES)]]
    if third % 2:
        syllables.append(SYLLABLES[third // 2 % len(SYLLABLES)])
    stem = ("".join(syllables) + ENDINGS[ending % len(ENDINGS)]).capitalize()
    words = WORDS[kind].split("|")
    word = words[which % len(words)]
    name = f"{stem} {word}"
    if kind in (Kind.COMPANY, Kind.SME) and country in FORMS:
        name += f" {FORMS[country]}"
    return name, word
