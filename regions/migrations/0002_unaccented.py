from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION unaccented(text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
            AS $$ SELECT upper(public.unaccent('public.unaccent', $1)) $$
            """,
            reverse_sql="DROP FUNCTION unaccented(text)",
        )
    ]
