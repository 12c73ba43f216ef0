"""How complete a profile is, and what each missing piece would bring: all figures are the engine's.

Three measures, none of them invented:

- *What is missing* (`Piece`): the engine's own unknown terms on this side, of the present profile
  with its best candidates. ``possible`` is the most that the score with one of them could gain;
  two pieces may speak of the same points, so they are not to be added up.
- *What one more concept would bring* (`Gain`): the best suggestion is asked for twice, with the
  profile as it is and with the concept added at normal weight. It is what the person will see
  after adding it, as long as the others stay as they are.
- *The bar* (`opened` of `whole`): the highest score that any partner could reach with the profile
  as it stands, against the highest with everything stated. The engine works it out with a partner
  made for the profile, who offers all that it needs, needs all that it offers, cares about the
  same as strongly as can be, and holds every segment; the regions count whole as soon as the home
  region is known. What only joint projects bring (partners in common, experience) no profile can
  state, so it is left out of both.

Without an index there are no figures, and nothing stands in for them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice, zip_longest
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching import engine
from matching.explanation import points
from matching.facts import VALUE_CHAIN_SCHEME, scoring_in_force, segment_edges
from matching.feedback.hidden import NOTHING, Hidden
from matching.index import IndexNotBuilt, snapshot
from matching.profiles.own_words import concepts_in
from matching.profiles.steps import ANCHORS, GIVEN_AT, Step
from matching.services import kinds_to_suggest, present
from organisations.models import Organisation, Statement
from regions.models import Concept

MOST_SIMULATIONS: Final = 30
"""Questions asked of the index for one meter."""

CANDIDATES: Final = 10
"""The best partners of the present profile, whose offers, needs and interests are tried."""

GAINS_SHOWN: Final = 5
NORMAL: Final = 2
STRONGEST: Final = 40
"""The strength of an interest that very many projects show."""

Role = Statement.Role


@dataclass(frozen=True)
class Piece:
    """Something that the score uses. ``possible``: the most that adding it could bring to a score
    with one of the best candidates; None where it is there, or where there is no candidate."""

    step: Step
    label: Promise | str
    is_there: bool
    possible: Decimal | None = None

    @property
    def anchor(self) -> str:
        """The part of the step's page where it is given."""
        return ANCHORS[self.step]


