"""What the reference data leave alone, since somebody who keeps a dossier wrote it."""

from collections.abc import Sequence
from typing import Any

from regions.keeping import ABOUT, DOSSIER
from regions.models import Region


def edited_here(model: Any, key: Sequence[str]) -> set[tuple[object, ...]]:
    """The natural keys, now and before, of rows that were changed or deleted in a dossier."""
    history = model.history.model._default_manager
    edited = history.filter(history_change_reason=DOSSIER).order_by().values("id")
    return set(history.filter(id__in=edited).values_list(*key))


def described_here() -> dict[str, dict[str, Any]]:
    """What dossiers say of regions that were described in one, by the region's slug."""
    history = Region.history.model._default_manager
    edited = history.filter(history_change_reason=DOSSIER).order_by().values("id")
    names = [field.attname for field in Region._meta.concrete_fields if field.name in ABOUT]
    return {
        region.slug: {name: getattr(region, name) for name in names}
        for region in Region.objects.filter(pk__in=edited)
    }
