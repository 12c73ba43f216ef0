"""Into the database by COPY, a few thousand rows at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import numpy as np
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from initiatives.models import Initiative, Participation
from initiatives.synthetic import inventing
from initiatives.synthetic.bulk import without_indexes
from initiatives.synthetic.inventing import Invented, Place, Role
from initiatives.synthetic.plan import CARES, CARES_RARELY, DOES, DOES_RARELY, PREFIX, SOURCE, Plan
from organisations.models import Organisation, Statement
from regions import bulk
from regions.models import Concept, NutsUnit, Source

AT_ONCE: Final = 20_000
"""Organisations, or projects, of one transaction."""

TABLES: Final[list[type[models.Model]]] = [Organisation, Statement, Initiative, Participation]

Progress = Callable[[Iterable[int], str], Iterable[int]]


@dataclass
class Made:
    """Rows added."""

    organisations: int = 0
    statements: int = 0
    projects: int = 0
    participations: int = 0


def fill(*, wanted: Plan, seed: int, progress: Progress = lambda steps, _title: steps) -> Made:
    """Make what the plan says, and refresh the database's statistics.

    Up to `bulk.FROM` organisations, every transaction adds whole organisations or whole projects,
    so what an interruption leaves is consistent, marked, and taken away by `remove`; from there on
    it is one transaction, which locks the tables. Memory is bounded: 16 bytes an organisation.
    """
    source, _ = Source.objects.get_or_create(
        slug=SOURCE,
        defaults={
            "title": "Synthetic",
            "publisher": "Regions Meet",
            "standing": Source.Standing.ILLUSTRATIVE,
            "note": "Invented in large numbers to try the product; nobody in it exists.",
        },
    )
    made = Made()
    if wanted.organisations < bulk.FROM:
        _add(wanted, seed, source, made, progress)
    else:
        with bulk.in_bulk(), without_indexes(TABLES):
            _add(wanted, seed, source, made, progress)
    refresh_statistics()
    return made


def _add(wanted: Plan, seed: int, source: Source, made: Made, progress: Progress) -> None:
    people, projects = np.random.default_rng(seed).spawn(2)
    keys = np.zeros(wanted.organisations, dtype=np.int64)
    lands = np.zeros(wanted.organisations, dtype="<U2")
    places, concepts = _places(people), _concepts(people)
    first = _next_number(Organisation)
    for low in progress(range(0, wanted.organisations, AT_ONCE), "Organisations"):
        high = min(low + AT_ONCE, wanted.organisations)
        numbers = range(first + low, first + high)
        invented = list(inventing.organisations(people, numbers, places, concepts))
        lands[low:high] = [one.place.country for one in invented]
        keys[low:high] = _add_organisations(invented, source, made)
    consortia = inventing.consortia(projects, wanted.projects, wanted.organisations)
    first = _next_number(Initiative)
    for low in progress(range(0, wanted.projects, AT_ONCE), "Projects"):
        _add_projects(list(islice(consortia, AT_ONCE)), first + low, keys, lands, source, made)
        # what notes changes joins the new rows with all of them, by a plan made for few
        refresh_statistics(Participation)


def refresh_statistics(*only: type[models.Model]) -> None:
    """Tell the database's planner what these tables, or all of them, hold now."""
    with connection.cursor() as cursor:
        for model in only or TABLES:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')


def _places(rng: np.random.Generator) -> list[Place]:
    """All places, in a random order: their rank."""
    rows = (
        NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3, home_region__isnull=False)
        .order_by("code")
        .values_list("pk", "name", "country_id", "home_region_id", "latitude", "longitude")
    )
    found = [Place(*row) for row in rows]
    return [found[i] for i in rng.permutation(len(found)).tolist()]


def _concepts(rng: np.random.Generator) -> dict[Role, list[int]]:
    """The concepts of each role by rank: those of the main vocabularies first, in random order."""

    def shuffled(schemes: tuple[str, ...]) -> list[int]:
        keys = list(
            Concept.objects.filter(vocabulary__scheme__in=schemes)
            .order_by("vocabulary__scheme", "code")
            .values_list("pk", flat=True)
        )
        return [keys[i] for i in rng.permutation(len(keys)).tolist()]

    return {
        Role.NEEDS: shuffled(DOES) + shuffled(DOES_RARELY),
        Role.OFFERS: shuffled(DOES) + shuffled(DOES_RARELY),
        Role.INTERESTED: shuffled(CARES) + shuffled(CARES_RARELY),
    }


