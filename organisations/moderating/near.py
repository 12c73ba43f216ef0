"""Profiles that could be the same organisation."""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import F, Value

from organisations.models import Organisation
from regions.lookups import Unaccented

MOST_SHOWN = 8
ALIKE = 0.5
"""Trigram similarity from which two names are shown; less finds every “University of …”."""


@dataclass(frozen=True)
class Near:
    """A profile that may be the same one, and what the two have in common."""

    organisation: Organisation
    same_website: bool
    same_vat_number: bool
    likeness: int
    """Of the names, in per cent."""


def possible_duplicates(organisation: Organisation) -> list[Near]:
    """Profiles of any status with the same website domain or VAT number, or a similar name; the
    surest first. Each part has an index of its own."""
    others = Organisation.objects.exclude(pk=organisation.pk)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)]
            )
        alike = others.filter(name__unaccented__trigram_similar=organisation.name)
        keys = set(alike.values_list("pk", flat=True)[: MOST_SHOWN * 10])
    same = {
        "website_domain": organisation.website_domain,
        "vat_number": organisation.vat_number,
    }
    for field, value in same.items():
        if value:
            rows = others.filter(**{field: value}).exclude(**{field: ""})
            keys |= set(rows.values_list("pk", flat=True)[: MOST_SHOWN * 2])
    found = (
        others.filter(pk__in=keys)
        .select_related("home_region", "country")
        .annotate(
            likeness=TrigramSimilarity(
                Unaccented(F("name")),  # takes expressions as well
                Unaccented(Value(organisation.name)),  # type: ignore[arg-type]
            )
        )
        .order_by("-likeness", "pk")
    )
    rows_found = [
        Near(
            row,
            same_website=bool(same["website_domain"])
            and row.website_domain == same["website_domain"],
            same_vat_number=bool(same["vat_number"]) and row.vat_number == same["vat_number"],
            likeness=round(100 * row.likeness),  # type: ignore[attr-defined]  # annotated
        )
        for row in found
    ]
    rows_found.sort(key=lambda near: (near.same_vat_number, near.same_website), reverse=True)
    return rows_found[:MOST_SHOWN]
