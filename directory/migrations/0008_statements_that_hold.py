"""An organisation is found by what it states today, not by what has expired."""

from pathlib import Path

from django.db import migrations

FUNCTIONS = (Path(__file__).resolve().parents[1] / "filling.sql").read_text(encoding="utf-8")
REFILLED = """
SELECT directory_refresh_organisations(array_agg(id)) FROM (
    SELECT DISTINCT organisation_id AS id FROM organisations_statement
    WHERE valid_until < current_date
) expired HAVING count(*) > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_real_before_invented")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(REFILLED, migrations.RunSQL.noop),
    ]
