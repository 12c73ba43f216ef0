"""By what results are narrowed: what each facet offers, what is chosen, and how many there are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.known import Known
from directory.searching import Found
from initiatives.models import Initiative
from organisations.models import Organisation, Statement
from regions.models.places import localised

MOST_SHOWN: Final = 12
"""Values of a facet that are shown at once; the chosen ones always are."""

ORGANISATIONS: Final = ("organisation", "cluster")
EVERYTHING: Final = ("organisation", "cluster", "initiative", "region")


def _choices(choices: Iterable[tuple[str, str | Promise]]) -> Callable[[Known, str], str]:
    labels = dict(choices)
    return lambda known, value: str(labels.get(value, value))


def _country(known: Known, value: str) -> str:
    return localised(known.countries[value]) if value in known.countries else value


def _region(known: Known, value: str) -> str:
    region = known.regions.get(int(value))
    return region.name if region else value


def _concept(known: Known, value: str) -> str:
    concept = known.concepts.get(int(value))
    return localised(concept.labels) if concept else value


def _trl(known: Known, value: str) -> str:
    return f"TRL {value}"


YES_NO: Final = (("yes", _("invented, to explain the site")), ("no", _("real")))


@dataclass(frozen=True)
class Facet:
    """``name`` stands in addresses, ``family`` in `directory.models.Value`; of concepts, only
    those of the vocabularies ``schemes``. ``whole``: the values in their own order, not by count.
    """

    name: str
    label: str | Promise
    family: str
    called: Callable[[Known, str], str]
    what: tuple[str, ...] = ORGANISATIONS
    schemes: tuple[str, ...] = ()
    in_order: bool = False

    def holds(self, known: Known, value: str) -> bool:
        if not self.schemes:
            return True
        concept = known.concepts.get(int(value))
        return concept is not None and concept.scheme in self.schemes

    def written(self, known: Known, value: str) -> str:
        """A value as addresses have it: slugs and codes instead of numbers."""
        if self.family == "region":
            region = known.regions.get(int(value))
            return region.slug if region else ""
        if self.schemes:
            concept = known.concepts.get(int(value))
            return f"{concept.scheme}:{concept.code}" if concept else ""
        return value

    def read(self, known: Known, written: str) -> str | None:
        """The value of what an address has, or None if there is no such value."""
        if self.family == "region":
            number = known.region_ids.get(written)
            return str(number) if number is not None else None
        if self.schemes:
            number = known.concept_ids.get(written)
            if number is None or known.concepts[number].scheme not in self.schemes:
                return None
            return str(number)
        if self.family == "country":
            return written if written in known.countries else None
        return written if (self.family, written) in known.number_of else None


FACETS: Final = (
    Facet("country", _("Country"), "country", _country, EVERYTHING),
    Facet("region", _("Region"), "region", _region, EVERYTHING),
    Facet("kind", _("Kind"), "kind", _choices(Organisation.Kind.choices), ("organisation",)),
    Facet("stage", _("Kind"), "stage", _choices(Initiative.Kind.choices), ("initiative",)),
    Facet(
        "theme",
        _("Theme"),
        "concept",
        _concept,
        EVERYTHING,
        ("region-themes", "s3-thematic-platforms", "smart-specialisations"),
    ),
    Facet(
        "sector",
        _("Sector"),
        "concept",
        _concept,
        EVERYTHING,
        ("industrial-ecosystems", "emerging-industries"),
    ),
    Facet(
        "technology", _("Technology"), "concept", _concept, EVERYTHING, ("advanced-technologies",)
    ),
    Facet(
        "segment",
        _("Hydrogen value chain"),
        "concept",
        _concept,
        EVERYTHING,
        ("hydrogen-value-chain",),
    ),
    Facet(
        "role",
        _("Offers, needs, interests"),
        "role",
        _choices(Statement.Role.choices),
        in_order=True,
    ),
    Facet("trl", _("Technology readiness"), "trl", _trl, in_order=True),
    Facet("took_part", _("Took part in"), "took_part", _choices(Initiative.Kind.choices)),
    Facet("language", _("Language"), "language", lambda known, value: value),
    Facet("label", _("Label of cluster management"), "label", _choices(Organisation.Label.choices)),
    Facet("invented", _("Real or invented"), "invented", _choices(YES_NO), in_order=True),
)
BY_NAME: Final = {facet.name: facet for facet in FACETS}


@dataclass(frozen=True)
class Choice:
    """One value to choose: as addresses write it, as it is called, and how many hits have it."""

    written: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Offered:
    """A facet with its values; ``more`` are not shown, since fewer hits have them."""

    facet: Facet
    choices: list[Choice]
    more: int = 0


@dataclass(frozen=True)
class Asked:
    """What an address chooses: values by name of facet, and what it names that does not exist."""

    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[tuple[Facet, str]] = field(default_factory=list)

    def numbers(self, known: Known) -> dict[str, list[int]]:
        """For the search; a value that no entry has finds nothing."""
        return {
            name: known.numbers(BY_NAME[name].family, values)
            for name, values in self.values.items()
        }


def asked(query: QueryDict, known: Known, what: Iterable[str]) -> Asked:
    """What of the query are facets of these kinds of entry; what does not exist is ignored, and
    said."""
    kinds = set(what) or set(EVERYTHING)
    found = Asked()
    for facet in FACETS:
        if not kinds & set(facet.what):
            continue
        for written in dict.fromkeys(query.getlist(facet.name)):
            if not written:
                continue
            value = facet.read(known, written)
            if value is None:
                found.unknown.append((facet, written[:60]))
            else:
                found.values.setdefault(facet.name, []).append(value)
    return found


def offered(found: Found, asked: Asked, known: Known, what: Iterable[str]) -> list[Offered]:
    """The facets of these kinds of entry that tell hits apart, with the values that most have."""
    kinds = set(what) or set(EVERYTHING)
    made = []
    for facet in FACETS:
        if not kinds & set(facet.what):
            continue
        chosen = asked.values.get(facet.name, [])
        counts = found.wider.get(facet.name, found.counts)
        by_value = _counts_of(facet, counts, known)
        for value in chosen:
            by_value.setdefault(value, 0)
        if not by_value or (len(by_value) == 1 and not chosen):
            continue
        order = sorted(by_value.items(), key=lambda row: (-row[1], row[0]))
        kept = {value for value, _count in order[:MOST_SHOWN]} | set(chosen)
        choices = [
            Choice(facet.written(known, value), facet.called(known, value), count, value in chosen)
            for value, count in (sorted(order) if facet.in_order else order)
            if value in kept
        ]
        made.append(Offered(facet, choices, more=len(by_value) - len(choices)))
    return made


def _counts_of(facet: Facet, counts: Mapping[int, int], known: Known) -> dict[str, int]:
    found = {}
    for number, count in counts.items():
        family, value = known.values.get(number, ("", ""))
        if family == facet.family and facet.holds(known, value):
            found[value] = count
    return found
