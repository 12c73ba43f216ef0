"""The table of the cache in which all processes count attempts together."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_token")]

    operations = [
        migrations.RunSQL(
            # what is counted may be lost in a crash
            """
            CREATE UNLOGGED TABLE accounts_limits (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX accounts_limits_expires ON accounts_limits (expires);
            """,
            "DROP TABLE accounts_limits",
        )
    ]
