"""From facts to the arrays of an index. The same facts in any order give the same arrays."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

import numpy as np

from matching.engine import quantise
from matching.engine.arrays import Arrays, Integers, Table
from matching.engine.projects import Projects, Ties, involvement, read, ties
from matching.engine.types import (
    PERFECT,
    BuildError,
    Int64s,
    Participations,
    Places,
    Profile,
    RegionFit,
    SegmentEdges,
    Statistics,
)

MAX_CONCEPTS: Final = 4096
"""Statements of one role one organisation may have."""

MAX_EDGE: Final = 255
MAX_REASON: Final = 1 << 31
MAX_EXPERIENCE: Final = (1 << 20) - 1


def statistics_of(profiles: Iterable[Profile], participations: Participations) -> Statistics:
    """Count what quantisation depends on: document frequencies, degrees, the newest project
    start."""
    everyone = list(profiles)
    projects = read(participations)
    return _statistics(everyone, projects, ties(projects, projects.newest))


def _statistics(profiles: list[Profile], projects: Projects, worked: Ties) -> Statistics:
    exchange: dict[int, int] = {}
    interests: dict[int, int] = {}
    for profile in profiles:
        for concept in profile.needs.keys() | profile.offers.keys():
            exchange[concept] = exchange.get(concept, 0) + 1
        for concept in profile.interests:
            interests[concept] = interests.get(concept, 0) + 1
    degrees = worked.degrees(len(projects.partner_key))
    return Statistics(
        profiles=len(profiles),
        exchange=exchange,
        interests=interests,
        degrees=dict(zip(projects.partner_key.tolist(), degrees.tolist(), strict=True)),
        reference=projects.newest,
    )


def build_arrays(
    profiles: Iterable[Profile],
    participations: Participations,
    segment_edges: SegmentEdges,
    region_fit: RegionFit,
    places: Places,
    statistics: Statistics | None,
) -> Arrays:
    """Check, number, quantise and lay out everything; raises `BuildError` for facts out of
    range."""
    everyone = sorted(profiles, key=lambda p: (-1 if p.home is None else p.home, p.id))
    check(everyone)
    projects = read(participations)
    if statistics is None:
        reference = projects.newest
        worked = ties(projects, reference)
        statistics = _statistics(everyone, projects, worked)
    else:
        worked = ties(projects, statistics.reference)

    region_id = _sorted(
        chain((p.home for p in everyone if p.home is not None), chain.from_iterable(region_fit))
    )
    countries = sorted({p.country for p in everyone if p.country is not None})
    roles = ("needs", "offers", "interests", "segments")
    concept_id = _sorted(
        chain(
            (c for p in everyone for role in roles for c in getattr(p, role)),
            chain.from_iterable(segment_edges),
        )
    )
    concept_number = {c: i for i, c in enumerate(concept_id.tolist())}
    country_number = {c: i for i, c in enumerate(countries)}
    region_number = {r: i for i, r in enumerate(region_id.tolist())}

    exchange_idf = _idf(concept_id, statistics.exchange, statistics.profiles)
    interest_idf = _idf(concept_id, statistics.interests, statistics.profiles)
    height = len(everyone)
    needs, needed = _fields([p.needs for p in everyone], concept_number, exchange_idf)
    offers, offered = _fields([p.offers for p in everyone], concept_number, None)
    interests, interested = _fields([p.interests for p in everyone], concept_number, interest_idf)
    segments, held = _fields([p.segments for p in everyone], concept_number, None)

    all_places: dict[int, tuple[int | None, str | None]] = dict(places)
    all_places.update((p.id, (p.home, p.country)) for p in everyone)
    count, experienced = involvement(projects, all_places, statistics.reference)
    if experienced.max(initial=0) > MAX_EXPERIENCE:
        raise BuildError(f"more than {MAX_EXPERIENCE} projects of one organisation")
    document_id = np.array([p.id for p in everyone], dtype=np.int64)
    partner_document, document_partner = _cross(projects.partner_key, document_id)
    partners = len(projects.partner_key)
    ours = partner_document[worked.left] >= 0
    rows = partner_document[worked.left[ours]]
    order = np.lexsort((worked.right[ours], rows))
    selectivity = np.array(
        [quantise.selectivity(statistics.degrees.get(z, 0)) for z in projects.partner_key.tolist()],
        dtype=np.uint8,
    )
    edges = _edges(segment_edges, concept_number)
    fit_total, fit_key, fit = _region_fit(region_fit, region_number)
    return Arrays(
        document_id=document_id,
        document_home=_numbers((p.home for p in everyone), region_number),
        document_country=_numbers((p.country for p in everyone), country_number),
        document_projects=_at(count, document_partner),
        document_experience=_at(experienced, document_partner),
        document_partner=document_partner,
        region_id=region_id,
        country_code=np.array(countries, dtype=np.str_) if countries else np.array([], dtype="<U1"),
        concept_id=concept_id,
        needs=needs,
        offers=offers,
        interests=interests,
        segments=segments,
        needed=needed,
        offered=offered,
        interested=interested,
        held=held,
        edge_low=edges[:, 0].copy(),
        edge_high=edges[:, 1].copy(),
        edge_weight=edges[:, 2].copy(),
        partner_key=projects.partner_key,
        partner_selectivity=selectivity,
        partner_document=partner_document,
        ties=Table.of(rows, worked.right[ours], worked.value[ours], height),
        tied=Table.of(worked.right[ours], rows, worked.value[ours], partners),
        ties_projects=worked.projects[ours][order],
        ties_last=worked.last[ours][order],
        fit_total=fit_total,
        fit_key=fit_key,
        fit=fit,
    )


def check(profiles: list[Profile]) -> None:
    """Refuse repeated or non-positive ids, weights outside 1 to 3, and more than 4,096 statements
    of a role."""
    seen: set[int] = set()
    for profile in profiles:
        if profile.id in seen or profile.id <= 0:
            raise BuildError(f"organisation id {profile.id} is repeated or not above 0")
        seen.add(profile.id)
        if profile.home is not None and profile.home <= 0:
            raise BuildError(
                f"organisation {profile.id}: home region {profile.home} is not above 0"
            )
        for role in ("needs", "offers", "interests", "segments"):
            statements: Mapping[int, int] = getattr(profile, role)
            if len(statements) > MAX_CONCEPTS:
                raise BuildError(f"organisation {profile.id} has {len(statements)} {role}")
            for concept, weight in statements.items():
                if weight not in (1, 2, 3):
                    raise BuildError(
                        f"organisation {profile.id}, {role}, concept {concept}: weight {weight!r}"
                    )


def _sorted(values: Iterable[int]) -> Int64s:
    return np.array(sorted(set(values)), dtype=np.int64)


def _numbers(values: Iterable[int | str | None], number: Mapping[Any, int]) -> Integers:
    return np.array([-1 if v is None else number[v] for v in values], dtype=np.int32)


def _at(values: Int64s, where: Integers) -> Integers:
    """The values at some positions, 0 where the position is -1."""
    found = np.zeros(len(where), dtype=np.int32)
    found[where >= 0] = values[where[where >= 0]]
    return found


def _idf(concept_id: Int64s, frequency: Mapping[int, int], profiles: int) -> Int64s:
    return np.array(
        [quantise.idf(profiles, frequency.get(c, 0)) for c in concept_id.tolist()], dtype=np.int64
    )


def _fields(
    statements: list[Mapping[int, int]], number: Mapping[int, int], idf: Int64s | None
) -> tuple[Table, Table]:
    """One role of all documents, by document and by concept; values are weight × idf, or the weight
    without idf."""
    lengths = [len(s) for s in statements]
    rows = np.repeat(np.arange(len(statements), dtype=np.int64), lengths)
    keys = np.array([number[c] for s in statements for c in s], dtype=np.int64)
    values = np.array([w for s in statements for w in s.values()], dtype=np.int64)
    if idf is not None and len(keys):
        values = values * idf[keys]
    values = values.astype(np.uint8)
    return (
        Table.of(rows, keys, values, len(statements)),
        Table.of(keys, rows, values, len(number)),
    )


def _cross(partner_key: Int64s, document_id: Int64s) -> tuple[Integers, Integers]:
    """Partner number → document or -1, and document → partner number or -1."""
    document_of = {key: i for i, key in enumerate(document_id.tolist())}
    partner_document = np.array(
        [document_of.get(key, -1) for key in partner_key.tolist()], dtype=np.int32
    )
    document_partner = np.full(len(document_id), -1, dtype=np.int32)
    ours = np.flatnonzero(partner_document >= 0)
    document_partner[partner_document[ours]] = ours
    return partner_document, document_partner


def _edges(segment_edges: SegmentEdges, number: Mapping[int, int]) -> Integers:
    """Rows (lower segment, higher segment, weight), sorted; a pair may be given in one order or,
    equally, in both."""
    found: dict[tuple[int, int], int] = {}
    for (s, t), weight in segment_edges.items():
        pair = (min(s, t), max(s, t))
        if s == t or not 1 <= weight <= MAX_EDGE or found.setdefault(pair, weight) != weight:
            raise BuildError(f"edge of segments {s} and {t} with weight {weight!r}")
    rows = [(number[s], number[t], weight) for (s, t), weight in sorted(found.items())]
    return np.array(rows, dtype=np.int32).reshape(-1, 3)


def _region_fit(
    region_fit: RegionFit, number: Mapping[int, int]
) -> tuple[Integers, Integers, Table]:
    """The mass of every pair of regions, the sorted keys of the pairs that have reasons, and those
    reasons."""
    regions = len(number)
    total = np.zeros((regions, regions), dtype=np.int32)
    found: dict[int, dict[int, int]] = {}
    for (r, s), given in region_fit.items():
        low, high = sorted((number[r], number[s]))
        reasons = dict(given)
        mass = sum(reasons.values())
        if any(not 0 <= reason < MAX_REASON for reason in reasons):
            raise BuildError(f"regions {r} and {s}: a reason is not between 0 and {MAX_REASON - 1}")
        if len(reasons) < len(given) or min(reasons.values(), default=0) < 0 or mass > PERFECT:
            raise BuildError(
                f"regions {r} and {s}: reasons repeat, or masses are not 0 to {PERFECT} in all"
            )
        if found.setdefault(low * regions + high, reasons) != reasons:
            raise BuildError(f"regions {r} and {s} are given twice, differently")
        total[low, high] = total[high, low] = mass
    keys = sorted(key for key, reasons in found.items() if any(reasons.values()))
    items = [
        (row, reason, mass)
        for row, key in enumerate(keys)
        for reason, mass in found[key].items()
        if mass
    ]
    table = np.array(items, dtype=np.int64).reshape(-1, 3)
    reasons_of = Table.of(table[:, 0], table[:, 1], table[:, 2], len(keys))
    return total, np.array(keys, dtype=np.int64), reasons_of
