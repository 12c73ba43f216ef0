"""One organisation's facts as a question or an explanation needs them, in identifiers of the
caller: independent of the segment it is in."""

from collections.abc import Mapping, Set
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.asking import Coding, Reasons, Tied
from matching.engine.handles import Source, source_of
from matching.engine.laying import INTEREST_VALUE
from matching.engine.numbering import pointers
from matching.engine.quantise import IDF_MAX, SELECTIVITY_MAX
from matching.engine.reading import document_of, documents_of, statements_of
from matching.engine.segment import (
    HAS_PROJECTS,
    HELD,
    INTERESTED,
    NEEDED,
    OFFERED,
    Integers,
    Segment,
    frozen,
)
from matching.engine.types import Int64s, Profile

NOBODY: Int64s = np.zeros(0, dtype=np.int64)

VALUE_OF_INTEREST: Final[list[list[int]]] = INTEREST_VALUE.tolist()
"""As Python integers: quicker one by one."""


class Record(NamedTuple):
    """What an organisation did: `partners` are the identifiers of those it worked with, ascending,
    `ties` how closely; `level` is its experience."""

    has_projects: bool = False
    level: int = 0
    partners: Int64s = NOBODY
    ties: Int64s = NOBODY


NO_RECORD: Final = Record()


class Side(NamedTuple):
    """`needs` and `interests` map a concept to its value."""

    id: int
    home: int | None
    country: str | None
    needs: Mapping[int, int]
    offers: Set[int]
    interests: Mapping[int, int]
    segments: Set[int]
    record: Record

    @property
    def needs_total(self) -> int:
        return sum(self.needs.values())


