"""What joint projects tell: who worked with whom, how closely, how recently, and who has worked
across regions.

A pair of participants of one project has *worked together*; a partner's *degree* is the number of
its distinct partners. A project is *interregional* when two of its participants have known and
different home regions, or known and different countries, and *recent* when it started at most ten
years before the reference day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine import meeting
from matching.engine.quantise import RECENT_DAYS, tie
from matching.engine.segment import Integers
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
    """Whom each partner worked with: row z, `ptr[z]` to `ptr[z + 1]`, lists them by partner number,
    ascending.

    `projects` is how many joint projects, `last` the newest one's start (0 unknown).
    """

    ptr: Int64s
    partner: Integers
    projects: Integers
    last: Integers

    @property
    def degrees(self) -> Int64s:
        """How many distinct partners each has."""
        return np.diff(self.ptr)


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


def ties(projects: Projects) -> Ties:
    """Count the joint projects of each pair."""
    return Ties(
        *meeting.meetings(projects.ptr, projects.partner, projects.start, len(projects.partner_key))
    )


def tie_values(projects: Integers) -> NDArray[np.uint8]:
    """The quantised tie 1 to 255 of so many joint projects: 32 · log2(1 + count)."""
    most = int(projects.max(initial=0))
    return np.array([0, *map(tie, range(1, most + 1))], dtype=np.uint8)[projects]


def involvement(
    projects: Projects, home: Int64s, country: Int64s, reference: int
) -> tuple[Int64s, Int64s]:
    """Per partner number: how many projects it has, and how many of them are recent and
    interregional.

    `home` and `country` number the home region and country of each partner, -1 unknown.
    """
    partners = len(projects.partner_key)
    everything = np.bincount(projects.partner, minlength=partners).astype(np.int64)
    if not len(projects.partner):
        return everything, everything.copy()
    across = np.zeros(len(projects.start), dtype=bool)
    for place in (home, country):
        code = place[projects.partner]
        highest = np.maximum.reduceat(code, projects.ptr[:-1])
        lowest = np.minimum.reduceat(
            np.where(code < 0, highest[projects.project], code), projects.ptr[:-1]
        )
        across |= lowest != highest
    recent = (projects.start > 0) & (reference - projects.start <= RECENT_DAYS)
    counted = (across & recent)[projects.project]
    experienced = np.bincount(projects.partner[counted], minlength=partners).astype(np.int64)
    return everything, experienced
