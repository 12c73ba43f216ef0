"""Brings the organisations up to date from their staged rows.

Three values meet in every field: what CORDIS says now, what it said at the last import
(``Organisation.registered``), and what the profile says. A field follows CORDIS while it is empty
or still says what CORDIS said last; once somebody has edited it here, it stays. The place
(town, country, NUTS 3 unit, coordinates) is one field in this sense, since half of one place and
half of another is no place. Nothing is ever emptied, and description and status are never touched.
"""

from django.db import connection

from initiatives.cordis.report import Report

TABLE = "organisations"

REPEATED = """
DELETE FROM staged_organisation s
USING (
    SELECT file, line, first_value(line) OVER same AS first_line, row_number() OVER same AS place
    FROM staged_organisation
    WHERE pic IS NOT NULL
    WINDOW same AS (PARTITION BY pic ORDER BY line)
) r
WHERE s.file = r.file AND s.line = r.line AND r.place > 1
RETURNING s.file, s.line, 'PIC ' || s.pic || ' was in line ' || r.first_line || ' already'
"""

# CORDIS repeats an organisation in each of its projects; the row it changed last speaks.
RECURRING = """
DELETE FROM staged_organisation s
USING (
    SELECT file, line,
        row_number() OVER (PARTITION BY pic ORDER BY updated DESC, line DESC) AS place
    FROM staged_organisation
) r
WHERE s.file = r.file AND s.line = r.line AND r.place > 1
"""

REPEATED_NAMES = """
DELETE FROM staged_organisation s
USING (
    SELECT file, line, first_value(line) OVER same AS first_line, row_number() OVER same AS place
    FROM staged_organisation
    WHERE pic IS NULL
    WINDOW same AS (PARTITION BY name, country ORDER BY line)
) r
WHERE s.file = r.file AND s.line = r.line AND r.place > 1
RETURNING s.file, s.line, 'no PIC, and this name was in line ' || r.first_line || ' already'
"""

MATCHED = """
CREATE TEMPORARY TABLE matched_organisation ON COMMIT DROP AS
SELECT s.*, o.id,
    jsonb_strip_nulls(jsonb_build_object(
        'name', s.name,
        'short_name', nullif(s.short_name, ''),
        'kind', nullif(s.kind, ''),
        'website', nullif(s.website, ''),
        'place', CASE
            WHEN s.city <> '' OR s.nuts3 IS NOT NULL OR s.latitude IS NOT NULL
            THEN jsonb_build_array(s.city, s.country, s.nuts3, s.latitude, s.longitude)
        END
    )) AS registered
FROM staged_organisation s
LEFT JOIN organisations_organisation o ON o.pic = s.pic
"""

MATCHED_BY_NAME = """
UPDATE matched_organisation m SET id = o.id
FROM organisations_organisation o
WHERE m.pic IS NULL AND o.pic IS NULL AND o.registered ->> 'name' = m.name
    AND o.country_id IS NOT DISTINCT FROM m.country
"""

# Merged into another that has a PIC of its own: the merge is not undone.
MERGED_AWAY = """
DELETE FROM matched_organisation m
USING organisations_formeraddress f
WHERE m.id IS NULL AND f.was ->> 'pic' = m.pic
"""

INSERTED = """
INSERT INTO organisations_organisation (
    slug, name, short_name, kind, status, pic, description, website, city, country_id, nuts3_id,
    home_region_id, latitude, longitude, is_illustrative, source_id, registered,
    created_at, updated_at, vat_number, size, languages, label, wanted_kinds
)
SELECT
    CASE
        WHEN count(*) OVER (PARTITION BY m.slug) > 1
            OR EXISTS (SELECT FROM organisations_organisation o WHERE o.slug = m.slug)
        THEN m.longer_slug
        ELSE m.slug
    END,
    m.name, m.short_name, coalesce(nullif(m.kind, ''), 'other'), 'verified', m.pic, '', m.website,
    m.city, m.country, m.nuts3, m.home_region, m.latitude, m.longitude, false, m.source,
    m.registered, now(), now(), '', '', '{}', '', '{}'
FROM matched_organisation m
WHERE m.id IS NULL
ORDER BY m.line
"""

