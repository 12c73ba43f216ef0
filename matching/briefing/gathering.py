"""Gathers the briefing of two regions."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from matching.briefing.agenda import agenda
from matching.briefing.figures import figures_side_by_side
from matching.briefing.opening import open_initiatives
from matching.briefing.results import Briefing, FigureRow, OpenInitiative, Side
from matching.fit import region_fit
from organisations.models import Organisation
from regions.models import Region, Source

PAIRS = 10
"""Organisation pairs that should meet."""


def briefing(*, a: Region, b: Region, pairs: int = PAIRS, today: date | None = None) -> Briefing:
    """The whole briefing of two regions, in the language of the reader.

    Without ``pairs`` it needs no match index, and says that the pairs are still being prepared.
    Raises `matching.index.IndexNotBuilt` when pairs are asked for and there is no index.
    """
    today = today or timezone.localdate()
    fit = region_fit(a=a, b=b, pairs=pairs)
    sides = (side_of(a), side_of(b))
    figures = figures_side_by_side(a, b)
    opened = open_initiatives(fit, sides, today=today)
    return Briefing(
        fit=fit,
        sides=sides,
        figures=figures,
        open_initiatives=opened,
        agenda=agenda(fit, opened, today=today),
        sources=sources_of(figures, opened),
        made_on=today,
        is_prepared=bool(pairs),
    )


def side_of(region: Region) -> Side:
    """One region in short, in two queries."""
    counts = (
        Organisation.objects.verified()
        .within(region)
        .filter(is_illustrative=False)
        .aggregate(
            organisations=Count("pk"),
            clusters=Count("pk", filter=Q(kind=Organisation.Kind.CLUSTER)),
        )
    )
    contacts = region.contacts.select_related("source").order_by("office", "pk")
    return Side(region, contacts=tuple(contacts), **counts)


def sources_of(
    figures: Iterable[FigureRow], opened: Iterable[OpenInitiative]
) -> tuple[Source, ...]:
    """The sources of what is shown, each once, in the order in which they are met."""
    met: dict[int, Source] = {}
    for item in opened:
        met.setdefault(item.initiative.source_id, item.initiative.source)
    for row in figures:
        for figure in (row.a, row.b):
            if figure is not None:
                met.setdefault(figure.source_id, figure.source)
    return tuple(met.values())
