"""How much each organisation states, for the words that say why a score is not higher."""

from collections.abc import Collection

from django.db.models import Count, Q

from matching.results import Held
from organisations.models import Statement

VALUE_CHAIN = "hydrogen-value-chain"


def stated_counts(organisations: Collection[int]) -> dict[int, Held]:
    """The number of concepts that each of these organisations needs, offers and is interested in,
    and of segments of the value chain that it holds, in one query.

    A concept that is both declared and demonstrated counts once; an expired statement does not
    count. The index says the same of the day on which it was built.
    """

    def concepts(role: str, **narrower: str) -> Count:
        return Count("concept", distinct=True, filter=Q(role=role, **narrower))

    offers = Statement.Role.OFFERS
    rows = (
        Statement.objects.holding()
        .filter(organisation__in=organisations)
        .order_by()
        .values("organisation")
        .annotate(
            needs=concepts(Statement.Role.NEEDS),
            offers=concepts(offers),
            interests=concepts(Statement.Role.INTERESTED),
            segments=concepts(offers, concept__vocabulary__scheme=VALUE_CHAIN),
        )
    )
    return {
        row["organisation"]: Held(row["needs"], row["offers"], row["interests"], row["segments"])
        for row in rows
    }
