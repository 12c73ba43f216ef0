"""The numbers of an entry's values in one piece, which thousands of entries are counted by."""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION directory_in_one_piece(integer[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT coalesce(string_agg(int4send(code), ''), '') FROM unnest($1) code $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_saved_searches")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION directory_in_one_piece(integer[]);"),
        migrations.AddField(
            model_name="entry",
            name="counted",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(models.F("codes"), function="directory_in_one_piece"),
                output_field=models.BinaryField(),
            ),
        ),
    ]
