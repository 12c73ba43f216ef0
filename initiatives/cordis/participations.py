"""Brings the participations up to date, and links them to organisations by PIC.

A participant that has no profile here keeps its PIC, country and activity type, and is linked by
a later import that brings the organisation.
"""

from django.db import connection

from initiatives.cordis.report import Report

TABLE = "participations"

UNKNOWN_PROJECTS = """
DELETE FROM staged_participation s
WHERE NOT EXISTS (SELECT FROM matched_project m WHERE m.key = s.key)
RETURNING s.file, s.line, 'project ' || s.key || ' is unknown'
"""

REPEATED = """
DELETE FROM staged_participation s
USING (
    SELECT file, line, first_value(line) OVER same AS first_line, row_number() OVER same AS place
    FROM staged_participation
    WINDOW same AS (PARTITION BY key, pic ORDER BY line)
) r
WHERE s.file = r.file AND s.line = r.line AND r.place > 1
RETURNING s.file, s.line, 'PIC ' || s.pic || ' takes part in project ' || s.key
    || ' in line ' || r.first_line || ' already'
"""

MATCHED = """
CREATE TEMPORARY TABLE matched_participation ON COMMIT DROP AS
SELECT s.*, m.id AS initiative, o.id AS organisation, p.id
FROM staged_participation s
JOIN matched_project m ON m.key = s.key
LEFT JOIN organisations_organisation o ON o.pic = s.pic
LEFT JOIN initiatives_participation p ON p.initiative_id = m.id AND p.pic = s.pic
"""

# Somebody may have entered the same participation by hand, without the PIC.
MATCHED_BY_HAND = """
UPDATE matched_participation m SET id = p.id
FROM initiatives_participation p
WHERE m.id IS NULL AND p.initiative_id = m.initiative AND p.organisation_id = m.organisation
"""

# An organisation that was merged takes part as the one it became, once.
MERGED_AWAY = """
DELETE FROM matched_participation m
USING organisations_formeraddress f, initiatives_participation p
WHERE m.id IS NULL AND m.organisation IS NULL AND f.was ->> 'pic' = m.pic
    AND p.initiative_id = m.initiative AND p.organisation_id = f.organisation_id
"""

UPDATED = """
UPDATE initiatives_participation p SET
    pic = m.pic,
    role = m.role,
    name = coalesce(nullif(m.name, ''), p.name),
    country_id = coalesce(m.country, p.country_id),
    activity_type = coalesce(nullif(m.activity_type, ''), p.activity_type),
    contribution = coalesce(m.contribution, p.contribution)
FROM matched_participation m
WHERE p.id = m.id AND (
    p.pic, p.role, p.name, p.country_id, p.activity_type, p.contribution
) IS DISTINCT FROM (
    m.pic, m.role, coalesce(nullif(m.name, ''), p.name), coalesce(m.country, p.country_id),
    coalesce(nullif(m.activity_type, ''), p.activity_type),
    coalesce(m.contribution, p.contribution)
)
"""

INSERTED = """
INSERT INTO initiatives_participation (
    initiative_id, organisation_id, pic, name, country_id, activity_type, role, contribution,
    source_id
)
SELECT initiative, organisation, pic, name, country, activity_type, role, contribution, source
FROM matched_participation
WHERE id IS NULL
ORDER BY initiative, line
"""

LINKED = """
UPDATE initiatives_participation p SET organisation_id = o.id
FROM organisations_organisation o
WHERE p.organisation_id IS NULL AND p.pic <> '' AND o.pic = p.pic
AND NOT EXISTS (
    SELECT FROM initiatives_participation other
    WHERE other.initiative_id = p.initiative_id AND other.organisation_id = o.id
)
"""

LINKED_TO_MERGED = """
UPDATE initiatives_participation p SET organisation_id = became.organisation_id
FROM (
    SELECT DISTINCT ON (p.initiative_id, f.organisation_id) p.id, f.organisation_id
    FROM initiatives_participation p
    JOIN organisations_formeraddress f ON f.was ->> 'pic' = p.pic
    WHERE p.organisation_id IS NULL AND p.pic <> ''
    AND NOT EXISTS (
        SELECT FROM initiatives_participation other
        WHERE other.initiative_id = p.initiative_id
            AND other.organisation_id = f.organisation_id
    )
    ORDER BY p.initiative_id, f.organisation_id, p.id
) became
WHERE p.id = became.id
"""


def merge(report: Report) -> None:
    """Insert new participations, update known ones, link those whose organisation has come."""
    count = report.counts[TABLE]
    with connection.cursor() as cursor:
        for statement in (UNKNOWN_PROJECTS, REPEATED):
            cursor.execute(statement)
            for file, line, reason in sorted(cursor.fetchall()):
                report.refuse(TABLE, file, line, reason)
        # what was loaded a moment ago is in no statistics yet, and the joins below need them
        cursor.execute("ANALYZE initiatives_participation, organisations_organisation")
        cursor.execute(MATCHED)
        cursor.execute("ANALYZE matched_participation")
        cursor.execute(MATCHED_BY_HAND)
        cursor.execute(MERGED_AWAY)
        cursor.execute("CREATE INDEX ON matched_participation (id)")
        cursor.execute("ANALYZE matched_participation")
        cursor.execute("SELECT count(id) FROM matched_participation")
        known = cursor.fetchone()[0]
        cursor.execute(UPDATED)
        count.changed = cursor.rowcount
        count.unchanged = known - count.changed
        cursor.execute(INSERTED)
        count.new = cursor.rowcount
        cursor.execute("DROP TABLE matched_participation")
        cursor.execute(LINKED)
        report.linked = cursor.rowcount
        cursor.execute(LINKED_TO_MERGED)
        report.linked += cursor.rowcount
