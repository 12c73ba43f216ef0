"""What is real comes before what is invented; long lists are read in the order of an index."""

from pathlib import Path

from django.db import migrations, models
from django.db.models.functions import Lower, LTrim

FUNCTIONS = (Path(__file__).resolve().parents[1] / "filling.sql").read_text(encoding="utf-8")
REFILLED = """
SELECT set_config('enable_nestloop', 'off', true);
SELECT directory_refresh_{kind}s(array_agg(id)) FROM (
    SELECT object_id AS id, row_number() OVER (ORDER BY object_id) / 10000 AS part
    FROM directory_entry WHERE of = '{kind}'
) entry GROUP BY part ORDER BY part;
SELECT set_config('enable_nestloop', 'on', true);
"""
INVENTED_LAST = """
UPDATE directory_entry e SET standing = standing - 1000000
FROM organisations_organisation o
WHERE e.of = 'organisation' AND o.id = e.object_id AND o.is_illustrative AND e.standing >= 0;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_where_initiatives_are")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                "what", models.F("standing").desc(), "id", name="directory_entry_standing"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                "what",
                Lower(LTrim(models.Func("title", function="directory_words"))),
                "id",
                name="directory_entry_by_name",
            ),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(REFILLED.format(kind="region"), migrations.RunSQL.noop),
        migrations.RunSQL(REFILLED.format(kind="initiative"), migrations.RunSQL.noop),
        migrations.RunSQL(INVENTED_LAST, migrations.RunSQL.noop),
    ]
