"""Two who change what one entry stands for are followed one after the other; two who bring the same
new word do not wait for each other."""

from pathlib import Path

from django.db import migrations

from directory import triggers

FUNCTIONS = (Path(__file__).resolve().parents[1] / "filling.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_counted")]

    operations = [migrations.RunSQL(FUNCTIONS + triggers.NOTE, migrations.RunSQL.noop)]
