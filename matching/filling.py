"""Who could fill the gaps of an initiative, by the engine.

For each gap, those who offer what is missing and do not take part are ranked by their exact score
with the organisations that do: the best score with any of them counts, then the lower id. The
rules of every suggestion hold for each such pair: two home regions, no joint work so far. So
whoever is ranked could be introduced to somebody inside who does not know them yet.

At most `MOST_ASKED` participants are asked, the lead and the coordinator first; what a consortium
of eighty would add costs more than it tells. Where no participant is known to the index, as for
most valleys, the initiative asks by itself, as one that needs what it lacks and offers what it
covers, at home where it is led.

Real organisations are not named for invented initiatives, nor invented ones for real ones: they
never take part together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection
from django.db.models import Case, Count, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Initiative, InitiativeRegion, Participation, StatementEvidence
from matching import engine
from matching.explanation import explained, points
from matching.gaps import Coverage, Gap
from matching.index import in_use
from matching.results import Match
from matching.sentences import sentence
from organisations.models import Organisation, Statement
from regions.models import Concept, Region

MOST_GAPS: Final = 6
"""Gaps for which somebody is named: the closest of those that anybody offers."""

MOST_ASKED: Final = 8
"""Participants that are asked."""

MOST_CANDIDATES: Final = 5_000
"""Holders of a gap that are compared, those to whom it is most central first."""

FILLERS: Final = 3
"""Organisations named for each gap."""

ITSELF: Final = 0
"""The initiative as one that asks: no organisation has this id."""

NOWHERE: Final = -1
"""A home that no organisation has: somebody without one would not be matched across regions."""

CENTRAL: Final = 3
"""The weight of what an initiative needs and covers, on the scale of statements."""


@dataclass(frozen=True)
class Filler:
    """An organisation that offers what is missing, and how it fits: with a participant (``match``),
    or with the initiative itself."""

    organisation: Organisation
    points: Decimal
    why: str
    projects: int = 0
    match: Match | None = None


@dataclass(frozen=True)
class FilledGap:
    """A gap, the best of those who could fill it, and how many offer it in all; ``is_asked`` says
    whether the engine was."""

    gap: Gap
    fillers: tuple[Filler, ...] = ()
    holders: int = 0
    is_asked: bool = False


@dataclass(frozen=True)
class Holding:
    """Who offers a concept: the ids to compare, and how many there are in all."""

    organisations: tuple[int, ...] = ()
    total: int = 0


NOBODY: Final = Holding()


def who_could_fill(*, initiative: Initiative, coverage: Coverage) -> tuple[FilledGap, ...]:
    """The gaps of the initiative with those who could fill the closest ones, best first.

    Raises `matching.index.IndexNotBuilt`.
    """
    if not coverage.gaps:
        return ()
    index = in_use()
    held = holders(initiative, [gap.concept for gap in coverage.gaps])
    gaps = [gap for gap in coverage.gaps if gap.concept.pk in held][:MOST_GAPS]
    asked = [pk for pk in participants(initiative) if pk in index][:MOST_ASKED]
    named = (
        _beside_participants(index, gaps, held, asked)
        if asked
        else _beside_itself(index, initiative, coverage, gaps, held)
    )
    return tuple(
        FilledGap(
            gap,
            tuple(named.get(gap.concept.pk, ())),
            held.get(gap.concept.pk, NOBODY).total,
            gap.concept.pk in named,
        )
        for gap in coverage.gaps
    )


def participants(initiative: Initiative) -> list[int]:
    """Public organisations that take part, the lead first, then by role and contribution."""
    order = Case(
        When(role=Participation.Role.COORDINATOR, then=0),
        When(role=Participation.Role.HOST, then=1),
        When(role=Participation.Role.PARTNER, then=2),
        default=3,
    )
    taking_part = (
        initiative.participations.filter(organisation__status=Organisation.Status.VERIFIED)
        .alias(place=order)
        .order_by("place", "-contribution", "pk")
        .values_list("organisation", flat=True)
    )
    lead = initiative.public_lead
    return list(dict.fromkeys([*([lead.pk] if lead else []), *filter(None, taking_part)]))


HOLDERS = """
    SELECT gap, organisation_id, held FROM (
        SELECT k.gap, s.organisation_id,
            count(*) OVER (PARTITION BY k.gap) AS held,
            row_number() OVER (
                PARTITION BY k.gap ORDER BY max(s.weight) DESC, s.organisation_id
            ) AS place
        FROM unnest(%(gaps)s::bigint[], %(concepts)s::bigint[]) AS k(gap, concept)
        JOIN organisations_statement s ON s.concept_id = k.concept AND s.role = 'offers'
            AND (s.valid_until IS NULL OR s.valid_until >= %(today)s)
        JOIN organisations_organisation o ON o.id = s.organisation_id
            AND o.status = 'verified' AND o.is_illustrative = %(illustrative)s
        WHERE o.id IS DISTINCT FROM %(lead)s AND NOT EXISTS (
            SELECT FROM initiatives_participation p
            WHERE p.initiative_id = %(initiative)s AND p.organisation_id = o.id
        )
        GROUP BY k.gap, s.organisation_id
    ) ranked
    WHERE place <= %(most)s
