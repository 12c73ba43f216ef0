"""The functions that fill the directory, and the triggers that call them."""

from pathlib import Path

from django.db import migrations

from directory import triggers

HERE = Path(__file__).resolve().parents[1]
TABLES = (HERE / "tables.sql").read_text(encoding="utf-8")
FUNCTIONS = (HERE / "filling.sql").read_text(encoding="utf-8")
DROPPED = """
DROP FUNCTION directory_note_concepts();
DROP FUNCTION directory_refresh_taken_part(bigint[]);
DROP FUNCTION directory_refresh_organisations(bigint[]);
DROP FUNCTION directory_refresh_initiatives(bigint[]);
DROP FUNCTION directory_refresh_regions(bigint[]);
DROP FUNCTION directory_lexemes(text[], text[]);
DROP FUNCTION directory_learn(text, bigint[]);
DROP FUNCTION directory_wait(text, bigint[]);
DROP FUNCTION directory_number(text[], text[]);
DROP FUNCTION directory_region_values(bigint[]);
DROP FUNCTION directory_initiative_values(bigint[]);
DROP FUNCTION directory_organisation_values(bigint[]);
DROP TABLE directory_concept_up;
DROP VIEW directory_concept_now;
DROP FUNCTION directory_stems(text);
DROP FUNCTION directory_vector(text, "char");
DROP FUNCTION directory_words(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
        ("initiatives", "0005_history"),
        ("organisations", "0007_messages_sent"),
        ("regions", "0007_roles_and_history"),
    ]

    operations = [
        migrations.RunSQL(
            "SELECT setval(pg_get_serial_sequence('directory_value', 'id'), 1000);",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(TABLES + FUNCTIONS, DROPPED),
        migrations.RunSQL(triggers.made(), triggers.dropped()),
        migrations.RunSQL(
            "CREATE INDEX directory_entry_start ON directory_entry"
            " (lower(directory_words(title)) text_pattern_ops) WHERE is_public;",
            "DROP INDEX directory_entry_start;",
        ),
        # narrow rows: what is long lies beside the table, and counting reads the rest alone
        migrations.RunSQL(
            "ALTER TABLE directory_entry SET (toast_tuple_target = 256);"
            "ALTER TABLE directory_entry ALTER COLUMN words SET STORAGE EXTERNAL;",
            migrations.RunSQL.noop,
        ),
    ]
