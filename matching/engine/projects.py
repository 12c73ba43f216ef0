"""What joint projects tell: who worked with whom, how closely, how recently, and who has worked
across regions.

A pair of participants of one project has *worked together*; a partner's *degree* is the number of
its distinct partners. A project is *interregional* when two of its participants have known and
different home regions, or known and different countries, and *recent* when it started at most ten
years before the reference day.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import Integers, expand
from matching.engine.quantise import (
    PROJECT_UNIT,
    RECENT_DAYS,
    TIE_MAX,
    TIE_UNIT,
    project_strength,
)
from matching.engine.types import BuildError, Int64s, Participations


@dataclass(frozen=True, slots=True)
class Projects:
    """Participations put in order: rows sorted by (project, partner), repeated rows gone.

    `partner_key` are all participants' identifiers, ascending; `partner` and `project` of a row are
    numbers into `partner_key` and the sorted projects; `ptr` says where a project's rows start;
    `start` is 0 where unknown.
    """

    partner_key: Int64s
    project: Int64s
    partner: Int64s
    ptr: Int64s
    start: Int64s

    @property
    def newest(self) -> int:
        """The newest known start of any project, 0 without one."""
        return int(self.start.max(initial=0))


@dataclass(frozen=True, slots=True)
class Ties:
    """Every ordered pair of distinct partners that worked together, sorted: from `left` to `right`,
    both partner numbers.

    `value` is the quantised tie 1 to 255, `projects` how many joint projects, `last` the newest
    one's start (0 unknown).
    """

    left: Int64s
    right: Int64s
    value: Integers
    projects: Integers
    last: Integers

    def degrees(self, partners: int) -> Int64s:
        """How many distinct partners each has."""
        return np.bincount(self.left, minlength=partners).astype(np.int64)


def read(participations: Participations) -> Projects:
    """Sort and deduplicate; raises `BuildError` for arrays of unequal length or negative dates."""
    lengths = {len(participations.project), len(participations.partner), len(participations.start)}
    if len(lengths) > 1:
        raise BuildError("the three arrays of participations differ in length")
    if len(participations.start) and participations.start.min() < 0:
        raise BuildError("a project's start is a date's ordinal, or 0 when unknown")
    partner_key, partner = np.unique(participations.partner, return_inverse=True)
    project_key, project = np.unique(participations.project, return_inverse=True)
    start = np.zeros(len(project_key), dtype=np.int64)
    np.maximum.at(start, project, participations.start)
    rows = np.unique(project.astype(np.int64) * max(1, len(partner_key)) + partner)
    project, partner = np.divmod(rows, max(1, len(partner_key)))
    ptr = np.searchsorted(project, np.arange(len(project_key) + 1))
    return Projects(partner_key, project, partner, ptr.astype(np.int64), start)


def ties(projects: Projects, reference: int) -> Ties:
    """Sum the strength of joint projects over each pair: tie = Σ strength / 4, half up, 1 to
    255."""
    sizes = np.diff(projects.ptr)
    strength_of: dict[tuple[int, int], int] = {}
    strength = np.zeros(len(sizes), dtype=np.int64)
    for i, (size, start) in enumerate(zip(sizes.tolist(), projects.start.tolist(), strict=True)):
        if (size, start) not in strength_of:
            age = max(0, reference - start) if start else None
            strength_of[size, start] = project_strength(size, age)
        strength[i] = strength_of[size, start]
    position, row = expand(projects.ptr, projects.project)
    left, right = projects.partner[row], projects.partner[position]
    project = projects.project[row]
    apart = left != right
    count = max(1, len(projects.partner_key))
    pair = left[apart] * count + right[apart]
    project = project[apart]
    order = np.argsort(pair, kind="stable")
    pair, project = pair[order], project[order]
    first = np.flatnonzero(np.diff(pair, prepend=-1))
    if not len(first):
        none = np.zeros(0, dtype=np.int64)
        return Ties(none, none, none.astype(np.uint8), none.astype(np.int32), none.astype(np.int32))
    total = np.add.reduceat(strength[project], first)
    unit = PROJECT_UNIT // TIE_UNIT
    value = np.clip((2 * total + unit) // (2 * unit), 1, TIE_MAX).astype(np.uint8)
    last = np.maximum.reduceat(projects.start[project], first).astype(np.int32)
    left, right = np.divmod(pair[first], count)
    joint = np.diff(first, append=len(pair)).astype(np.int32)
    return Ties(left, right, value, joint, last)


def involvement(
    projects: Projects,
    places: Mapping[int, tuple[int | None, str | None]],
    reference: int,
) -> tuple[Int64s, Int64s]:
    """Per partner number: how many projects it has, and how many of them are recent and
    interregional.

    `places` gives home region and country by partner identifier; a partner not in it is of unknown
    place.
    """
    partners = len(projects.partner_key)
    everything = np.bincount(projects.partner, minlength=partners).astype(np.int64)
    if not len(projects.partner):
        return everything, everything.copy()
    known = [places.get(key, (None, None)) for key in projects.partner_key.tolist()]
    across = np.zeros(len(projects.start), dtype=bool)
    for which in (0, 1):
        numbers: dict[int | str | None, int] = {None: -1}
        code = np.array(
            [numbers.setdefault(place[which], len(numbers)) for place in known], dtype=np.int64
        )[projects.partner]
        highest = np.maximum.reduceat(code, projects.ptr[:-1])
        lowest = np.minimum.reduceat(
            np.where(code < 0, highest[projects.project], code), projects.ptr[:-1]
        )
        across |= lowest != highest
    recent = (projects.start > 0) & (reference - projects.start <= RECENT_DAYS)
    counted = (across & recent)[projects.project]
    experienced = np.bincount(projects.partner[counted], minlength=partners).astype(np.int64)
    return everything, experienced
