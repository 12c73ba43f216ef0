-- When an entry of the directory was public for the first time. One row for each, which outlives the
-- entry: filling the directory anew makes nothing new.

CREATE FUNCTION directory_note_public() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO directory_public_since (of, object_id, since)
    SELECT e.of, e.object_id, now() FROM after_rows e
    WHERE e.is_public AND NOT EXISTS (
        SELECT FROM directory_public_since p WHERE p.of = e.of AND p.object_id = e.object_id
    )
    ON CONFLICT (of, object_id) DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER directory_public_insert AFTER INSERT ON directory_entry
REFERENCING NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION directory_note_public();

CREATE TRIGGER directory_public_update AFTER UPDATE ON directory_entry
REFERENCING NEW TABLE AS after_rows
FOR EACH STATEMENT EXECUTE FUNCTION directory_note_public();

INSERT INTO directory_public_since (of, object_id, since)
SELECT e.of, e.object_id, now() FROM directory_entry e WHERE e.is_public;
