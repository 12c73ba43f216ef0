"""How long the facts of this installation take out of PostgreSQL: the line beside `build_s`."""

import os
import time

import django
from django.db import DatabaseError, connection
from django.utils import timezone

from config.embedded import EmbeddedPostgresError, default_cluster


def line() -> str:
    """Stream everything that an index is built from, in the database that is configured, if there
    is one."""
    if not os.environ.get("DATABASE_URL") and not default_cluster().places.data.exists():
        return "COPY out of PostgreSQL: not measured, there is no database here."
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    try:
        return _measured()
    except (DatabaseError, EmbeddedPostgresError) as error:
        return f"COPY out of PostgreSQL: not measured, {str(error).splitlines()[0]}"
    finally:
        connection.close()


def _measured() -> str:
    # models can be imported only after the settings
    from matching import facts
    from matching.outbox.cursor import one_moment

    began = time.perf_counter()
    with connection.cursor() as cursor, one_moment(cursor):
        found = facts.everything(cursor, today=timezone.localdate())
    seconds = time.perf_counter() - began
    return (
        f"COPY out of PostgreSQL: {seconds:.2f} s for {len(found.population):,} organisations, "
        f"{len(found.population.statement_concept):,} statements and "
        f"{len(found.participations.project):,} participations of this installation."
    )
