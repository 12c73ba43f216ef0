from django.db import migrations


class Migration(migrations.Migration):
    """Which version of a profile a moderator looked at last is asked for whole regions."""

    dependencies = [("organisations", "0007_messages_sent")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX organisation_looked_at ON organisations_historicalorganisation "
            "(id, history_date DESC, history_id DESC) "
            "WHERE history_change_reason IN ('verify', 'changes seen')",
            "DROP INDEX organisation_looked_at",
        )
    ]