"""


def holders(initiative: Initiative, concepts: Collection[Concept]) -> dict[int, Holding]:
    """Verified organisations that offer each concept, or one inside it, and do not take part."""
    inside = Concept.objects.filter(broader__in=[concept.pk for concept in concepts])
    pairs = [(concept.pk, concept.pk) for concept in concepts]
    pairs += [(broader, pk) for pk, broader in inside.values_list("pk", "broader") if broader]
    found: dict[int, list[int]] = defaultdict(list)
    totals: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            HOLDERS,
            {
                "gaps": [gap for gap, _concept in pairs],
                "concepts": [concept for _gap, concept in pairs],
                "today": timezone.localdate(),
                "illustrative": initiative.source.is_illustrative,
                "lead": initiative.lead_id,
                "initiative": initiative.pk,
                "most": MOST_CANDIDATES,
            },
        )
        for gap, organisation, total in cursor.fetchall():
            found[gap].append(organisation)
            totals[gap] = total
    return {gap: Holding(tuple(rows), totals[gap]) for gap, rows in found.items()}


Named = dict[int, list[Filler]]
"""By concept: who could fill the gap, best first."""


def _beside_participants(
    index: engine.MatchIndex,
    gaps: Sequence[Gap],
    held: Mapping[int, Holding],
    asked: Sequence[int],
) -> Named:
    """Of each participant, its best few among the holders; the best of all of these is then the
    best of all holders."""
    chosen: dict[int, list[tuple[int, int]]] = {}
    for gap in gaps:
        best: dict[int, tuple[int, int]] = {}
        for asker in asked:
            ranked = index.rank(asker, FILLERS, among=held[gap.concept.pk].organisations)
            for organisation, score in zip(ranked.id.tolist(), ranked.score.tolist(), strict=True):
                if score > best.get(organisation, (0, 0))[0]:
                    best[organisation] = score, asker
        order = sorted(best, key=lambda organisation: (-best[organisation][0], organisation))
        chosen[gap.concept.pk] = [(best[one][1], one) for one in order[:FILLERS]]
    pairs = dict.fromkeys(pair for rows in chosen.values() for pair in rows)
    matches = {
        (match.a.pk, match.b.pk): match
        for match in explained([index.match(a, b) for a, b in pairs], index)
    }
    shown = shown_by(chosen)
    return {
        gap: [
            Filler(match.b, match.score, sentence(match), shown.get((gap, match.b.pk), 0), match)
            for pair in rows
            if (match := matches.get(pair))
        ]
        for gap, rows in chosen.items()
    }


def _beside_itself(
    index: engine.MatchIndex,
    initiative: Initiative,
    coverage: Coverage,
    gaps: Sequence[Gap],
    held: Mapping[int, Holding],
) -> Named:
    """The initiative asks as if it were an organisation."""
    asker = as_profile(initiative, coverage)
    chosen = {
        gap.concept.pk: [
            (ITSELF, organisation)
            for organisation in index.rank_for(
                asker, FILLERS, among=held[gap.concept.pk].organisations
            ).id.tolist()
        ]
        for gap in gaps
    }
    named = {organisation for rows in chosen.values() for _asker, organisation in rows}
    matches = {match.b: match for match in index.matches(asker, sorted(named))}
    organisations = (
        Organisation.objects.verified().select_related("country", "home_region").in_bulk(named)
    )
    concepts = {concept.pk: concept for concept in coverage.covered}
    concepts |= {gap.concept.pk: gap.concept for gap in coverage.gaps}
    shown = shown_by(chosen)
    return {
        gap: [
            Filler(
                organisations[pk],
                points(matches[pk].score),
                why_beside_itself(matches[pk], gap, concepts),
                shown.get((gap, pk), 0),
            )
            for _asker, pk in rows
            if pk in organisations
        ]
        for gap, rows in chosen.items()
    }


def as_profile(initiative: Initiative, coverage: Coverage) -> engine.Profile:
    """The initiative as the engine sees an organisation: it needs its gaps and offers what it
    covers, at the home region of its first region: that which leads, or where it takes place."""
    roles = [InitiativeRegion.Role.LEAD, InitiativeRegion.Role.PLACE, InitiativeRegion.Role.PARTNER]
    homes = {
        part.role: part.region
        for part in initiative.region_roles.filter(region__kind=Region.Kind.HOME)
        .select_related("region")
        .order_by("-pk")
    }
    home = next((homes[role] for role in roles if role in homes), None)
    covered = {concept.pk: CENTRAL for concept in coverage.covered}
    return engine.Profile(
        id=ITSELF,
        home=home.pk if home else NOWHERE,
        country=home.country_id if home else None,
        needs={gap.concept.pk: CENTRAL for gap in coverage.gaps},
        offers=covered,
        segments=covered,
        listed=False,
    )


def why_beside_itself(match: engine.Match, gap: int, concepts: Mapping[int, Concept]) -> str:
    """What the organisation brings beside this gap, from the terms of the match."""
    also = [
        concepts[term.key].label
        for term in match.terms
        if term.signal == engine.COMPLEMENTARITY
        and term.side == "a"
        and term.key != gap
        and term.key in concepts
    ]
    pairs = [term for term in match.terms if term.signal == engine.VALUE_CHAIN]
    wanted = [
        concepts[term.key].label
        for term in match.terms
        if term.signal == engine.COMPLEMENTARITY and term.side == "b" and term.key in concepts
    ]
    said = []
    if also:
        said.append(_("It also offers %(others)s.") % {"others": listed(also)})
    if pairs:
        said.append(
            ngettext(
                "%(count)d of its segments is next to one that the initiative covers.",
                "%(count)d pairs of neighbouring segments join it to what the initiative covers.",
                len(pairs),
            )
            % {"count": len(pairs)}
        )
    if wanted:
        said.append(
            _("It looks for %(needs)s, which the initiative covers.") % {"needs": listed(wanted)}
        )
    return " ".join(said)


def listed(labels: Sequence[str], shown: int = 3) -> str:
    """A few of them by name, and how many more."""
    more = len(labels) - shown
    if more <= 0:
        return ", ".join(labels)
    return ngettext("%(labels)s and %(count)d more", "%(labels)s and %(count)d more", more) % {
        "labels": ", ".join(labels[:shown]),
        "count": more,
    }


def shown_by(chosen: Mapping[int, Iterable[tuple[int, int]]]) -> dict[tuple[int, int], int]:
    """How many projects show that an organisation offers a gap, by (gap, organisation)."""
    wanted = Q(pk__in=[])
    for gap, rows in chosen.items():
        wanted |= Q(
            statement__concept=gap, statement__organisation__in=[found for _asker, found in rows]
        )
    return {
        (concept, organisation): total
        for concept, organisation, total in StatementEvidence.objects.filter(
            wanted, statement__role=Statement.Role.OFFERS
        )
        .order_by()
        .values("statement__concept", "statement__organisation")
        .annotate(total=Count("pk"))
        .values_list("statement__concept", "statement__organisation", "total")
    }