UPDATED = """
WITH here AS (
    SELECT m.*,
        o.registered || m.registered AS next_registered,
        o.name = o.registered ->> 'name' AS name_follows,
        o.short_name IN ('', o.registered ->> 'short_name') AS short_name_follows,
        o.kind = o.registered ->> 'kind' AS kind_follows,
        o.website IN ('', o.registered ->> 'website') AS website_follows,
        m.registered ? 'place' AND (
            o.registered -> 'place' = jsonb_build_array(
                o.city, o.country_id, o.nuts3_id, o.latitude, o.longitude
            )
            OR (
                o.city = '' AND o.nuts3_id IS NULL AND o.latitude IS NULL
                AND (o.country_id IS NULL OR o.country_id = m.country)
                AND o.home_region_id IS NULL
            )
        ) AS place_follows
    FROM matched_organisation m
    JOIN organisations_organisation o ON o.id = m.id
),
next AS (
    SELECT o.id,
        CASE WHEN h.name_follows THEN h.name ELSE o.name END AS name,
        CASE WHEN h.short_name_follows AND h.short_name <> ''
            THEN h.short_name ELSE o.short_name END AS short_name,
        CASE WHEN h.kind_follows AND h.kind <> ''
            AND NOT (o.kind = 'sme' AND h.kind = 'company' AND NOT h.sme_known)
            THEN h.kind ELSE o.kind END AS kind,
        CASE WHEN h.website_follows AND h.website <> ''
            THEN h.website ELSE o.website END AS website,
        CASE WHEN h.place_follows THEN h.city ELSE o.city END AS city,
        CASE WHEN h.place_follows THEN coalesce(h.country, o.country_id)
            ELSE coalesce(o.country_id, h.country) END AS country_id,
        CASE WHEN h.place_follows THEN h.nuts3 ELSE o.nuts3_id END AS nuts3_id,
        CASE WHEN h.place_follows THEN h.home_region ELSE o.home_region_id END AS home_region_id,
        CASE WHEN h.place_follows THEN h.latitude ELSE o.latitude END AS latitude,
        CASE WHEN h.place_follows THEN h.longitude ELSE o.longitude END AS longitude,
        coalesce(o.source_id, h.source) AS source_id,
        CASE WHEN o.kind = 'sme' AND h.kind = 'company' AND NOT h.sme_known
            THEN jsonb_set(h.next_registered, '{kind}', coalesce(o.registered -> 'kind', '"sme"'))
            ELSE h.next_registered END AS registered
    FROM here h
    JOIN organisations_organisation o ON o.id = h.id
)
UPDATE organisations_organisation o SET
    name = n.name, short_name = n.short_name, kind = n.kind, website = n.website, city = n.city,
    country_id = n.country_id, nuts3_id = n.nuts3_id, home_region_id = n.home_region_id,
    latitude = n.latitude, longitude = n.longitude, source_id = n.source_id,
    registered = n.registered, updated_at = now()
FROM next n
WHERE o.id = n.id AND (
    o.name, o.short_name, o.kind, o.website, o.city, o.country_id, o.nuts3_id, o.home_region_id,
    o.latitude, o.longitude, o.source_id, o.registered
) IS DISTINCT FROM (
    n.name, n.short_name, n.kind, n.website, n.city, n.country_id, n.nuts3_id, n.home_region_id,
    n.latitude, n.longitude, n.source_id, n.registered
)
"""


def merge(report: Report, *, recurs: bool) -> None:
    """Insert new organisations and update known ones; ``recurs``: rows may name one repeatedly."""
    count = report.counts[TABLE]
    with connection.cursor() as cursor:
        if recurs:
            cursor.execute(RECURRING)
        else:
            for statement in (REPEATED, REPEATED_NAMES):
                cursor.execute(statement)
                for file, line, reason in sorted(cursor.fetchall()):
                    report.refuse(TABLE, file, line, reason)
        cursor.execute(MATCHED)
        cursor.execute(MATCHED_BY_NAME)
        cursor.execute(MERGED_AWAY)
        cursor.execute("ANALYZE matched_organisation")
        cursor.execute("SELECT count(id) FROM matched_organisation")
        known = cursor.fetchone()[0]
        cursor.execute(UPDATED)
        count.changed = cursor.rowcount
        count.unchanged = known - count.changed
        cursor.execute(INSERTED)
        count.new = cursor.rowcount
        cursor.execute("DROP TABLE matched_organisation")
