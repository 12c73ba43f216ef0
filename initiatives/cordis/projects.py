"""Brings the projects, and the concepts the register files them under, up to date."""

from django.db import connection

from initiatives.cordis.report import Report

TABLE = "projects"
CONCEPTS = "concepts of projects"

REPEATED = """
DELETE FROM staged_project s
USING (
    SELECT file, line, first_value(line) OVER same AS first_line, row_number() OVER same AS place
    FROM staged_project
    WHERE is_detail
    WINDOW same AS (PARTITION BY {column} ORDER BY line)
) r
WHERE s.is_detail AND s.{column} IS NOT NULL
    AND s.file = r.file AND s.line = r.line AND r.place > 1
RETURNING s.file, s.line,
    '{label} ' || s.{column} || ' was in line ' || r.first_line || ' already'
"""

# One row for each project: its own row first, then what its participations repeat.
GATHERED = """
CREATE TEMPORARY TABLE matched_project ON COMMIT DROP AS
SELECT key,
    coalesce(d.file, t.file) AS file, coalesce(d.line, t.line) AS line,
    coalesce(d.rcn, t.rcn) AS rcn, d.grant_id,
    coalesce(d.acronym, '') AS acronym, coalesce(d.title, '') AS title,
    coalesce(d.objective, '') AS objective, coalesce(d.call_topics, '') AS call_topics,
    coalesce(d.status, '') AS status,
    coalesce(d.start_date, t.start_date) AS start_date,
    CASE WHEN d.start_date IS NULL AND d.end_date IS NULL THEN t.end_date
        WHEN d.end_date IS NULL AND t.end_date >= d.start_date THEN t.end_date
        ELSE d.end_date END AS end_date,
    coalesce(d.total_cost, t.total_cost) AS total_cost,
    coalesce(d.max_contribution, t.max_contribution) AS max_contribution,
    coalesce(d.source, t.source) AS source,
    NULL::bigint AS id
FROM (SELECT * FROM staged_project WHERE is_detail) d
FULL JOIN (SELECT * FROM staged_project WHERE NOT is_detail) t USING (key)
"""

IDENTIFIED = (
    """
    UPDATE matched_project m SET id = i.id
    FROM initiatives_initiative i WHERE i.rcn = m.rcn
    """,
    """
    UPDATE matched_project m SET id = i.id
    FROM initiatives_initiative i
    WHERE m.id IS NULL AND i.grant_id = m.grant_id AND (i.rcn IS NULL OR m.rcn IS NULL)
    """,
)

CONTRADICTING = """
DELETE FROM matched_project m
USING initiatives_initiative i
WHERE i.grant_id = m.grant_id AND i.id IS DISTINCT FROM m.id
    OR i.id = m.id AND i.grant_id <> m.grant_id
RETURNING m.file, m.line, 'record ' || coalesce(m.rcn::text, '(none)') || ' with grant agreement '
    || m.grant_id || ' contradicts record ' || coalesce(i.rcn::text, '(none)')
    || ' with grant agreement ' || i.grant_id
"""

INSERTED = """
INSERT INTO initiatives_initiative (
    slug, kind, name, acronym, description, status, start_date, end_date, date_note, place,
    total_cost, max_contribution, rcn, grant_id, call_topics, website, lead_name, source_id
)
SELECT
    CASE WHEN acronym_slug = '' THEN 'project' ELSE acronym_slug END || '-'
        || CASE WHEN rcn IS NULL THEN 'g' || grant_id ELSE rcn::text END,
    'project', {name}, acronym, objective,
    {status}, start_date, end_date, '', '', total_cost, max_contribution, rcn, grant_id,
    call_topics, '', '', source
FROM (
    SELECT *, trim(BOTH '-' FROM
        left(regexp_replace(lower(unaccent(acronym)), '[^a-z0-9]+', '-', 'g'), 80)
    ) AS acronym_slug
    FROM matched_project
) m
WHERE id IS NULL
ORDER BY rcn, grant_id
"""

# The register's own projects follow it; an initiative from elsewhere is only completed by it.
UPDATED = """
WITH next AS (
    SELECT i.id,
        CASE WHEN f.follows AND m.title <> '' THEN m.title ELSE i.name END AS name,
        CASE WHEN f.follows AND m.acronym <> '' OR i.acronym = ''
            THEN m.acronym ELSE i.acronym END AS acronym,
        CASE WHEN f.follows AND m.objective <> '' OR i.description = ''
            THEN m.objective ELSE i.description END AS description,
        CASE WHEN m.call_topics <> '' THEN m.call_topics ELSE i.call_topics END AS call_topics,
        CASE WHEN f.follows THEN {status} ELSE i.status END AS status,
        d.start_date,
        CASE WHEN d.end_date < d.start_date THEN NULL ELSE d.end_date END AS end_date,
        CASE WHEN f.follows THEN coalesce(m.total_cost, i.total_cost)
            ELSE coalesce(i.total_cost, m.total_cost) END AS total_cost,
        CASE WHEN f.follows THEN coalesce(m.max_contribution, i.max_contribution)
            ELSE coalesce(i.max_contribution, m.max_contribution) END AS max_contribution,
        coalesce(i.rcn, m.rcn) AS rcn,
        coalesce(i.grant_id, m.grant_id) AS grant_id
    FROM matched_project m
    JOIN initiatives_initiative i ON i.id = m.id
    CROSS JOIN LATERAL (
        SELECT i.kind = 'project' AND i.source_id = ANY(%s) AS follows
    ) f
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN f.follows THEN coalesce(m.start_date, i.start_date)
                ELSE coalesce(i.start_date, m.start_date) END AS start_date,
            CASE WHEN f.follows THEN coalesce(m.end_date, i.end_date)
                ELSE coalesce(i.end_date, m.end_date) END AS end_date
    ) d
)
UPDATE initiatives_initiative i SET
    name = n.name, acronym = n.acronym, description = n.description, call_topics = n.call_topics,
    status = n.status, start_date = n.start_date, end_date = n.end_date,
    total_cost = n.total_cost, max_contribution = n.max_contribution, rcn = n.rcn,
    grant_id = n.grant_id
FROM next n
WHERE i.id = n.id AND (
    i.name, i.acronym, i.description, i.call_topics, i.status, i.start_date, i.end_date,
    i.total_cost, i.max_contribution, i.rcn, i.grant_id
) IS DISTINCT FROM (
    n.name, n.acronym, n.description, n.call_topics, n.status, n.start_date, n.end_date,
    n.total_cost, n.max_contribution, n.rcn, n.grant_id
)
"""