class Lookup:
    """A segment with the ways from identifiers to its numbers."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def __len__(self) -> int:
        return len(self.segment)

    @cached_property
    def source(self) -> Source:
        """What the compiled search reads of the segment."""
        segment, frame, ties = self.segment, self.segment.frame, self.segment.ties
        ends = np.concatenate([frame.edge_low, frame.edge_high])
        order = np.argsort(ends, kind="stable")
        why = (frame.fit_key, frame.fit_ptr, frame.fit_reason, frame.fit_mass)
        return source_of(
            segment.documents,
            self.home_start,
            segment.postings,
            Tied(
                ties.partner_key,
                ties.partner_document,
                ties.selectivity,
                ties.tied_ptr,
                ties.tied_document,
                ties.tied_value,
            ),
            Coding(
                frame.concept_id,
                frame.exchange_idf,
                frame.edge_low,
                frame.edge_high,
                frame.edge_weight,
                pointers(ends, len(frame.concept_id)),
                order % max(1, len(frame.edge_low)),
            ),
            # in one type for the compiled code
            Reasons(len(frame.region_id), *(frozen(part.astype(np.int64)) for part in why)),
        )

    @cached_property
    def region_number(self) -> dict[int, int]:
        return {r: i for i, r in enumerate(self.segment.frame.region_id.tolist())}

    @cached_property
    def country_number(self) -> dict[str, int]:
        return {c: i for i, c in enumerate(self.segment.frame.country_code.tolist())}

    @cached_property
    def home_start(self) -> Int64s:
        """Where the documents of each home start."""
        homes = np.arange(len(self.segment.frame.region_id) + 2)
        return np.searchsorted(self.segment.documents.home, homes).astype(np.int64)

    @cached_property
    def everywhere(self) -> NDArray[np.bool_]:
        """All homes, the unknown one first."""
        return np.ones(len(self.region_number) + 1, dtype=np.bool_)

    @cached_property
    def every_country(self) -> NDArray[np.bool_]:
        return np.ones(len(self.country_number) + 1, dtype=np.bool_)

    def document(self, organisation: int) -> int:
        """The number of an organisation's document, -1 if it has none here."""
        return int(document_of(self.segment.documents.id, self.home_start, organisation, 0))

    def documents_of(self, organisations: Integers) -> NDArray[np.int32]:
        """The documents of those organisations that are here, ascending."""
        return documents_of(self.segment.documents.id, self.home_start, organisations)

    @cached_property
    def exchange_idf(self) -> dict[int, int]:
        """By concept."""
        frame = self.segment.frame
        return dict(zip(frame.concept_id.tolist(), frame.exchange_idf.tolist(), strict=True))

    @cached_property
    def interest_idf(self) -> dict[int, int]:
        frame = self.segment.frame
        return dict(zip(frame.concept_id.tolist(), frame.interest_idf.tolist(), strict=True))

    def exchange_values(self, weights: Mapping[int, int]) -> dict[int, int]:
        """The value of each need, by its weight."""
        idf = self.exchange_idf.get
        return {c: w * idf(c, IDF_MAX) for c, w in weights.items()}

    def interest_values(self, strengths: Mapping[int, int]) -> dict[int, int]:
        """The value of each interest, by its strength."""
        idf = self.interest_idf.get
        return {c: VALUE_OF_INTEREST[s][idf(c, IDF_MAX)] for c, s in strengths.items()}

    @cached_property
    def edges(self) -> list[tuple[int, int, int]]:
        """The neighbouring segments of the value chain: (lower, higher, weight), ascending."""
        frame = self.segment.frame
        low, high = frame.concept_id[frame.edge_low], frame.concept_id[frame.edge_high]
        return list(zip(low.tolist(), high.tolist(), frame.edge_weight.tolist(), strict=True))

    def reasons(self, home: int, other: int) -> list[tuple[int, int]]:
        """Why two home regions fit: (reason, mass), ascending by reason."""
        frame = self.segment.frame
        low, high = sorted((self.region_number.get(home, -1), self.region_number.get(other, -1)))
        key = low * len(frame.region_id) + high
        at = int(np.searchsorted(frame.fit_key, key))
        if low < 0 or at == len(frame.fit_key) or frame.fit_key[at] != key:
            return []
        row = slice(int(frame.fit_ptr[at]), int(frame.fit_ptr[at + 1]))
        return list(zip(frame.fit_reason[row].tolist(), frame.fit_mass[row].tolist(), strict=True))

    def partner_numbers(self, partners: Int64s) -> tuple[Int64s, NDArray[np.bool_]]:
        """Which of some partners are known here, and their numbers."""
        keys = self.segment.ties.partner_key
        if not len(keys) or not len(partners):
            return NOBODY, np.zeros(len(partners), dtype=np.bool_)
        at = np.minimum(np.searchsorted(keys, partners), len(keys) - 1)
        known = keys[at] == partners
        return at[known].astype(np.int64), known

    def selectivity_of(self, partners: Int64s) -> Int64s:
        """How telling each partner is."""
        answer = np.full(len(partners), SELECTIVITY_MAX, dtype=np.int64)
        numbers, known = self.partner_numbers(partners)
        answer[known] = self.segment.ties.selectivity[numbers]
        return answer

    def side(self, document: int) -> Side:
        """What a document holds, read back from the postings."""
        segment, documents = self.segment, self.segment.documents
        frame = segment.frame
        key, weight = statements_of(document, segment.postings)
        concepts = frame.concept_id[segment.postings.concept[key]].tolist()
        field = np.searchsorted(segment.postings.field, key, side="right") - 1
        held: list[dict[int, int]] = [{}, {}, {}, {}]
        for f, concept, amount in zip(field.tolist(), concepts, weight.tolist(), strict=True):
            held[f][concept] = amount
        home, country = int(documents.home[document]), int(documents.country[document])
        return Side(
            id=int(documents.id[document]),
            home=int(frame.region_id[home - 1]) if home else None,
            country=str(frame.country_code[country - 1]) if country else None,
            needs=self.exchange_values(held[NEEDED]),
            offers=frozenset(held[OFFERED]),
            interests=held[INTERESTED],
            segments=frozenset(held[HELD]),
            record=self.record(document),
        )

    def record(self, document: int) -> Record:
        """What a document's organisation did."""
        documents, ties = self.segment.documents, self.segment.ties
        row = slice(int(ties.ptr[document]), int(ties.ptr[document + 1]))
        return Record(
            has_projects=bool(documents.flags[document] & HAS_PROJECTS),
            level=int(documents.level[document]),
            partners=ties.partner_key[ties.key[row]],
            ties=ties.value[row].astype(np.int64),
        )

    def side_of_profile(self, profile: Profile, record: Record) -> Side:
        """A profile as it stands now, with its record."""
        return Side(
            id=profile.id,
            home=profile.home,
            country=profile.country,
            needs=self.exchange_values(profile.needs),
            offers=profile.offers.keys(),
            interests=self.interest_values(profile.interests),
            segments=profile.segments.keys(),
            record=record,
        )
