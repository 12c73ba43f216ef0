from django.db import migrations


class Migration(migrations.Migration):
    """Near-duplicates are looked for among former names too, by the same trigrams as names."""

    dependencies = [("organisations", "0005_cluster_invitations")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX organisation_former_name ON organisations_historicalorganisation "
            "USING gin (unaccented(name) gin_trgm_ops)",
            "DROP INDEX organisation_former_name",
        )
    ]
