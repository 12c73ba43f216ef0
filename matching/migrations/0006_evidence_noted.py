"""The outbox notes evidence, too: how many projects show an interest says how strong it is.

So does the origin of a statement, which the function of 0003 did not compare.
"""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION matching_note_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    statements bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT statement_id) INTO statements FROM after_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT statement_id) INTO statements FROM before_rows;
    ELSE
        SELECT array_agg(DISTINCT statement_id) INTO statements
        FROM (SELECT statement_id FROM before_rows UNION SELECT statement_id FROM after_rows) r;
    END IF;
    -- evidence of a statement that is gone: its own deletion was noted
    INSERT INTO matching_outbox (organisation_id)
    SELECT DISTINCT organisation_id
    FROM organisations_statement
    WHERE id = ANY(statements) AND origin = 'demonstrated' AND role = 'interested'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER matching_insert AFTER INSERT ON initiatives_statementevidence
    REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION matching_note_evidence();
CREATE TRIGGER matching_update AFTER UPDATE ON initiatives_statementevidence
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION matching_note_evidence();
CREATE TRIGGER matching_delete AFTER DELETE ON initiatives_statementevidence
    REFERENCING OLD TABLE AS before_rows
    FOR EACH STATEMENT EXECUTE FUNCTION matching_note_evidence();
CREATE TRIGGER matching_truncate AFTER TRUNCATE ON initiatives_statementevidence
    FOR EACH STATEMENT EXECUTE FUNCTION matching_note_everything();
"""

REMOVE_FUNCTIONS = """
DROP TRIGGER matching_truncate ON initiatives_statementevidence;
DROP TRIGGER matching_delete ON initiatives_statementevidence;
DROP TRIGGER matching_update ON initiatives_statementevidence;
DROP TRIGGER matching_insert ON initiatives_statementevidence;
DROP FUNCTION matching_note_evidence;
"""


def note_statements(columns):
    """The function that notes statements, comparing these columns."""
    return f"""
CREATE OR REPLACE FUNCTION matching_note_statements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO matching_outbox (organisation_id)
        SELECT DISTINCT organisation_id FROM after_rows
        ON CONFLICT DO NOTHING;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO matching_outbox (organisation_id)
        SELECT DISTINCT organisation_id FROM before_rows
        ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO matching_outbox (organisation_id)
        SELECT organisation_id FROM (
            SELECT {columns} FROM before_rows
            EXCEPT ALL
            SELECT {columns} FROM after_rows
        ) gone
        UNION
        SELECT organisation_id FROM (
            SELECT {columns} FROM after_rows
            EXCEPT ALL
            SELECT {columns} FROM before_rows
        ) come
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;
"""


COMPARED = "organisation_id, concept_id, role, weight, valid_until"


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0005_learned_weights"),
        ("initiatives", "0004_initiative_further_sources"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, REMOVE_FUNCTIONS),
        migrations.RunSQL(note_statements(f"{COMPARED}, origin"), note_statements(COMPARED)),
    ]
