"""From facts to the arrays of a segment. The same facts in any order give the same arrays."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from matching.engine import laying, meeting, numbering, quantise
from matching.engine.population import MAX_STATEMENTS, Population
from matching.engine.projects import Projects, involvement, read, tie_values, ties
from matching.engine.projects import Ties as JointWork
from matching.engine.segment import (
    BLOCK,
    HAS_PROJECTS,
    LISTED,
    Documents,
    Frame,
    Integers,
    Postings,
    Segment,
    Ties,
    frozen,
)
from matching.engine.types import (
    PERFECT,
    BuildError,
    Int64s,
    Participations,
    Places,
    Profile,
    RegionFit,
    RegionReasons,
    SegmentEdges,
    Statistics,
)

MAX_EDGE: Final = 255
HALF: Final = 31
"""Bits of a count that shares a number with another."""

MAX_REASON: Final = 1 << 31

DENSE_BITS: Final = 1 / 16
"""A key that a greater share of the documents holds has a bit of each: a list would be longer."""

DENSE_VALUES: Final = 1 / 8
"""The same of keys with values: a byte of each is longer than the list of less than a third of
them, but added up four to eight times as quickly."""


def statistics_of(
    profiles: Population | Iterable[Profile], participations: Participations
) -> Statistics:
    """Count what quantisation depends on: document frequencies, degrees, the newest project
    start."""
    population = columns(profiles)
    population.check()
    projects = read(participations)
    degrees = ties(projects).degrees
    rows = _Rows(population, np.unique(population.statement_concept))
    exchange, interests, _ = laying.frequencies(rows.ptr, rows.code, len(rows.concept_id))
    named = rows.concept_id.tolist()
    return Statistics(
        profiles=len(population),
        exchange=dict(zip(named, exchange.tolist(), strict=True)),
        interests=dict(zip(named, interests.tolist(), strict=True)),
        degrees=dict(zip(projects.partner_key.tolist(), degrees.tolist(), strict=True)),
        reference=projects.newest,
    )


def columns(profiles: Population | Iterable[Profile]) -> Population:
    return profiles if isinstance(profiles, Population) else Population.from_profiles(profiles)


def build_base(
    population: Population,
    participations: Participations,
    segment_edges: SegmentEdges,
    region_fit: RegionFit | RegionReasons,
    places: Places,
    statistics: Statistics | None,
) -> Segment:
    """Check, number, quantise and lay out everything; raises `BuildError` for facts out of
    range."""
    population.check()
    projects = read(participations)
    reference = projects.newest if statistics is None else statistics.reference
    worked = ties(projects)
    concept_id = numbering.distinct(
        population.statement_concept, chain.from_iterable(segment_edges)
    )
    rows = _Rows(population, concept_id)
    exchange, interests, most = laying.frequencies(rows.ptr, rows.code, len(concept_id))
    _check_most(most)
    profiles = len(population)
    if statistics is not None:
        profiles = statistics.profiles
        named = concept_id.tolist()
        exchange = np.array([statistics.exchange.get(c, 0) for c in named], dtype=np.int64)
        interests = np.array([statistics.interests.get(c, 0) for c in named], dtype=np.int64)
        degrees = np.array(
            [statistics.degrees.get(z, 0) for z in projects.partner_key.tolist()], dtype=np.int64
        )
    else:
        degrees = worked.degrees
    reasons_given = RegionReasons.of(region_fit)
    region_id = numbering.distinct(
        np.concatenate(
            [population.home[population.home > 0], reasons_given.region, reasons_given.other]
        ),
        (),
    )
    edges = _edges(segment_edges, {c: i for i, c in enumerate(concept_id.tolist())})
    fit_total, fit_key, fit_ptr, reasons = _region_fit(reasons_given, region_id)
    frame = Frame(
        concept_id=concept_id,
        exchange_idf=numbering.each(lambda df: quantise.idf(profiles, df), exchange),
        interest_idf=numbering.each(lambda df: quantise.idf(profiles, df), interests),
        edge_low=edges[:, 0].copy(),
        edge_high=edges[:, 1].copy(),
        edge_weight=edges[:, 2].copy(),
        country_code=numbering.countries(population),
        region_id=region_id,
        fit_total=fit_total,
        fit_key=numbering.small(fit_key),
        fit_ptr=numbering.small(fit_ptr),
        fit_reason=numbering.small(reasons[:, 0]),
        fit_mass=numbering.small(reasons[:, 1]),
        counted=np.array([profiles, reference], dtype=np.int64),
    )
    return _segment(
        rows,
        projects,
        worked,
        numbering.each(quantise.selectivity, degrees, np.uint16),
        places,
        frame,
    )


def build_delta(
    population: Population, participations: Participations, places: Places, base: Segment
) -> Segment:
    """A segment of organisations that joined or changed since `base` was built, quantised as it
    is. A concept or partner that the base lacks is as rare as can be. Raises `BuildError`."""
    population.check()
    frame = base.frame
    projects = read(participations)
    worked = ties(projects)
    edge_concepts = frame.concept_id[np.concatenate([frame.edge_low, frame.edge_high])]
    concept_id = numbering.distinct(population.statement_concept, edge_concepts.tolist())
    rows = _Rows(population, concept_id)
    _check_most(laying.frequencies(rows.ptr, rows.code, len(concept_id))[2])
    known = numbering.positions(frame.concept_id, concept_id)
    number = np.zeros(len(frame.concept_id), dtype=np.int32)
    number[known[known >= 0]] = np.flatnonzero(known >= 0)
    at = numbering.positions(base.ties.partner_key, projects.partner_key)
    region_id = numbering.distinct(population.home[population.home > 0], frame.region_id.tolist())
    region = np.searchsorted(region_id, frame.region_id)
    fit_total = np.zeros((len(region_id), len(region_id)), dtype=np.uint16)
    fit_total[np.ix_(region, region)] = frame.fit_total
    low, high = np.divmod(frame.fit_key.astype(np.int64), max(1, len(frame.region_id)))
    own = Frame(
        concept_id=concept_id,
        exchange_idf=numbering.or_else(frame.exchange_idf, known, quantise.IDF_MAX),
        interest_idf=numbering.or_else(frame.interest_idf, known, quantise.IDF_MAX),
        edge_low=number[frame.edge_low],
        edge_high=number[frame.edge_high],
        edge_weight=frame.edge_weight,
        country_code=numbering.countries(population),
        region_id=region_id,
        fit_total=fit_total,
        fit_key=region[low] * len(region_id) + region[high],
        fit_ptr=frame.fit_ptr,
        fit_reason=frame.fit_reason,
        fit_mass=frame.fit_mass,
        counted=frame.counted,
    )
    selectivity = numbering.or_else(base.ties.selectivity, at, quantise.SELECTIVITY_MAX)
    return _segment(rows, projects, worked, selectivity, places, own)


class _Rows:
    """A population in the order of its documents, with its statements by document."""

    def __init__(self, population: Population, concept_id: Int64s) -> None:
        order = np.argsort(population.id, kind="stable")
        if not numbering.ascends(population.home[order]):
            order = order[np.argsort(numbering.narrow(population.home[order]), kind="stable")]
        self.population = population
        self.order = order
        self.concept_id = concept_id
        self.id = population.id[order]
        if len(concept_id) > laying.MAX_CONCEPTS:
            raise BuildError(f"{len(concept_id)} concepts are more than {laying.MAX_CONCEPTS}")
        organisation, document = numbering.lookup(self.id, population.statement_organisation)
        concept, number = numbering.lookup(concept_id, population.statement_concept)
        self.ptr, self.code, unknown = laying.rows_by_document(
            organisation,
            document,
            population.statement_field,
            concept,
            number,
            population.statement_weight,
            len(order),
            len(concept_id),
        )
        if unknown >= 0:
            named = population.statement_organisation[unknown]
            raise BuildError(f"a statement of organisation {named}, which is not there")


def _segment(
    rows: _Rows,
    projects: Projects,
    worked: JointWork,
    selectivity: Integers,
    places: Places,
    frame: Frame,
) -> Segment:
    population, order = rows.population, rows.order
    idf = frame.exchange_idf, frame.interest_idf
    needs, flags = laying.totals(rows.ptr, rows.code, frame.exchange_idf)
    postings = _postings(rows, needs, *idf)
    home = numbering.placed(frame.region_id, population.home[order])
    country = numbering.placed(frame.country_code, population.country[order])
    joint = _ties(rows.id, projects, worked, selectivity)
    count, recent = _involved(rows, projects, joint, home, country, places, frame)
    flags |= np.where(population.listed[order], LISTED, 0).astype(np.uint8)
    flags |= np.where(count > 0, HAS_PROJECTS, 0).astype(np.uint8)
    total = np.uint16 if needs.max(initial=0) < 1 << 16 else np.uint32
    ids = np.uint32 if rows.id.max(initial=0) < 1 << 32 else np.int64
    level = numbering.each(quantise.experience_level, recent)
    documents = Documents(
        id=rows.id.astype(ids),
        home=home,
        country=country,
        kind=population.kind[order].astype(np.uint8),
        flags=flags,
        level=level,
        familiarity=numbering.each(
            lambda pair: quantise.familiarity(pair >> HALF, pair & ((1 << HALF) - 1)),
            (joint.ptr[1:].astype(np.int64) - joint.ptr[:-1]) * (1 << HALF) + count,
        ),
        needs_total=needs.astype(total),
        block_level=np.maximum.reduceat(level, np.arange(0, len(level), BLOCK))
        if len(level)
        else level,
    )
    return Segment(
        Documents(*map(frozen, documents)),
        Postings(*map(frozen, postings)),
        Ties(*map(frozen, joint._replace(recent=numbering.small(recent)))),
        Frame(*map(frozen, frame)),
    )


def _postings(
    rows: _Rows, needs: Int64s, exchange_idf: Integers, interest_idf: Integers
) -> Postings:
    number, concept, field, frequency = laying.keys_of(rows.code, len(rows.concept_id))
    padded = -(-len(rows.id) // BLOCK) * BLOCK
    dense, counts = laying.rows_of(
        field, frequency, int(DENSE_VALUES * padded), int(DENSE_BITS * padded)
    )
    start, local, value, values, bits = laying.postings(
        rows.ptr,
        rows.code,
        number,
        field,
        frequency,
        dense,
        counts,
        needs,
        exchange_idf,
        interest_idf,
    )
    return Postings(concept, field, start, local, value, dense, values, bits)


def _ties(
    document_id: Int64s, projects: Projects, worked: JointWork, selectivity: Integers
) -> Ties:
    by_id = np.argsort(document_id, kind="stable")
    at = numbering.positions(document_id[by_id], projects.partner_key)
    partner_document = np.full(len(at), -1, dtype=np.int32)
    partner_document[at >= 0] = by_id[at[at >= 0]]
    partner_of = np.full(len(document_id), -1, dtype=np.int32)
    inside = np.flatnonzero(at >= 0)
    partner_of[partner_document[inside]] = inside
    ptr, key, joint, last = meeting.rows_of_documents(
        worked.ptr, worked.partner, worked.projects, worked.last, partner_of
    )
    value = tie_values(joint)
    tied_ptr, tied_document, tied_value = meeting.turned(ptr, key, value, len(projects.partner_key))
    return Ties(
        recent=np.zeros(0, dtype=np.int64),
        ptr=numbering.small(ptr),
        key=key,
        value=value,
        projects=numbering.small(joint),
        last=last,
        partner_key=projects.partner_key,
        partner_document=partner_document,
        selectivity=selectivity,
        tied_ptr=tied_ptr,
        tied_document=tied_document,
        tied_value=tied_value,
    )


def _involved(
    rows: _Rows,
    projects: Projects,
    joint: Ties,
    home: Integers,
    country: Integers,
    places: Places,
    frame: Frame,
) -> tuple[Int64s, Int64s]:
    """Per document: how many projects it has, and how many of them are recent and
    interregional."""
    count = np.zeros(len(rows.id), dtype=np.int64)
    recent = count.copy()
    if not len(projects.partner_key):
        return count, recent
    inside = joint.partner_document >= 0
    document = joint.partner_document[inside]
    codes = []
    for which, own in enumerate((home, country)):
        known = (frame.region_id if which == 0 else frame.country_code).tolist()
        number: dict[Any, int] = {one: i + 1 for i, one in enumerate(known)}
        code = np.zeros(len(inside), dtype=np.int64)
        code[inside] = own[document]
        for at in np.flatnonzero(~inside).tolist():
            place = places.get(int(projects.partner_key[at]), (None, None))[which]
            if place is not None:
                code[at] = number.setdefault(place, len(number) + 1)
        codes.append(code - 1)
    everything, experienced = involvement(projects, codes[0], codes[1], frame.reference)
    count[document] = everything[inside]
    recent[document] = experienced[inside]
    return count, recent


def _check_most(most: Int64s) -> None:
    if most[0] > MAX_STATEMENTS:
        raise BuildError(f"an organisation has {most[0]} statements of one field")


def _edges(segment_edges: SegmentEdges, number: Mapping[int, int]) -> NDArray[np.int32]:
    """Rows (lower segment, higher segment, weight), sorted; a pair may be given in one order or,
    equally, in both."""
    found: dict[tuple[int, int], int] = {}
    for (s, t), weight in segment_edges.items():
        pair = (s, t) if s < t else (t, s)
        if s == t or not 1 <= weight <= MAX_EDGE or found.setdefault(pair, weight) != weight:
            raise BuildError(f"edge of segments {s} and {t} with weight {weight!r}")
    rows = [(number[s], number[t], weight) for (s, t), weight in sorted(found.items())]
    return np.array(rows, dtype=np.int32).reshape(-1, 3)


def _region_fit(
    reasons: RegionReasons, region_id: Int64s
) -> tuple[NDArray[np.uint16], Int64s, Int64s, Int64s]:
    """The mass of every pair of regions; the sorted keys of the pairs that have reasons, where
    their reasons start, and (reason, mass) of each."""
    regions = len(region_id)
    ends = np.sort(np.stack([reasons.region, reasons.other]), axis=0)
    low, high = (numbering.positions(region_id, end).astype(np.int64) for end in ends)
    key = low * regions + high
    order = np.lexsort((reasons.reason, key))
    key, reason, mass = key[order], reasons.reason[order], reasons.mass[order]

    def refuse(wrong: NDArray[np.bool_], what: str) -> None:
        if wrong.any():
            r, s = ends[:, order[int(np.argmax(wrong))]].tolist()
            raise BuildError(f"regions {r} and {s}: {what}")

    refuse((reason < 0) | (reason >= MAX_REASON), f"a reason is not from 0 to {MAX_REASON - 1}")
    refuse((mass < 0) | (mass > PERFECT), f"a mass is not from 0 to {PERFECT}")
    refuse(ends[0][order] <= 0, "a home region is a number above 0")
    again = np.zeros(len(key), dtype=np.bool_)
    again[1:] = (key[1:] == key[:-1]) & (reason[1:] == reason[:-1])
    refuse(again, "a reason is given twice")
    whole = np.bincount(key, weights=mass, minlength=regions * regions).astype(np.int64)
    refuse(whole[key] > PERFECT, f"the masses are more than {PERFECT} in all")
    total = whole.reshape(regions, regions).astype(np.uint16)
    some = mass > 0
    keys, start = np.unique(key[some], return_index=True)
    ptr = np.append(start, int(some.sum())).astype(np.int64)
    return total | total.T, keys, ptr, np.stack([reason[some], mass[some]], axis=1)
