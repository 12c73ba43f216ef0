"""Countries to choose from."""

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.models import Country, NutsUnit
from regions.models.places import localised
from regions.sorting import alphabetical

Choices = list[tuple[str, str]]


def countries() -> list[tuple[Promise | str, Choices]]:
    """All countries by name in the reader's language, those of NUTS first: most who choose are
    there, and only there is a home region. In one query."""
    rows = Country.objects.annotate(
        is_in_nuts=Exists(NutsUnit.objects.filter(country=OuterRef("pk")))
    ).values_list("pk", "labels", "is_in_nuts")
    groups: dict[bool, Choices] = {True: [], False: []}
    for code, labels, is_in_nuts in rows:
        groups[is_in_nuts].append((code, localised(labels)))
    names: dict[bool, Promise | str] = {
        True: _("Countries with regions on this site"),
        False: _("Other countries"),
    }
    return [
        (names[is_in_nuts], sorted(choices, key=lambda choice: alphabetical(choice[1])))
        for is_in_nuts, choices in groups.items()
        if choices
    ]
