"""Initiatives are where their participants are, and follow them."""

from pathlib import Path

from django.db import migrations

from directory import triggers

FUNCTIONS = (Path(__file__).resolve().parents[1] / "filling.sql").read_text(encoding="utf-8")
BEFORE = "\n".join(
    f"DROP TRIGGER IF EXISTS directory_initiatives_{operation} ON initiatives_participation;"
    for operation in ("insert", "update", "delete")
)
REFILLED = """
SELECT set_config('enable_nestloop', 'off', true);
SELECT directory_refresh_initiatives(array_agg(id)) FROM (
    SELECT object_id AS id, row_number() OVER (ORDER BY object_id) / 10000 AS part
    FROM directory_entry WHERE of = 'initiative'
) entry GROUP BY part ORDER BY part;
SELECT set_config('enable_nestloop', 'on', true);
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_one_after_the_other")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS + BEFORE + triggers.without() + triggers.made(),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(REFILLED, migrations.RunSQL.noop),
    ]
