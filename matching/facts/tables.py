"""What matching reads of each table: one definition, for the whole of it and for a few rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from initiatives.models import Initiative
from matching.engine.population import INTERESTS, NEEDS, OFFERS, SEGMENTS, Population
from matching.engine.quantise import STRENGTH_UNIT, strength
from matching.engine.types import Int64s, Participations, Places
from matching.facts.copying import Cursor, columns, pages
from organisations.models import Organisation, Statement

VALUE_CHAIN_SCHEME: Final = "hydrogen-value-chain"
"""The vocabulary whose concepts, where offered, are the segments an organisation holds."""

FIELDS: Final[Mapping[str, int]] = {
    Statement.Role.NEEDS: NEEDS,
    Statement.Role.OFFERS: OFFERS,
    Statement.Role.INTERESTED: INTERESTS,
}

INDEXED: Final = (Organisation.Status.VERIFIED, Organisation.Status.PENDING)
"""Who is in the index: a pending organisation may ask, and is suggested to nobody."""

KINDS: Final[Mapping[str, int]] = {
    kind: number for number, kind in enumerate(Organisation.Kind.values, start=1)
}
"""The engine's number of each kind of organisation."""


@dataclass(frozen=True)
class Some:
    """The rows to read: of all organisations, or of these."""

    organisations: tuple[int, ...] | None = None

    def parts(
        self, cursor: Cursor, table: str, condition: str
    ) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """FROM clauses with their parameters that together give every row asked for once.

        ``condition`` holds one ``%s`` for the list of organisations.
        """
        if self.organisations is None:
            for page in pages(cursor, table):
                yield f"{table} WHERE {page}", ()
        else:
            yield f"{table} WHERE {condition}", (list(self.organisations),)


def _choice(column: str, numbers: Mapping[str, int]) -> str:
    whens = " ".join(f"WHEN '{value}' THEN {number}" for value, number in numbers.items())
    return f"CASE {column} {whens} ELSE 0 END"


COUNTRY: Final = "coalesce(ascii(country_id) * 256 + ascii(substr(country_id, 2, 1)), 0)"
"""The two letters of a country in one number."""


def country_codes(numbers: Int64s) -> "np.ndarray[Any, np.dtype[np.str_]]":
    """The codes of countries, from the numbers that stand for them in a COPY."""
    distinct, inverse = np.unique(numbers, return_inverse=True)
    letters = ["" if n == 0 else chr(n >> 8) + chr(n & 255) for n in distinct.tolist()]
    return np.array(letters, dtype="<U2")[inverse]


def _together(parts: list[list[Int64s]], width: int) -> list[Int64s]:
    """The columns of all parts, joined one after the other so that each part is freed in turn."""
    return [
        np.concatenate([part[column] for part in parts]) if parts else np.zeros(0, np.int64)
        for column in range(width)
    ]


def seats(cursor: Cursor, some: Some, among: Collection[str] = INDEXED) -> list[Int64s]:
    """Id, home region (0 unknown), country, kind and whether it is verified, of every
    organisation in one of these statuses."""
    statuses = ", ".join(f"'{status}'" for status in among)
    expressions = (
        "id",
        "coalesce(home_region_id, 0)",
        COUNTRY,
        _choice("kind", KINDS),
        f"CASE status WHEN '{Organisation.Status.VERIFIED}' THEN 1 ELSE 0 END",
    )
    parts = some.parts(cursor, "organisations_organisation", "id = ANY(%s)")
    return _together(
        [
            columns(cursor, expressions, f"{source} AND status IN ({statuses})", params)
            for source, params in parts
        ],
        len(expressions),
    )


SHOWN_BY: Final = f"""CASE WHEN origin = '{Statement.Origin.DEMONSTRATED}' AND role =
    '{Statement.Role.INTERESTED}' THEN least(1023, (SELECT count(*)
    FROM initiatives_statementevidence e WHERE e.statement_id = organisations_statement.id))
    ELSE 0 END"""
"""How many projects show an interest, at most 1,023, from where on it is as strong as can be; 0 for
what is declared."""

STRENGTH: Final = np.array(
    [[strength(n) if n else STRENGTH_UNIT * weight for n in range(1024)] for weight in range(4)],
    dtype=np.uint8,
)
"""The strength of an interest by its weight and the number of projects that show it."""


