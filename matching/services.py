"""Who fits whom: the questions that pages, API and the command line ask of matching."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from matching import engine
from matching.evidence import ALL_PARTNERS_SHOWN
from matching.explanation import explained
from matching.exposure import top
from matching.facts import KINDS, as_it_stands, scoring_in_force
from matching.feedback.hidden import NOTHING, Hidden
from matching.fit import fitting_regions, region_fit
from matching.index import IndexNotBuilt, in_use, opened, snapshot
from matching.ranking import Ranking
from matching.results import Match, PastPartner
from organisations.models import Organisation
from regions.models import Region

__all__ = [
    "IndexNotBuilt",
    "OrganisationNotIndexed",
    "fitting_regions",
    "match_of",
    "past_partners",
    "region_fit",
    "suggestions_for",
]


class OrganisationNotIndexed(IndexNotBuilt):
    """The index was built before this organisation was verified."""


@dataclass(frozen=True)
class Wanted:
    """The regions and the kinds of partner that an organisation looks for; none: any."""

    regions: tuple[Region, ...] = ()
    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.regions or self.kinds)


ANYONE = Wanted()


def suggestions_for(
    *,
    organisation: Organisation,
    limit: int = 10,
    region: Region | None = None,
    country: str | None = None,
    kind: str | None = None,
    ranking: Ranking | None = None,
    hidden: Hidden = NOTHING,
    wanted: Wanted = ANYONE,
    at_once: bool = False,
) -> tuple[Match, ...]:
    """The best partners of one organisation in other home regions, best first.

    Exact over all verified organisations that have not worked with it yet; ``region`` (an area is
    one, too), ``country`` and ``kind`` narrow the answer as ``wanted`` does, and ``hidden`` is left
    out of it. The weights are those in force and the order is the exposure-aware one, unless
    ``ranking`` says otherwise. An organisation that was withdrawn since the index was built is
    passed over.

    A profile that is not verified asks with what it states at this moment, and so does any profile
    ``at_once``: nobody waits for the index to follow. Its joint work is what the index knows of
    it, which is nothing for a draft.
    Raises `IndexNotBuilt`.
    """
    now = snapshot()
    index = now.index.with_scoring(ranking.scoring if ranking else scoring_in_force())
    kinds = kinds_to_suggest((kind,) if kind else wanted.kinds, hidden)
    if kinds is not None and not kinds:
        return ()
    asker = organisation.pk if organisation.is_public and not at_once else present(organisation)
    regions, among = places_to_suggest(index, (region,) if region else wanted.regions)
    left_out = set(hidden.organisations)
    if hidden.regions:
        left_out.update(index.organisations_of(hidden.regions))
    try:
        while True:
            matches = top(
                index,
                asker,
                limit,
                regions=regions,
                countries=None if country is None else [country],
                kinds=kinds,
                among=among,
                exclude=left_out,
                exposure=(ranking or Ranking()).exposure,
            )
            withdrawn = withdrawn_since(match.b for match in matches)
            if not withdrawn:
                return explained(matches, index)
            # the others that the index does not know of as well: were very many withdrawn at once,
            # asking again for each few of them would not end
            left_out |= withdrawn.union(now.withdrawn())
    except engine.UnknownOrganisation as error:
        raise OrganisationNotIndexed(str(error)) from error


def present(organisation: Organisation) -> engine.Profile:
    """The organisation as it stands today, for the index to be asked with."""
    return as_it_stands(organisation, today=timezone.localdate())


def kinds_to_suggest(kinds: Collection[str], hidden: Hidden) -> list[int] | None:
    """The engine's numbers of the kinds that may be suggested; None where all of them may."""
    if not kinds and not hidden.kinds:
        return None
    wanted = set(kinds or Organisation.Kind.values) - hidden.kinds
    return [KINDS[Organisation.Kind(one)] for one in sorted(wanted)]


def places_to_suggest(
    index: engine.MatchIndex, regions: Collection[Region]
) -> tuple[list[int] | None, list[int] | None]:
    """Home regions to narrow an answer to, or else the organisations: an area is no home, so those
    inside it are named one by one. None twice for everywhere."""
    homes = [region.pk for region in regions if region.kind == Region.Kind.HOME]
    areas = [region for region in regions if region.kind == Region.Kind.AREA]
    if not areas:
        return homes or None, None
    among = set(index.organisations_of(homes))
    for area in areas:
        among.update(Organisation.objects.verified().within(area).values_list("pk", flat=True))
    return None, sorted(among)


def withdrawn_since(suggested: Iterable[int]) -> set[int]:
    """Those of these organisations that may not be suggested, whatever the index remembers."""
    ids = set(suggested)
    verified = Organisation.objects.verified().filter(pk__in=ids).values_list("pk", flat=True)
    return ids.difference(verified)


def match_of(*, a: Organisation, b: Organisation, ranking: Ranking | None = None) -> Match:
    """How two organisations fit, whether or not they may be suggested to each other, under the
    weights in force or those of ``ranking``. One that is not verified counts as it stands now.

    Raises `IndexNotBuilt`, and `engine.EngineError` for an organisation with itself.
    """
    index = opened().with_scoring(ranking.scoring) if ranking else in_use()
    try:
        match = index.match(*(one.pk if one.is_public else present(one) for one in (a, b)))
    except engine.UnknownOrganisation as error:
        raise OrganisationNotIndexed(str(error)) from error
    return explained([match], index, partners_shown=ALL_PARTNERS_SHOWN)[0]


def past_partners(
    *, organisation: Organisation, limit: int = 20
) -> tuple[tuple[PastPartner, ...], int]:
    """Whom the organisation works or worked with, most joint projects first, and how many in all.

    Raises `IndexNotBuilt`.
    """
    index = opened()
    try:
        colleagues = index.partners(organisation.pk)
    except engine.UnknownOrganisation as error:
        raise OrganisationNotIndexed(str(error)) from error
    shown = (
        Organisation.objects.verified()
        .select_related("country", "home_region")
        .in_bulk([colleague.id for colleague in colleagues[:limit]])
    )
    return (
        tuple(
            PastPartner(
                shown[colleague.id],
                colleague.projects,
                date.fromordinal(colleague.last).year if colleague.last else None,
            )
            for colleague in colleagues[:limit]
            if colleague.id in shown
        ),
        len(colleagues),
    )
