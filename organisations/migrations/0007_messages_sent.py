import django.utils.timezone
from django.db import migrations, models

LAST_SENT = """
UPDATE organisations_teaminvitation SET last_sent_at = expires_at - interval '14 days';
UPDATE organisations_clusterinvitation SET last_sent_at = expires_at - interval '30 days';
"""


class Migration(migrations.Migration):
    """How often and when invitations were sent. Of those sent before, the time follows from when
    they expire; how often is not known."""

    dependencies = [("organisations", "0006_former_names")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("clusterinvitation", "teaminvitation")
            for name, field in (
                (
                    "sent_count",
                    models.PositiveSmallIntegerField(default=1, verbose_name="messages sent"),
                ),
                (
                    "last_sent_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="last sent"
                    ),
                ),
            )
        ),
        migrations.RunSQL(LAST_SENT, migrations.RunSQL.noop),
    ]
