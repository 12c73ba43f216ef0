"""Who fits whom: the questions that pages, API and the command line ask of matching."""

from datetime import date

from matching import engine
from matching.evidence import ALL_PARTNERS_SHOWN
from matching.explanation import explained
from matching.fit import fitting_regions, region_fit
from matching.index import IndexNotBuilt, in_use, opened
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
) -> tuple[Match, ...]:
    """The best partners of one organisation in other home regions, best first.

    Exact over all verified organisations that have not worked with it yet; ``region`` (an area is
    one, too), ``country`` and ``kind`` narrow the answer. An organisation that was withdrawn since
    the index was built is passed over. Raises `IndexNotBuilt`.
    """
    index = in_use()
    candidates = Organisation.objects.verified()
    narrowed = kind is not None or (region is not None and region.kind == Region.Kind.AREA)
    if kind is not None:
        candidates = candidates.filter(kind=kind)
    if region is not None and region.kind == Region.Kind.AREA:
        candidates = candidates.within(region)
    regions = [region.pk] if region is not None and region.kind == Region.Kind.HOME else None
    try:
        matches = index.top(
            organisation.pk,
            limit,
            regions=regions,
            countries=None if country is None else [country],
            among=list(candidates.values_list("pk", flat=True)) if narrowed else None,
            exclude=list(Organisation.objects.withdrawn().values_list("pk", flat=True)),
        )
    except engine.UnknownOrganisation as error:
        raise OrganisationNotIndexed(str(error)) from error
    return explained(matches, index)


def match_of(*, a: Organisation, b: Organisation) -> Match:
    """How two organisations fit, whether or not they may be suggested to each other.

    Raises `IndexNotBuilt`, and `engine.EngineError` for an organisation with itself.
    """
    index = in_use()
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
