"""Loads all reference data in one transaction, in the order that the tables need each other."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction

from regions.reference import facts, places, vocabularies
from regions.reference.files import DATA
from regions.reference.upsert import Change

Step = Callable[[Path], Change]

STEPS: dict[str, Step] = {
    "sources": vocabularies.load_sources,
    "countries": places.load_countries,
    "regions": places.load_regions,
    "NUTS units": places.load_nuts,
    "units of regions": places.load_region_units,
    "boundaries": places.load_boundaries,
    "neighbours": places.load_neighbours,
    "vocabularies": vocabularies.load_vocabularies,
    "relations": vocabularies.load_relations,
    "indicators": facts.load_indicators,
    "figures given by sources": facts.load_given_figures,
    "figures of all regions": facts.load_computed_figures,
    "priorities": facts.load_priorities,
    "distinctions": facts.load_distinctions,
    "networks": facts.load_networks,
    "contact offices": facts.load_contacts,
}

Loaded = dict[str, Change]


@transaction.atomic
def load_reference(
    *,
    folder: Path = DATA,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Loaded:
    """Load the reference data of a folder; return what each step added and changed.

    Idempotent: a second run over the same files changes nothing. ``progress`` wraps the names of
    the steps. Raises DataFileError, with nothing loaded, for the first bad row.
    """
    loaded = {name: STEPS[name](folder) for name in progress(STEPS)}
    if any(change != Change() for change in loaded.values()):
        _refresh_statistics()
    return loaded


def _refresh_statistics() -> None:
    """Tell the planner how large the tables are now; autovacuum would take a minute to notice.

    Without it, looking up the NUTS 3 units of a region takes seconds right after loading.
    """
    with connection.cursor() as cursor:
        for model in apps.get_app_config("regions").get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
