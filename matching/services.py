"""Who fits whom: the questions that pages, API and the command line ask of matching."""

from collections.abc import Iterable
from datetime import date

from matching import engine
from matching.evidence import ALL_PARTNERS_SHOWN
from matching.explanation import explained
from matching.exposure import top
from matching.facts import KINDS, scoring_in_force
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


def suggestions_for(
    *,
    organisation: Organisation,
    limit: int = 10,
    region: Region | None = None,
    country: str | None = None,
    kind: str | None = None,
    ranking: Ranking | None = None,
    hidden: Hidden = NOTHING,
) -> tuple[Match, ...]:
    """The best partners of one organisation in other home regions, best first.

    Exact over all verified organisations that have not worked with it yet; ``region`` (an area is
    one, too), ``country`` and ``kind`` narrow the answer, and ``hidden`` is left out of it. The
    weights are those in force and the order is the exposure-aware one, unless ``ranking`` says
    otherwise. An organisation that was withdrawn since the index was built is passed over.
    Raises `IndexNotBuilt`.
    """
    now = snapshot()
    index = now.index.with_scoring(ranking.scoring if ranking else scoring_in_force())
    kinds = kinds_to_suggest(kind, hidden)
    if kinds is not None and not kinds:
        return ()
    is_area = region is not None and region.kind == Region.Kind.AREA
    among = (
        list(Organisation.objects.verified().within(region).values_list("pk", flat=True))
        if region is not None and is_area
        else None
    )
    left_out = set(hidden.organisations)
    if hidden.regions:
        left_out.update(index.organisations_of(hidden.regions))
    try:
        while True:
            matches = top(
                index,
                organisation.pk,
                limit,
                regions=None if region is None or is_area else [region.pk],
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


def kinds_to_suggest(kind: str | None, hidden: Hidden) -> list[int] | None:
    """The engine's numbers of the kinds that may be suggested; None where all of them may."""
    if kind is None and not hidden.kinds:
        return None
    wanted = set(Organisation.Kind.values if kind is None else [kind]) - hidden.kinds
    return [KINDS[Organisation.Kind(one)] for one in sorted(wanted)]


def withdrawn_since(suggested: Iterable[int]) -> set[int]:
    """Those of these organisations that may not be suggested, whatever the index remembers."""
    ids = set(suggested)
    verified = Organisation.objects.verified().filter(pk__in=ids).values_list("pk", flat=True)
    return ids.difference(verified)


def match_of(*, a: Organisation, b: Organisation, ranking: Ranking | None = None) -> Match:
    """How two organisations fit, whether or not they may be suggested to each other, under the
    weights in force or those of ``ranking``.

    Raises `IndexNotBuilt`, and `engine.EngineError` for an organisation with itself.
    """
    index = opened().with_scoring(ranking.scoring) if ranking else in_use()
    try:
        match = index.match(a.pk, b.pk)
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