NAME = """
coalesce(nullif(title, ''), nullif(acronym, ''),
    'Horizon 2020 project ' || coalesce(rcn, grant_id))
"""
# Without a word from the register, a project whose planned end is past is taken for completed.
STATUS = """
CASE
    WHEN m.status <> '' THEN m.status
    WHEN m.end_date IS NULL THEN 'unknown'
    WHEN m.end_date < current_date THEN 'completed'
    WHEN m.start_date > current_date THEN 'planned'
    ELSE 'running'
END
"""

KNOWN_BEFORE = """
INSERT INTO matched_project (key, id)
SELECT i.{key}, i.id
FROM initiatives_initiative i
WHERE i.{key} IN (
    SELECT key FROM staged_participation UNION SELECT key FROM staged_concept
)
AND NOT EXISTS (SELECT FROM matched_project m WHERE m.key = i.{key})
"""

UNKNOWN_CONCEPTS = """
DELETE FROM staged_concept s
WHERE NOT EXISTS (SELECT FROM matched_project m WHERE m.key = s.key)
RETURNING s.file, s.line, 'project ' || s.key || ' is unknown'
"""

REPEATED_CONCEPTS = """
SELECT file, line, 'project ' || key || ' has this programme part in line ' || first_line
FROM (
    SELECT file, line, key, row_number() OVER same AS place,
        first_value(line) OVER same AS first_line, concept
    FROM staged_concept
    WINDOW same AS (PARTITION BY key, concept ORDER BY line)
) r
WHERE place > 1
ORDER BY line
"""

CONCEPTS_INSERTED = """
INSERT INTO initiatives_initiativeconcept (
    initiative_id, concept_id, role, origin, is_illustrative
)
SELECT DISTINCT m.id, s.concept, 'topic', 'register', false
FROM staged_concept s
JOIN matched_project m ON m.key = s.key
ON CONFLICT (initiative_id, concept_id, role) DO NOTHING
"""


def merge(report: Report, *, key: str, sources: list[int]) -> None:
    """Insert new projects and update known ones, and leave ``matched_project`` (key → id).

    ``key`` is the column that the folder's other files name projects by: rcn or grant_id.
    ``sources`` are the register's own, whose projects follow it.
    """
    count = report.counts[TABLE]
    with connection.cursor() as cursor:
        for column, label in (("key", "project"), ("rcn", "record"), ("grant_id", "grant")):
            cursor.execute(REPEATED.format(column=column, label=label))
            for file, line, reason in sorted(cursor.fetchall()):
                report.refuse(TABLE, file, line, reason)
        cursor.execute(GATHERED)
        cursor.execute("CREATE UNIQUE INDEX ON matched_project (key)")
        for statement in IDENTIFIED:
            cursor.execute(statement)
        cursor.execute(CONTRADICTING)
        for file, line, reason in sorted(set(cursor.fetchall())):
            report.refuse(TABLE, file, line, reason)
        cursor.execute("ANALYZE matched_project")
        cursor.execute("SELECT count(*), count(id) FROM matched_project")
        gathered, known = cursor.fetchone()
        cursor.execute(UPDATED.format(status=STATUS), [sources])
        count.changed = cursor.rowcount
        count.unchanged = known - count.changed
        cursor.execute(INSERTED.format(name=NAME, status=STATUS))
        count.new = cursor.rowcount
        count.read = max(count.read, gathered)
        for statement in IDENTIFIED:
            cursor.execute(statement)
        cursor.execute(KNOWN_BEFORE.format(key=key))
        cursor.execute("ANALYZE matched_project")


def merge_concepts(report: Report, *, recurs: bool) -> None:
    """File projects under the programme parts and fields that the register names for them.

    ``recurs``: a project may be filed under one concept in several rows (the legal basis stands in
    two files of CORDIS's downloads). Concepts are only added, never taken away.
    """
    count = report.counts[CONCEPTS]
    with connection.cursor() as cursor:
        cursor.execute(UNKNOWN_CONCEPTS)
        for file, line, reason in sorted(cursor.fetchall()):
            report.refuse(CONCEPTS, file, line, reason)
        if not recurs:
            cursor.execute(REPEATED_CONCEPTS)
            for file, line, reason in cursor.fetchall():
                report.refuse(CONCEPTS, file, line, reason)
        cursor.execute("SELECT count(*) FROM (SELECT DISTINCT key, concept FROM staged_concept) s")
        distinct = cursor.fetchone()[0]
        cursor.execute(CONCEPTS_INSERTED)
        count.new = cursor.rowcount
        count.unchanged = distinct - count.new
