"""Two who change what one entry stands for, at the same moment, are followed one after the other."""

from django.db import migrations

from directory import triggers


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_counted")]

    operations = [migrations.RunSQL(triggers.NOTE, migrations.RunSQL.noop)]
