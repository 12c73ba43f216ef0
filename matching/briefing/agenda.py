"""Suggested topics of a meeting of two regions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Initiative
from matching import regional
from matching.briefing.results import OpenInitiative, Reason, Topic, TopicKind
from matching.results import Complement, Match, RegionFit, SharedPriority
from organisations.models import Organisation, Statement
from regions.models import Region
from regions.own_texts import said

MOST: Final = 7
PER_KIND: Final = 2
"""Topics of one kind at most, so that an agenda is no list of one thing."""

PAIRS_BROUGHT: Final = 2
ORGANISATIONS_BROUGHT: Final = 2
"""Pairs, and organisations of each region, named with a topic."""

KINDS: Final = get_args(TopicKind)


@dataclass(frozen=True)
class Ranked:
    """A topic with its place among equals: ``key`` is the same in either order of the regions."""

    topic: Topic
    key: tuple[int, ...]


def agenda(fit: RegionFit, opened: Sequence[OpenInitiative], *, today: date) -> tuple[Topic, ...]:
    """At most seven topics, strongest first; the same topics in either order of the regions.

    Each topic rests on recorded facts of one kind, and its strength, out of 100, grows with their
    number n and never beyond the end of its range:

    * history, 30–70: n joint projects, 30 + 40·n/(n + 10);
    * priority, 30–60: a priority of both regions, 30 + 30·n/(n + 3), where n is the smaller of the
      two regions' numbers of organisations that state anything about it;
    * hand-over, 25–55: neighbouring segments of the hydrogen value chain, one held by each region,
      25 + 30·n/(n + 2), where n is the smaller of the two numbers of holders;
    * common, 30: an initiative of both that is not over;
    * network, 25: a network of both;
    * open initiative, 20–40: one to join, 20 + 20·n/(n + 1) for n reasons on real data; without any
      reason it is no topic.

    A topic that rests on illustrative data comes after all others, is marked, and there is at most
    one. Otherwise the order is by strength, then by the order above, then by concept or initiative.
    At most two topics are of one kind. Facts that are not on record make no topic: an agenda may be
    short, or empty.

    Whom to bring: of the pairs that should meet, those in which both organisations state something
    about the topic's concepts; where none does, for a hand-over organisations that offer its
    segments, for joint projects those with the most of the latest.
    """
    stated = stated_by(fit.pairs)
    ranked = [
        *history_topics(fit),
        *priority_topics(fit, stated),
        *hand_over_topics(fit, stated),
        *common_topics(fit, today),
        *network_topics(fit),
        *open_topics(fit, opened, stated),
    ]
    ranked.sort(
        key=lambda item: (
            item.topic.is_illustrative,
            -item.topic.strength,
            KINDS.index(item.topic.kind),
            item.key,
        )
    )
    chosen: list[Topic] = []
    for topic in (item.topic for item in ranked):
        same_kind = sum(other.kind == topic.kind for other in chosen)
        is_second_invented = topic.is_illustrative and any(o.is_illustrative for o in chosen)
        if same_kind < PER_KIND and not is_second_invented:
            chosen.append(topic)
    return tuple(chosen[:MOST])


def strength(base: int, spread: int, count: int, half: int) -> int:
    """From ``base``, half of ``spread`` more at ``half`` facts, never all of it."""
    return base + spread * count // (count + half)


Stated = Mapping[int, Mapping[int, set[str]]]
"""Organisation → concept → the roles in which it states it."""


def stated_by(pairs: Iterable[Match]) -> Stated:
    """What the organisations of these pairs state, in one query."""
    ids = {organisation.pk for match in pairs for organisation in (match.a, match.b)}
    stated: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Statement.objects.holding().filter(organisation__in=ids)
    for organisation, concept, role in rows.values_list("organisation", "concept", "role"):
        stated[organisation][concept].add(role)
    return stated


def pairs_about(pairs: Sequence[Match], stated: Stated, concepts: set[int]) -> tuple[Match, ...]:
    """The best pairs in which both organisations state something about one of the concepts."""
    return tuple(
        match
        for match in pairs
        if concepts & stated.get(match.a.pk, {}).keys()
        and concepts & stated.get(match.b.pk, {}).keys()
    )[:PAIRS_BROUGHT]


def history_topics(fit: RegionFit) -> Iterator[Ranked]:
    """To carry on where organisations of both regions have worked together."""
    total, latest = fit.history.total, fit.history.latest
    if not total:
        return
    reason = ngettext(
        "%(count)d joint project so far", "%(count)d joint projects so far", total
    ) % {"count": total}
    if latest and latest[0].start_date:
        reason = _("%(projects)s, the latest of them %(name)s (%(year)d).") % {
            "projects": reason,
            "name": latest[0],
            "year": latest[0].start_date.year,
        }
    yield Ranked(
        Topic(
            "history",
            _("Carry on from joint projects"),
            reason,
            strength(30, 40, total, 10),
            organisations=tuple(
                organisation
                for region in (fit.a, fit.b)
                for organisation in most_often_in(latest, region)
            ),
        ),
        (0,),
    )


def most_often_in(projects: Sequence[Initiative], region: Region) -> Iterable[Organisation]:
    return (
        Organisation.objects.verified()
        .within(region)
        .filter(is_illustrative=False, participations__initiative__in=projects)
        .select_related("home_region")
        .annotate(joint=Count("participations"))
        .order_by("-joint", "name", "pk")[:ORGANISATIONS_BROUGHT]
    )


def priority_topics(fit: RegionFit, stated: Stated) -> Iterator[Ranked]:
    """What both regions give priority to, and how many organisations there are for it."""
    members: dict[int, set[int]] = {
        item.concept.pk: {item.concept.pk} for item in fit.shared_priorities
    }
    if not members:
        return
    for source, areas in regional.wider_areas().items():
        for area in areas & members.keys():
            members[area].add(source)
    in_a, in_b = (stating(region, members) for region in (fit.a, fit.b))
    for item in fit.shared_priorities:
        pk = item.concept.pk
        yield Ranked(
            Topic(
                "priority",
                _("Shared priority: %(concept)s") % {"concept": item.concept.label},
                priority_reason(fit, item, in_a[pk], in_b[pk]),
                strength(30, 30, min(in_a[pk], in_b[pk]), 3),
                pairs=pairs_about(fit.pairs, stated, members[pk]),
                is_illustrative=item.is_illustrative,
            ),
            (pk,),
        )


def priority_reason(fit: RegionFit, item: SharedPriority, in_a: int, in_b: int) -> str:
    """How each region words it where it does so in its own way, and how many work on it."""
    label = item.concept.label
    own = [
        _("%(region)s: %(titles)s")
        % {"region": region.label, "titles": ", ".join(title for title in titles if title != label)}
        for region, titles in ((fit.a, item.a_titles), (fit.b, item.b_titles))
        if any(title != label for title in titles)
    ]
    declared = _("Both regions declare it.")
    if own:
        declared = _("Both regions declare it (%(wordings)s).") % {"wordings": "; ".join(own)}
    if not in_a and not in_b:
        return declared
    counts = _("On record for it: %(in_a)s in %(a)s, %(in_b)s in %(b)s.") % {
        "a": fit.a.label,
        "b": fit.b.label,
        "in_a": organisations(in_a),
        "in_b": organisations(in_b),
    }
    return f"{declared} {counts}"


def organisations(count: int) -> str:
    return ngettext("%(count)d organisation", "%(count)d organisations", count) % {"count": count}


def stating(region: Region, members: Mapping[int, set[int]]) -> dict[int, int]:
    """How many real organisations of the region state anything within each area."""
    counts = (
        Statement.objects.holding()
        .filter(
            organisation__in=Organisation.objects.verified()
            .within(region)
            .filter(is_illustrative=False)
            .values("pk"),
            concept__in=set().union(*members.values()),
        )
        .aggregate(
            **{
                f"area_{area}": Count("organisation", filter=Q(concept__in=concepts), distinct=True)
                for area, concepts in members.items()
            }
        )
    )
    return {area: counts[f"area_{area}"] for area in members}


def hand_over_topics(fit: RegionFit, stated: Stated) -> Iterator[Ranked]:
    """Where one region's part of the value chain hands over to the other's."""
    for place, item in enumerate(fit.complements[:MOST]):
        pairs = tuple(
            match
            for match in fit.pairs
            if Statement.Role.OFFERS in stated.get(match.a.pk, {}).get(item.a_segment.pk, ())
            and Statement.Role.OFFERS in stated.get(match.b.pk, {}).get(item.b_segment.pk, ())
        )[:PAIRS_BROUGHT]
        is_real = not item.is_illustrative
        sides: list[tuple[Organisation, ...]] = []
        if is_real and not pairs and place < PER_KIND:
            sides = [
                tuple(offering(fit.a, {item.a_segment.pk})),
                tuple(offering(fit.b, {item.b_segment.pk})),
            ]
        yield Ranked(
            Topic(
                "hand-over",
                hand_over_title(fit, item),
                hand_over_reason(fit, item),
                strength(25, 30, min(item.a_holders, item.b_holders), 2),
                pairs=pairs,
                # of one side alone, nobody would be met
                organisations=tuple(each for side in sides for each in side) if all(sides) else (),
                is_illustrative=not is_real,
            ),
            (place,),
        )


def hand_over_title(fit: RegionFit, item: Complement) -> str:
    """The segment that comes first in the chain comes first."""
    first, second = sorted(
        ((item.a_segment, fit.a.label), (item.b_segment, fit.b.label)),
        key=lambda side: (side[0].position, side[0].pk),
    )
    return _("Hand-over: %(first)s in %(in_first)s, %(second)s in %(in_second)s") % {
        "first": first[0].label,
        "in_first": first[1],
        "second": second[0].label,
        "in_second": second[1],
    }


def hand_over_reason(fit: RegionFit, item: Complement) -> str:
    counts = _(
        "Organisations and initiatives that hold them: %(in_a)d in %(a)s, %(in_b)d in %(b)s."
    ) % {
        "in_a": item.a_holders,
        "a": fit.a.label,
        "in_b": item.b_holders,
        "b": fit.b.label,
    }
    reason = item.reason.strip().rstrip(".")
    return f"{reason[:1].upper()}{reason[1:]}. {counts}" if reason else counts


def offering(region: Region, concepts: Collection[int]) -> Iterable[Organisation]:
    return (
        Organisation.objects.verified()
        .within(region)
        .filter(
            is_illustrative=False,
            pk__in=Statement.objects.holding()
            .filter(role=Statement.Role.OFFERS, concept__in=concepts)
            .values("organisation"),
        )
        .select_related("home_region")
        .order_by("name", "pk")[:ORGANISATIONS_BROUGHT]
    )


def common_topics(fit: RegionFit, today: date) -> Iterator[Ranked]:
    """Initiatives of both that are not over."""
    for initiative in fit.initiatives:
        over = initiative.status == Initiative.Status.COMPLETED or (
            initiative.end_date is not None and initiative.end_date < today
        )
        if over:
            continue
        yield Ranked(
            Topic(
                "common",
                _("More of what both are in: %(initiative)s") % {"initiative": initiative},
                _("Both regions have a part in it."),
                30,
                initiative=initiative,
            ),
            (initiative.pk,),
        )


def network_topics(fit: RegionFit) -> Iterator[Ranked]:
    """Networks of both."""
    for network in fit.networks:
        yield Ranked(
            Topic(
                "network",
                _("Work together in %(network)s") % {"network": said(network.name)},
                _("Both regions are in this network."),
                25,
            ),
            (network.pk,),
        )


def open_topics(
    fit: RegionFit, opened: Iterable[OpenInitiative], stated: Stated
) -> Iterator[Ranked]:
    """Initiatives that one region could join, where there is a reason to."""
    for place, item in enumerate(opened):
        if not item.reasons:
            continue
        reasons = item.real_reasons or item.reasons
        title = _("%(region)s could join %(initiative)s") % {
            "region": item.guest.label,
            "initiative": item.initiative,
        }
        of_guest = [match.a if item.guest == fit.a else match.b for match in fit.pairs]
        guests = guests_of(item, reasons, of_guest, stated, is_looked_for=place < PER_KIND)
        yield Ranked(
            Topic(
                "open-initiative",
                title,
                " ".join(reason.text for reason in reasons),
                strength(20, 20, len(item.real_reasons), 1),
                organisations=(
                    *((item.lead,) if item.lead else ()),
                    *guests[:ORGANISATIONS_BROUGHT],
                ),
                initiative=item.initiative,
                is_illustrative=not item.real_reasons,
            ),
            (place,),
        )


def guests_of(
    item: OpenInitiative,
    reasons: Iterable[Reason],
    known: Iterable[Organisation],
    stated: Stated,
    *,
    is_looked_for: bool,
) -> list[Organisation]:
    """Whom the guest would send: where segments of the chain are the reason, who offers these, of
    those ``known`` or else of all the region; or who states anything about the other reasons."""
    reasons = list(reasons)
    in_segments = [reason for reason in reasons if reason.kind == "segment"]
    concepts = frozenset[int]().union(*(each.concept_ids for each in in_segments or reasons))

    def states(organisation: Organisation) -> bool:
        roles = stated.get(organisation.pk, {})
        if in_segments:
            return any(Statement.Role.OFFERS in roles.get(concept, ()) for concept in concepts)
        return bool(concepts & roles.keys())

    guests = {each.pk: each for each in known if states(each)}
    if in_segments and not guests and is_looked_for:
        return list(offering(item.guest, concepts))
    return list(guests.values())
