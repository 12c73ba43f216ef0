"""What the compiled search is given whole: structs that numba has taken apart once. Forty arrays
handed over one by one cost every question 12 µs, three structs cost one."""

import numpy as np
from numba import njit, types
from numba.experimental import structref
from numpy.typing import NDArray

from matching.engine.asking import Coding, Limits, Rates, Reasons, Tied
from matching.engine.segment import Documents, Postings
from matching.engine.types import Int64s


@structref.register
class SourceType(types.StructRef):
    """numba's type of `Source`."""


@structref.register
class MannerType(types.StructRef):
    """numba's type of `Manner`."""


@structref.register
class SpaceType(types.StructRef):
    """numba's type of `Space`."""


class Source(structref.StructRefProxy):
    """A segment; made by `source_of`."""


class Manner(structref.StructRefProxy):
    """How it is asked: who may be suggested, what regional fit brings, the scoring; made by
    `manner_of`."""


class Space(structref.StructRefProxy):
    """Room for one search at a time; made by `space_of`. `x`, one number for each document, and
    `sums` are zeros, and are left so unless the search fails."""


structref.define_proxy(
    Source,
    SourceType,
    ["documents", "home_start", "postings", "ties", "coding", "reasons"],
)
structref.define_proxy(Manner, MannerType, ["limits", "fit", "rates"])
structref.define_proxy(Space, SpaceType, ["x", "sums", "bound"])


# Calling a class would compile its constructor anew in every process.


@njit(cache=True)
def source_of(
    documents: Documents,
    home_start: Int64s,
    postings: Postings,
    ties: Tied,
    coding: Coding,
    reasons: Reasons,
) -> Source:
    return Source(documents, home_start, postings, ties, coding, reasons)


@njit(cache=True)
def manner_of(limits: Limits, fit: Int64s, rates: Rates) -> Manner:
    return Manner(limits, fit, rates)


@njit(cache=True)
def space_of(x: Int64s, sums: NDArray[np.uint16], bound: NDArray[np.uint16]) -> Space:
    return Space(x, sums, bound)
