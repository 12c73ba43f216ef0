"""The immutable arrays an index consists of.

Types beside the fields below: ids uint32 or int64, `home` and `country` uint16, totals uint16 or
uint32, `start` uint32, `local` and `bits` uint16, selectivity and fit uint16, counts as small as
they fit, pointers int64, numbers int32, all else uint8.

A *segment* holds organisations ("documents") and everything a match of them needs. The base of an
index is one segment, memory-mapped from files; what changed since is a second, small one. Both are
quantised by the same *frame*, so that a score is the same whichever segment an organisation is in.

Documents are numbered by (home region, id), unknown homes first, and cut into blocks of `BLOCK`.
The postings of a key — a field and a concept — list the documents that hold it, block by block, as
16-bit numbers within the block. What many hold is not listed: it has a bit, or a value, of every
document, which is smaller, is added up a vector at a time, and is looked up without a search.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from matching.engine.types import Int64s

Integers = NDArray[np.integer[Any]]

BLOCK: Final = 4096
"""Documents of a block."""

WORDS: Final = 256
"""16-bit words that hold one bit for each document of a block."""

NEEDED, INTERESTED, OFFERED, HELD = range(4)
"""The fields of postings, in the order they stand; the first two carry values."""

LISTED, HAS_PROJECTS, HAS_NEEDS, HAS_OFFERS, HAS_INTERESTS, HAS_SEGMENTS = 1, 2, 4, 8, 16, 32
"""Flags of a document."""

SHARES: Final = 63
"""A posting's share of its document's total is counted in 63rds, rounded up."""


class Documents(NamedTuple):
    """One entry for each organisation.

    `home` is 1 + the number of the home region, `country` 1 + that of the country, 0 unknown;
    `level` the quantised experience; `familiarity` how well known it is; `needs_total` the sum of
    the values of its needs. Within a home, `id` ascends. `block_level` is the highest level of each
    block.
    """

    id: Integers
    home: Integers
    country: Integers
    kind: Integers
    flags: Integers
    level: Integers
    familiarity: Integers
    needs_total: Integers
    block_level: Integers


class Postings(NamedTuple):
    """Who holds what.

    `concept[k]` is the number of the concept of key k; the keys of field f are `field[f]` to
    `field[f + 1]`, ascending by concept. The documents of key k in block b are `local[start[k, b] :
    start[k, b + 1]]`, ascending, as numbers within the block. `value` of an interest is its value;
    of a need it holds the statement's weight (two bits) and four times its share of the document's
    needs in 63rds, rounded up: the first is exact, the second a bound. Neither is ever 0. Other
    keys have none.

    A key that many hold has no list: `dense[k]`, otherwise -1, is its row of `values`, where 0
    stands for documents without it, or, in a field without values, of `bits`: document `local` of
    block b has bit `local // WORDS` of word `b · WORDS + local % WORDS`, so that one shift serves
    neighbouring documents. Both go on to the end of the last block.
    """

    concept: Integers
    field: Int64s
    start: Integers
    local: Integers
    value: Integers
    dense: Integers
    values: Integers
    bits: Integers


class Ties(NamedTuple):
    """Joint work, by document and by partner; partners are numbered by `partner_key`.

    `recent` counts the recent interregional projects of each document. Row d of `key`, `value`,
    `projects`, `last` (`ptr[d]` to `ptr[d + 1]`, ascending by key) lists its partners, the
    quantised ties, the number of joint projects and the newest one's start. Row z of
    `tied_document` and `tied_value` lists the documents tied to partner z. `partner_document` is
    -1 for a partner that is no document of this segment.
    """

    recent: Integers
    ptr: Integers
    key: Integers
    value: Integers
    projects: Integers
    last: Integers
    partner_key: Int64s
    partner_document: Integers
    selectivity: Integers
    tied_ptr: Int64s
    tied_document: Integers
    tied_value: Integers


class Frame(NamedTuple):
    """What is frozen with a build: numbering, and the quantised values that define the score.

    `exchange_idf` and `interest_idf` belong to `concept_id`. `fit_total` is the mass of every pair
    of home regions; the pair with `low · regions + high` = `fit_key[i]` has the reasons
    `fit_reason[fit_ptr[i] : fit_ptr[i + 1]]`. `counted` holds the number of profiles and the
    reference day.
    """

    concept_id: Int64s
    exchange_idf: Integers
    interest_idf: Integers
    edge_low: Integers
    edge_high: Integers
    edge_weight: Integers
    country_code: NDArray[np.str_]
    region_id: Int64s
    fit_total: Integers
    fit_key: Integers
    fit_ptr: Integers
    fit_reason: Integers
    fit_mass: Integers
    counted: Int64s

    @property
    def reference(self) -> int:
        """The day, as an ordinal, from which age is counted."""
        return int(self.counted[1])


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents with their postings and ties, and the frame they are quantised by."""

    documents: Documents
    postings: Postings
    ties: Ties
    frame: Frame

    def __len__(self) -> int:
        return len(self.documents.id)


PARTS: Final[dict[str, Any]] = {
    item.name: get_type_hints(Segment)[item.name] for item in fields(Segment)
}


def array_names() -> list[str]:
    """The names of the arrays of a segment, "documents.id" first."""
    return [f"{part}.{name}" for part, kind in PARTS.items() for name in kind._fields]


def named_arrays(segment: Segment) -> Iterator[tuple[str, NDArray[Any]]]:
    """Every array with its name, in the order of `array_names`."""
    for part in PARTS:
        yield from (
            (f"{part}.{name}", array) for name, array in getattr(segment, part)._asdict().items()
        )


def from_named(found: dict[str, NDArray[Any]]) -> Segment:
    """The inverse of `named_arrays`; the arrays become read-only."""
    parts = {
        part: kind(*(frozen(found[f"{part}.{name}"]) for name in kind._fields))
        for part, kind in PARTS.items()
    }
    return Segment(**parts)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A contiguous, read-only plain array: one type for the compiled functions, whether it came
    from memory or from a mapped file."""
    plain = np.ascontiguousarray(array).view(np.ndarray)
    plain.setflags(write=False)
    return plain