def _next_number(model: type[models.Model]) -> int:
    """The first number that no synthetic address has."""
    taken = model._default_manager.filter(slug__startswith=PREFIX).order_by("-pk").first()
    return 1 if taken is None else 1 + int(str(taken.slug).rsplit("-", 1)[1])  # type: ignore[attr-defined]


@transaction.atomic
def _add_organisations(invented: list[Invented], source: Source, made: Made) -> list[int]:
    with connection.cursor() as cursor:
        keys = _reserve(cursor, Organisation, len(invented))
        made.organisations += _copy(
            cursor,
            Organisation,
            (
                {
                    "id": key,
                    "slug": f"{PREFIX}{one.number}",
                    "name": one.name,
                    "kind": one.kind,
                    "status": Organisation.Status.VERIFIED.value,
                    "description": one.description,
                    "city": one.place.name[:120],
                    "country_id": one.place.country,
                    "nuts3_id": one.place.unit,
                    "home_region_id": one.place.region,
                    "latitude": one.place.latitude,
                    "longitude": one.place.longitude,
                    "is_illustrative": True,
                    "source_id": source.pk,
                }
                for key, one in zip(keys, invented, strict=True)
            ),
        )
        stated = [
            (key, *statement)
            for key, one in zip(keys, invented, strict=True)
            for statement in one.statements
        ]
        made.statements += _copy(
            cursor,
            Statement,
            (
                {
                    "id": number,
                    "organisation_id": key,
                    "role": role,
                    "concept_id": concept,
                    "weight": weight,
                }
                for number, (key, role, concept, weight) in zip(
                    _reserve(cursor, Statement, len(stated)), stated, strict=True
                )
            ),
        )
    return keys


@transaction.atomic
def _add_projects(
    consortia: list[tuple[int, list[int]]],
    first: int,
    keys: Any,
    lands: Any,
    source: Source,
    made: Made,
) -> None:
    with connection.cursor() as cursor:
        numbers = _reserve(cursor, Initiative, len(consortia))
        made.projects += _copy(
            cursor,
            Initiative,
            (
                {
                    "id": key,
                    "slug": f"{PREFIX}project-{first + i}",
                    "kind": Initiative.Kind.PROJECT.value,
                    "name": f"Synthetic project {first + i}",
                    "acronym": f"SYN-{first + i}",
                    "description": "An invented project of invented organisations.",
                    "status": Initiative.Status.COMPLETED.value,
                    "start_date": date.fromordinal(start),
                    "end_date": date.fromordinal(start) + timedelta(days=1095),
                    "source_id": source.pk,
                }
                for i, (key, (start, _)) in enumerate(zip(numbers, consortia, strict=True))
            ),
        )
        seats = [
            (project, int(keys[member]), str(lands[member]), position == 0)
            for project, (_, members) in zip(numbers, consortia, strict=True)
            for position, member in enumerate(members)
        ]
        made.participations += _copy(
            cursor,
            Participation,
            (
                {
                    "id": number,
                    "initiative_id": project,
                    "organisation_id": member,
                    "country_id": land,
                    "role": (
                        Participation.Role.COORDINATOR if leads else Participation.Role.PARTICIPANT
                    ).value,
                    "source_id": source.pk,
                }
                for number, (project, member, land, leads) in zip(
                    _reserve(cursor, Participation, len(seats)), seats, strict=True
                )
            ),
        )


def _reserve(cursor: CursorWrapper, model: type[models.Model], count: int) -> list[int]:
    """So many primary keys from the table's own sequence."""
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [model._meta.db_table, count],
    )
    return [key for (key,) in cursor.fetchall()]


def _copy(cursor: CursorWrapper, model: type[models.Model], rows: Iterator[dict[str, Any]]) -> int:
    """COPY rows of one shape into a model's table; what they leave out has the field's default.

    COPY goes past the model layer, so defaults are applied here.
    """
    one = next(rows, None)
    if one is None:
        return 0
    now = timezone.now()
    left: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column not in one and not field.generated:
            automatic = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
            value = now if automatic else field.get_default()
            left[str(field.column)] = field.get_db_prep_save(value, connection)
    columns = ", ".join(f'"{column}"' for column in [*one, *left])
    statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
    count = 0
    with cursor.copy(statement) as copy:
        while one is not None:
            copy.write_row([*one.values(), *left.values()])
            count += 1
            one = next(rows, None)
    return count
