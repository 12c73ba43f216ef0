"""What a briefing says, without any HTML; texts are in the language of the reader."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from initiatives.models import Initiative, InitiativeRegion
from matching.results import Match, RegionFit
from organisations.models import Organisation
from regions.models import Indicator, KeyFigure, Region, RegionContact, Source

FEWEST_TOPICS = 4
"""With fewer topics than these, an agenda says that little is known."""


@dataclass(frozen=True)
class Side:
    """One of the two regions in short; counts are of real, verified organisations."""

    region: Region
    organisations: int
    clusters: int
    contacts: tuple[RegionContact, ...]  # offices, never persons


@dataclass(frozen=True)
class FigureRow:
    """One indicator with the latest figure of each region that has it."""

    indicator: Indicator
    a: KeyFigure | None
    b: KeyFigure | None


@dataclass(frozen=True)
class Reason:
    """Why an initiative may matter to the region that is not in it yet.

    ``concept_ids`` are what it rests on, of the initiative and of the guest.
    """

    kind: Literal["priority", "segment", "network"]
    text: str
    is_illustrative: bool = False
    concept_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class OpenInitiative:
    """An initiative of one region, the host, that the other, the guest, could join."""

    initiative: Initiative
    host: Region
    guest: Region
    reasons: tuple[Reason, ...]
    lead: Organisation | None  # its profile, where everyone may see it
    lead_name: str  # as recorded; empty where no lead is
    office: RegionContact | None  # of the host: whom to ask where no lead is recorded
    role: str = ""  # the host's own, as `InitiativeRegion.Role`; empty where an organisation's is
    leading: tuple[Region, ...] = ()

    @property
    def parts(self) -> str:
        """What part the host has in it, and that the guest has none."""
        names = {"host": self.host.label, "guest": self.guest.label}
        if self.role == InitiativeRegion.Role.LEAD:
            return _("%(host)s leads, %(guest)s takes no part yet.") % names
        if self.role == InitiativeRegion.Role.PLACE:
            return _("Takes place in %(host)s; %(guest)s takes no part yet.") % names
        return _("%(host)s takes part, %(guest)s not yet.") % names

    @property
    def led_by(self) -> str:
        """The regions that lead it, in words; empty where none does."""
        if not self.leading:
            return ""
        names = get_text_list([region.label for region in self.leading], _("and"))
        return _("Led by %(regions)s.") % {"regions": names}

    @property
    def real_reasons(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if not reason.is_illustrative)

    @property
    def is_status_unknown(self) -> bool:
        return self.initiative.status == Initiative.Status.UNKNOWN


TopicKind = Literal["history", "priority", "hand-over", "common", "network", "open-initiative"]


@dataclass(frozen=True)
class Topic:
    """One suggested item of the agenda: why, how strongly (0–100), and whom to bring."""

    kind: TopicKind
    title: str
    reason: str
    strength: int
    pairs: tuple[Match, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    initiative: Initiative | None = None
    is_illustrative: bool = False


@dataclass(frozen=True)
class Briefing:
    """Everything about two regions; swapping them swaps the sides and changes nothing else."""

    fit: RegionFit
    sides: tuple[Side, Side]
    figures: tuple[FigureRow, ...]
    open_initiatives: tuple[OpenInitiative, ...]
    agenda: tuple[Topic, ...]
    sources: tuple[Source, ...]  # of the figures and initiatives, in the order in which they appear
    made_on: date
    is_prepared: bool = True  # False without a match index: then there are no pairs

    @property
    def a(self) -> Region:
        return self.fit.a

    @property
    def b(self) -> Region:
        return self.fit.b

    @property
    def is_agenda_short(self) -> bool:
        """Whether too little is known for an agenda of the usual length."""
        return len(self.agenda) < FEWEST_TOPICS
