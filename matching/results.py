"""What matching answers, ready to be shown: the same objects for pages, API and command line."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from initiatives.models import Initiative
from organisations.models import Organisation
from regions.models import Concept, Network, Region

SIGNALS = {
    "complementarity": _("Needs met by offers"),
    "shared_priorities": _("Shared priorities"),
    "value_chain": _("Value chain"),
    "track_record": _("Partners in common"),
    "regional_fit": _("Regions that fit"),
    "experience": _("Experience with other regions"),
}
"""The six signals in the order in which they are shown, with their names for readers."""


LEADING = 8
"""Terms of a short explanation; the full one is a click away."""


@dataclass(frozen=True)
class Evidence:
    """One fact behind a term: a statement, a project, a priority, a network.

    ``kind`` is one of ``declared``, ``project``, ``organisation``, ``partner``, ``priority``,
    ``network`` and ``region-projects``; ``side`` says whose fact it is, ``a`` or ``b``, and is
    empty where it belongs to both.
    """

    kind: str
    label: str
    url: str = ""
    is_illustrative: bool = False
    side: str = ""


@dataclass(frozen=True)
class Term:
    """One named part of a score; ``points`` are on the 0–100 scale, exact to the hundredth."""

    signal: str
    label: str
    points: Decimal
    evidence: tuple[Evidence, ...] = ()
    subject: str = ""  # what it is about, for a sentence: a concept, a partner, a segment …
    other_subject: str = ""  # b's segment, where a's is the subject
    side: str = ""  # who seeks it (complementarity), or whose record it is (experience)
    shown_by: tuple[int, int] = (0, 0)  # projects of a and of b that demonstrate it

    @property
    def signal_label(self) -> str:
        return str(SIGNALS[self.signal])

    @property
    def is_illustrative(self) -> bool:
        """Whether it would fall without what is invented: all that one side shows for it is."""
        real_of = {each.side: False for each in self.evidence}
        for each in self.evidence:
            real_of[each.side] |= not each.is_illustrative
        return not all(real_of.values())


@dataclass(frozen=True)
class Unknown:
    """What is missing, whose it is (``side``), and the most that adding it could bring."""

    signal: str
    reason: str
    possible_points: Decimal
    side: str = ""
    missing: str = ""  # what it is: no_needs, no_offers, no_interests, no_segments …

    @property
    def signal_label(self) -> str:
        return str(SIGNALS[self.signal])


@dataclass(frozen=True)
class SignalPart:
    """One signal's share of a score, for the bar: ``points`` out of ``weight``."""

    signal: str
    points: Decimal
    weight: Decimal
    terms: tuple[Term, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def label(self) -> str:
        return str(SIGNALS[self.signal])

    @property
    def is_unknown(self) -> bool:
        return not self.points and bool(self.unknown)

    @property
    def lost(self) -> Decimal:
        """The points that this signal leaves out."""
        return self.weight - self.points

    @property
    def possible(self) -> Decimal:
        """The most that knowing one more thing could bring: what two sides lack may be the same
        points, so they are not added up."""
        return max((item.possible_points for item in self.unknown), default=Decimal(0))


@dataclass(frozen=True)
class Held:
    """How much one side brings along, in numbers of concepts and of recent projects."""

    needs: int = 0
    offers: int = 0
    interests: int = 0
    segments: int = 0
    recent_projects: int = 0


@dataclass(frozen=True)
class InCommon:
    """How much of it fits: numbers of terms, those too small for a hundredth included where the
    engine counts them by themselves."""

    met: tuple[int, int] = (0, 0)  # a's needs that b offers, b's needs that a offers
    interests: int = 0
    neighbours: int = 0  # pairs of neighbouring segments
    partners: int = 0
    regional: int = 0  # reasons why the regions fit


@dataclass(frozen=True)
class Match:
    """One pair: ``score`` is the sum of ``terms[].points`` exactly."""

    a: Organisation
    b: Organisation
    score: Decimal
    parts: tuple[SignalPart, ...]  # all six, in the order of SIGNALS
    small_terms: int = 0  # facts that are real but weigh less than a hundredth of a point
    held: tuple[Held, Held] = (Held(), Held())
    in_common: InCommon = InCommon()

    @property
    def organisation(self) -> Organisation:
        """The other side, when the pair answers "who fits a?"."""
        return self.b

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        return tuple(term for part in self.parts for term in part.terms)

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        return tuple(unknown for part in self.parts for unknown in part.unknown)

    @cached_property
    def leading(self) -> tuple[Term, ...]:
        """The terms of a short explanation: those with the most points, in the order of signals."""
        chosen = {id(term) for term in sorted(self.terms, key=lambda t: -t.points)[:LEADING]}
        return tuple(term for term in self.terms if id(term) in chosen)

    @cached_property
    def lesser_count(self) -> int:
        """How many terms a short explanation sums up."""
        return len(self.terms) - len(self.leading)

    @cached_property
    def lesser_points(self) -> Decimal:
        """The points of the terms that a short explanation sums up."""
        return self.score - sum((term.points for term in self.leading), Decimal(0))

    @cached_property
    def strongest(self) -> tuple[Term, ...]:
        """The terms that a reader wants first: the three with the most points."""
        return tuple(sorted(self.terms, key=lambda term: -term.points)[:3])


@dataclass(frozen=True)
class PastPartner:
    """An organisation that already works, or has worked, together with another."""

    organisation: Organisation
    projects: int
    last_year: int | None


@dataclass(frozen=True)
class Complement:
    """Two neighbouring value-chain segments, one held by each region."""

    a_segment: Concept
    b_segment: Concept
    a_holders: int  # real organisations and initiatives of region a that hold a_segment
    b_holders: int
    a_illustrative: int = 0  # illustrative ones, counted apart
    b_illustrative: int = 0
    reason: str = ""

    @property
    def is_illustrative(self) -> bool:
        """Whether nobody real holds the segment on one side or the other."""
        return not (self.a_holders and self.b_holders)


@dataclass(frozen=True)
class SharedPriority:
    """A concept that both regions have declared a priority, with both wordings and sources."""

    concept: Concept
    a_titles: tuple[str, ...]
    b_titles: tuple[str, ...]
    is_illustrative: bool = False


@dataclass(frozen=True)
class JointHistory:
    """Projects in which organisations of both regions took part."""

    total: int
    by_year: tuple[tuple[int, int], ...]  # (year of start, projects), years without a gap
    latest: tuple[Initiative, ...]


@dataclass(frozen=True)
class RegionFit:
    """Why two regions fit; swapping the regions swaps the sides and changes nothing else."""

    a: Region
    b: Region
    score: Decimal  # 0–100
    terms: tuple[Term, ...]
    shared_priorities: tuple[SharedPriority, ...]
    complements: tuple[Complement, ...]
    networks: tuple[Network, ...]
    initiatives: tuple[Initiative, ...]  # in which both regions have a part
    history: JointHistory
    pairs: tuple[Match, ...] = ()
    illustrative_pairs: tuple[Match, ...] = ()
    are_compared: bool = True  # False where the regions have too many pairs of organisations

    @property
    def illustrative_points(self) -> Decimal:
        """How much of the score rests on invented facts of one side or both."""
        return sum((term.points for term in self.terms if term.is_illustrative), Decimal(0))


@dataclass(frozen=True)
class FittingRegion:
    """One row of "which regions fit this one best"."""

    region: Region
    score: Decimal
    joint_projects: int
    reasons: tuple[str, ...]