def population(
    cursor: Cursor, some: Some, *, today: date, among: Collection[str] = INDEXED
) -> Population:
    """Every organisation in one of these statuses with its valid statements, declared and
    demonstrated alike.

    An interest is as strong as the number of projects that show it, or as its declared weight. A
    concept that is both declared and demonstrated is there twice; the greater weight holds.
    """
    ids, home, country, kind, listed = seats(cursor, some, among)
    (chain,) = columns(
        cursor,
        ("c.id",),
        "regions_concept c JOIN regions_vocabulary v ON v.id = c.vocabulary_id WHERE v.scheme = %s",
        (VALUE_CHAIN_SCHEME,),
    )
    # concept, projects, field and weight in one number: two arrays are a third less to send than
    # five
    packed = f"(concept_id << 14) | ({SHOWN_BY} << 4) | ({_choice('role', FIELDS)} << 2) | weight"
    owner: list[Int64s] = []
    field: list[np.ndarray[Any, np.dtype[np.uint8]]] = []
    concept: list[Int64s] = []
    weight: list[np.ndarray[Any, np.dtype[np.uint8]]] = []
    for source, params in some.parts(
        cursor, "organisations_statement", "organisation_id = ANY(%s)"
    ):
        valid = f"{source} AND (valid_until IS NULL OR valid_until >= %s)"
        organisation, statement = columns(
            cursor, ("organisation_id", packed), valid, (*params, today)
        )
        known = np.isin(organisation, ids)
        organisation, statement = organisation[known], statement[known]
        segment = ((statement >> 2 & 3) == OFFERS) & np.isin(statement >> 14, chain)
        interest = (statement >> 2 & 3) == INTERESTS
        stated = np.where(interest, STRENGTH[statement & 3, statement >> 4 & 1023], statement & 3)
        owner += [organisation, organisation[segment]]
        field += [
            (statement >> 2 & 3).astype(np.uint8),
            np.full(int(segment.sum()), SEGMENTS, np.uint8),
        ]
        concept += [statement >> 14, statement[segment] >> 14]
        weight += [stated.astype(np.uint8), (statement[segment] & 3).astype(np.uint8)]
    return Population(
        id=ids,
        home=home,
        country=country_codes(country),
        kind=kind,
        listed=listed.astype(np.bool_),
        statement_organisation=np.concatenate(owner),
        statement_field=np.concatenate(field),
        statement_concept=np.concatenate(concept),
        statement_weight=np.concatenate(weight),
    )


OF_THEIR_PROJECTS: Final = (
    "initiative_id IN (SELECT initiative_id FROM initiatives_participation"
    " WHERE organisation_id = ANY(%s))"
)
"""All rows of all projects in which one of these organisations takes part."""

PARTICIPANT: Final = "coalesce(organisation_id, -nullif(pic, '')::bigint)"
"""The engine's number of a participant: the organisation's id, or the negative PIC of one that has
no profile here."""


def participations(cursor: Cursor, some: Some) -> Participations:
    """Who took part in which project.

    A participant known by its name alone is left out: a name is no identity.
    """
    named = "(organisation_id IS NOT NULL OR pic <> '')"
    project, partner = _together(
        [
            columns(cursor, ("initiative_id", PARTICIPANT), f"{source} AND {named}", params)
            for source, params in some.parts(cursor, "initiatives_participation", OF_THEIR_PROJECTS)
        ],
        2,
    )
    kind = f"kind = '{Initiative.Kind.PROJECT}'"
    start = "coalesce(start_date - DATE '0001-01-01' + 1, 0)"
    if some.organisations is None:
        sources = list(some.parts(cursor, "initiatives_initiative", ""))
    else:
        sources = [("initiatives_initiative WHERE id = ANY(%s)", (np.unique(project).tolist(),))]
    ids, starts = _together(
        [
            columns(cursor, ("id", start), f"{source} AND {kind}", params)
            for source, params in sources
        ],
        2,
    )
    order = np.argsort(ids)
    ids, starts = ids[order], starts[order]
    at = np.searchsorted(ids, project)
    at[at == len(ids)] = 0
    counts = ids[at] == project if len(ids) else np.zeros(len(project), np.bool_)
    return Participations(project[counts], partner[counts], starts[at[counts]])


PLACES: Final = """
    SELECT DISTINCT ON (key) key, home, country FROM (
        SELECT -p.pic::bigint AS key, NULL::bigint AS home, p.country_id AS country, p.id
        FROM initiatives_participation p
        WHERE p.organisation_id IS NULL AND p.pic <> '' AND p.pic {among}
        UNION ALL
        SELECT o.id, o.home_region_id,
               CASE WHEN o.status IN ({indexed}) THEN o.country_id
                    ELSE coalesce(o.country_id, p.country_id) END, p.id
        FROM organisations_organisation o
        JOIN initiatives_participation p ON p.organisation_id = o.id
        WHERE o.id {organisations}
    ) outside
    ORDER BY key, country IS NULL, id DESC
"""


def places(cursor: Cursor, some: Some) -> Places:
    """Where participants are at home, as their newest participation that names a country says.

    Of a build, those that are not indexed: a population tells of all others. Of some
    organisations, everybody in any of their projects.
    """
    indexed = ", ".join(f"'{status}'" for status in INDEXED)
    if some.organisations is None:
        everybody, others = "IS NOT NULL", f"> 0 AND o.status NOT IN ({indexed})"
        cursor.execute(PLACES.format(among=everybody, organisations=others, indexed=indexed))
    else:
        among = f"IN (SELECT {{}} FROM initiatives_participation WHERE {OF_THEIR_PROJECTS})"
        pics, organisations = among.format("pic"), among.format("organisation_id")
        cursor.execute(
            PLACES.format(among=pics, organisations=organisations, indexed=indexed),
            [list(some.organisations)] * 2,
        )
    return {key: (home, country) for key, home, country in cursor.fetchall()}


def some(organisations: Collection[int]) -> Some:
    """These organisations, in a fixed order."""
    return Some(tuple(sorted(organisations)))


ALL: Final = Some()