@dataclass(frozen=True)
class Gain:
    """What stating one more concept would do to the best suggestion."""

    concept: Concept
    role: Role
    before: Decimal
    after: Decimal

    @property
    def points(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Completeness:
    """The meter of one profile. Without an index, only which pieces are there is known."""

    pieces: tuple[Piece, ...]
    gains: tuple[Gain, ...] = ()
    best: Decimal | None = None
    opened: Decimal | None = None
    whole: Decimal | None = None

    @property
    def is_computed(self) -> bool:
        return self.best is not None

    @property
    def missing(self) -> list[Piece]:
        """What is not there, what could bring most first."""
        return sorted(
            (piece for piece in self.pieces if not piece.is_there),
            key=lambda piece: -(piece.possible or 0),
        )

    @property
    def percent(self) -> int:
        """The bar, in whole per cent; only what is whole is 100."""
        if not self.opened or not self.whole:
            return 0
        return min(int(100 * self.opened / self.whole), 100)


SAID_BY_THE_ENGINE: Final = {
    "region_unknown": _("where you are: your area"),
    "no_needs": _("what you need"),
    "no_offers": _("what you offer"),
    "no_interests": _("what you care about"),
    "no_segments": _("your place in the hydrogen value chain"),
}
"""The engine's reasons that a profile can do something about, in words."""


def completeness_of(organisation: Organisation, *, hidden: Hidden = NOTHING) -> Completeness:
    """The meter of one profile as it stands now, in few queries and `MOST_SIMULATIONS` + 3
    questions to the index."""
    profile = present(organisation)
    try:
        now = snapshot()
    except IndexNotBuilt:
        return Completeness(_pieces(profile, {}))
    index = now.index.with_scoring(scoring_in_force())
    kinds = kinds_to_suggest((), hidden)
    narrowed: engine.Narrowing = {
        "exclude": {
            *hidden.organisations,
            *index.organisations_of(hidden.regions),
            *now.withdrawn(),
        },
        **({} if kinds is None else {"kinds": kinds}),
    }
    candidates = index.top_for(profile, CANDIDATES, **narrowed)
    best = candidates[0].score if candidates else 0
    opened, whole = _reach(index, profile)
    return Completeness(
        pieces=_pieces(profile, _unknown(candidates)),
        gains=_gains(organisation, profile, index, narrowed, candidates, best),
        best=points(best),
        opened=points(opened),
        whole=points(whole),
    )


def with_concept(
    profile: engine.Profile, concept: int, role: Role, *, is_segment: bool
) -> engine.Profile:
    """The profile with one more concept, declared at normal weight."""
    if role == Role.NEEDS:
        return replace(profile, needs={**profile.needs, concept: NORMAL})
    if role == Role.INTERESTED:
        strength = engine.STRENGTH_UNIT * NORMAL
        return replace(profile, interests={**profile.interests, concept: strength})
    segments = {**profile.segments, concept: NORMAL} if is_segment else profile.segments
    return replace(profile, offers={**profile.offers, concept: NORMAL}, segments=segments)


def _pieces(profile: engine.Profile, possible: Mapping[str, int]) -> tuple[Piece, ...]:
    there = {
        "region_unknown": profile.home is not None,
        "no_needs": bool(profile.needs),
        "no_offers": bool(profile.offers),
        "no_interests": bool(profile.interests),
        "no_segments": bool(profile.segments),
    }
    return tuple(
        Piece(
            GIVEN_AT[reason],
            label,
            there[reason],
            points(possible[reason]) if reason in possible and not there[reason] else None,
        )
        for reason, label in SAID_BY_THE_ENGINE.items()
    )


def _unknown(candidates: Sequence[engine.Match]) -> dict[str, int]:
    """The most that each thing missing on this side could bring with any of the candidates."""
    most: Counter[str] = Counter()
    for match in candidates:
        for item in match.unknown:
            side, _underscore, reason = item.reason.partition("_")
            if side == "a":
                most[reason] = max(most[reason], item.possible)
    return dict(most)


def _reach(index: engine.MatchIndex, profile: engine.Profile) -> tuple[int, int]:
    """The bar: what the profile opens, and what the whole of it would, in hundredths."""
    weights = index.scoring.weights
    segments = {segment: NORMAL for edge in segment_edges() for segment in edge}
    partner = engine.Profile(
        id=0,
        needs=dict.fromkeys(profile.offers, NORMAL),
        offers=dict.fromkeys(profile.needs, NORMAL),
        interests=dict.fromkeys(profile.interests, STRONGEST),
        segments=segments,
    )
    with_partner = index.match(profile, partner).signals
    holds_all = replace(partner, id=-1)
    whole_chain = index.match(partner, holds_all).signals[engine.VALUE_CHAIN]
    stated = (engine.COMPLEMENTARITY, engine.SHARED_PRIORITIES, engine.VALUE_CHAIN)
    place = weights[engine.REGIONAL_FIT] if profile.home is not None else 0
    return (
        sum(with_partner[signal] for signal in stated) + place,
        weights[engine.COMPLEMENTARITY]
        + weights[engine.SHARED_PRIORITIES]
        + whole_chain
        + weights[engine.REGIONAL_FIT],
    )


def _gains(
    organisation: Organisation,
    profile: engine.Profile,
    index: engine.MatchIndex,
    narrowed: engine.Narrowing,
    candidates: Sequence[engine.Match],
    best: int,
) -> tuple[Gain, ...]:
    """The concepts that would lift the best suggestion most, each with the figure that it would
    then have."""
    tries = list(
        islice(_tries(organisation, profile, index, [m.b for m in candidates]), MOST_SIMULATIONS)
    )
    concepts = (
        Concept.objects.exclude(vocabulary__scheme__startswith="nuts")
        .select_related("vocabulary")
        .in_bulk({concept for _role, concept in tries})
    )
    found = []
    for role, pk in tries:
        concept = concepts.get(pk)
        if concept is None:
            continue
        is_segment = concept.vocabulary.scheme == VALUE_CHAIN_SCHEME
        more = with_concept(profile, pk, role, is_segment=is_segment)
        after = int(index.rank_for(more, 1, **narrowed).score.sum())
        if after > best:
            found.append(Gain(concept, role, points(best), points(after)))
    found.sort(key=lambda gain: (-gain.after, gain.concept.pk))
    return tuple(found[:GAINS_SHOWN])


def _tries(
    organisation: Organisation,
    profile: engine.Profile,
    index: engine.MatchIndex,
    partners: Sequence[int],
) -> Iterator[tuple[Role, int]]:
    """What to try, in turn from each of five sources: what the description speaks of, what the
    best candidates offer, need and care about, and the segments next to theirs; then the concepts
    that most organisations state. Nothing that the profile has, and nothing twice."""
    spoken = [each.concept.pk for each in concepts_in(organisation.description[:4_000])]
    counted = _stated_by(partners)
    next_to: dict[int, list[int]] = {}
    for one, other in segment_edges():
        next_to.setdefault(one, []).append(other)
        next_to.setdefault(other, []).append(one)
    neighbours = [
        segment
        for held, _count in counted[Role.OFFERS].most_common()
        for segment in next_to.get(held, ())
    ]
    sources: list[Iterable[tuple[Role, int]]] = [
        ((Role.NEEDS, c) for c, _count in counted[Role.OFFERS].most_common()),
        ((Role.OFFERS, c) for c, _count in counted[Role.NEEDS].most_common()),
        ((Role.INTERESTED, c) for c, _count in counted[Role.INTERESTED].most_common()),
        ((Role.OFFERS, c) for c in neighbours),
        ((Role.OFFERS, c) for c in spoken),
        ((Role.NEEDS, c) for c in spoken),
    ]
    common = index.most_common(MOST_SIMULATIONS)
    last = chain.from_iterable(((Role.NEEDS, c), (Role.OFFERS, c)) for c in common)
    in_turn = (each for row in zip_longest(*sources) for each in row if each is not None)
    held = {
        *((Role.NEEDS, c) for c in profile.needs),
        *((Role.OFFERS, c) for c in profile.offers),
        *((Role.INTERESTED, c) for c in profile.interests),
    }
    for each in chain(in_turn, last):
        if each not in held:
            held.add(each)
            yield each


def _stated_by(partners: Sequence[int]) -> dict[Role, Counter[int]]:
    """How many of these organisations state each concept, by role, in one query."""
    counted: dict[Role, Counter[int]] = {role: Counter() for role in Role}
    rows = (
        Statement.objects.holding()
        .filter(organisation__in=partners)
        .order_by("concept")
        .values_list("role", "concept", "organisation")
        .distinct()
    )
    for role, concept, _organisation in rows:
        counted[Role(role)][concept] += 1
    return counted
