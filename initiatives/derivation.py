"""What projects demonstrate: statements of organisations, each with the projects that show it.

From the title and objective of a project, the reviewed patterns of ``data/text_concepts.csv`` find
segments of the hydrogen value chain (the project *covers* them) and technologies (it *is about*
them). From the concepts of its projects, an organisation

- *offers* the segments and technologies found in their texts;
- *is interested in* their programme parts, in the industrial ecosystems that programme parts,
  segments and technologies belong to, and in the themes that any of these serve
  (``ConceptRelation``); and in the theme "excellence sectors" where one of those ecosystems is an
  excellence sector of its home region (``Priority``), or is that to which one belongs.

A statement's weight grows with the number of its projects: 1 for one project, 2 for two to four,
3 from five on. All projects count as evidence, none is cut off. Every run states the whole anew
and changes only what differs, so it may run after each import; declared statements are not touched.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from initiatives import text_concepts

SEVERAL_PROJECTS = 2
MANY_PROJECTS = 5

# One row for each project, concept and role: what taking part in it shows.
SHOWN = """
CREATE TEMPORARY TABLE shown_by_project ON COMMIT DROP AS
WITH about AS (
    SELECT c.initiative_id, c.concept_id, c.origin, v.scheme
    FROM initiatives_initiativeconcept c
    JOIN initiatives_initiative i ON i.id = c.initiative_id AND i.kind = 'project'
    JOIN regions_concept k ON k.id = c.concept_id
    JOIN regions_vocabulary v ON v.id = k.vocabulary_id
),
ecosystems AS (
    SELECT a.initiative_id, r.target_id AS concept_id
    FROM about a
    JOIN regions_conceptrelation r ON r.kind = 'ecosystem' AND r.source_id = a.concept_id
),
themes AS (
    SELECT a.initiative_id, r.target_id AS concept_id
    FROM (
        SELECT initiative_id, concept_id FROM about
        UNION SELECT initiative_id, concept_id FROM ecosystems
    ) a
    JOIN regions_conceptrelation r ON r.kind = 'theme' AND r.source_id = a.concept_id
)
SELECT initiative_id, concept_id, 'offers' AS role FROM about
WHERE scheme IN ('hydrogen-value-chain', 'advanced-technologies', 'key-enabling-technologies')
UNION SELECT initiative_id, concept_id, 'interested' FROM about
WHERE scheme = 'h2020-programme-parts'
UNION SELECT initiative_id, concept_id, 'interested' FROM ecosystems
UNION SELECT initiative_id, concept_id, 'interested' FROM themes
"""

TAKING_PART = """
CREATE TEMPORARY TABLE derived_evidence ON COMMIT DROP AS
SELECT DISTINCT p.organisation_id, s.concept_id, s.role, p.initiative_id
FROM shown_by_project s
JOIN initiatives_participation p ON p.initiative_id = s.initiative_id
WHERE p.organisation_id IS NOT NULL
"""

EXCELLENCE = """
WITH excellent AS (
    SELECT region_id, concept_id FROM regions_priority
    WHERE kind = 'excellence' AND NOT is_historic
    UNION SELECT p.region_id, r.target_id FROM regions_priority p
    JOIN regions_conceptrelation r ON r.kind = 'ecosystem' AND r.source_id = p.concept_id
    WHERE p.kind = 'excellence' AND NOT p.is_historic
)
INSERT INTO derived_evidence (organisation_id, concept_id, role, initiative_id)
SELECT DISTINCT e.organisation_id, theme.id, 'interested', e.initiative_id
FROM derived_evidence e
JOIN regions_concept ecosystem ON ecosystem.id = e.concept_id
JOIN regions_vocabulary v ON v.id = ecosystem.vocabulary_id AND v.scheme = 'industrial-ecosystems'
JOIN organisations_organisation o ON o.id = e.organisation_id
JOIN excellent p ON p.region_id = o.home_region_id AND p.concept_id = e.concept_id
CROSS JOIN (
    SELECT c.id FROM regions_concept c
    JOIN regions_vocabulary v ON v.id = c.vocabulary_id
    WHERE v.scheme = 'themes' AND c.code = 'excellence-sectors'
) theme
WHERE e.role = 'interested' AND NOT EXISTS (
    SELECT FROM derived_evidence d
    WHERE d.organisation_id = e.organisation_id AND d.concept_id = theme.id
        AND d.role = 'interested' AND d.initiative_id = e.initiative_id
)
"""

STATEMENTS = """
CREATE TEMPORARY TABLE derived_statement ON COMMIT DROP AS
SELECT d.*, s.id
FROM (
    SELECT organisation_id, concept_id, role,
        CASE WHEN count(*) >= %s THEN 3 WHEN count(*) >= %s THEN 2 ELSE 1 END AS weight
    FROM derived_evidence
    GROUP BY organisation_id, concept_id, role
) d
LEFT JOIN organisations_statement s ON s.organisation_id = d.organisation_id
    AND s.concept_id = d.concept_id AND s.role = d.role AND s.origin = 'demonstrated'
"""

GONE_EVIDENCE = """
DELETE FROM initiatives_statementevidence e
USING organisations_statement s
WHERE s.id = e.statement_id AND s.origin = 'demonstrated' AND NOT EXISTS (
    SELECT FROM derived_evidence d
    WHERE d.organisation_id = s.organisation_id AND d.concept_id = s.concept_id
        AND d.role = s.role AND d.initiative_id = e.initiative_id
)
"""

GONE = """
DELETE FROM organisations_statement s
WHERE s.origin = 'demonstrated' AND NOT EXISTS (
    SELECT FROM derived_statement d WHERE d.id = s.id
)
"""

CHANGED = """
UPDATE organisations_statement s SET weight = d.weight
FROM derived_statement d
WHERE d.id = s.id AND s.weight <> d.weight
"""

NEW = """
INSERT INTO organisations_statement (organisation_id, concept_id, role, origin, weight, text)
SELECT organisation_id, concept_id, role, 'demonstrated', weight, ''
FROM derived_statement
WHERE id IS NULL
ORDER BY organisation_id, role, concept_id
"""

NEW_EVIDENCE = """
INSERT INTO initiatives_statementevidence (statement_id, initiative_id)
SELECT s.id, d.initiative_id
FROM derived_evidence d
JOIN organisations_statement s ON s.organisation_id = d.organisation_id
    AND s.concept_id = d.concept_id AND s.role = d.role AND s.origin = 'demonstrated'
LEFT JOIN initiatives_statementevidence e
    ON e.statement_id = s.id AND e.initiative_id = d.initiative_id
WHERE e.id IS NULL
ORDER BY s.id, d.initiative_id
"""

TEMPORARY = ("shown_by_project", "derived_evidence", "derived_statement")


@dataclass(frozen=True, slots=True)
class Derived:
    """How many demonstrated statements and pieces of evidence there are, and what a run changed."""

    statements: int
    evidence: int
    new: int
    changed: int
    gone: int
    new_evidence: int
    gone_evidence: int


def derive() -> Derived:
    """Bring the demonstrated statements and their evidence in step with the projects."""
    with transaction.atomic():
        text_concepts.annotate()
        return _derive()


SOURCES = (
    "initiatives_initiative",
    "initiatives_initiativeconcept",
    "initiatives_participation",
    "organisations_organisation",
    "organisations_statement",
)
"""The tables that statements are derived from, or compared with."""


def _derive() -> Derived:
    with connection.cursor() as cursor:

        def run(statement: str, *values: int) -> int:
            cursor.execute(statement, values or None)
            count: int = cursor.rowcount
            return count

        for table in TEMPORARY:
            run(f"DROP TABLE IF EXISTS pg_temp.{table}")
        # what was loaded a moment ago is in no statistics yet, and the joins below need them
        run(f"ANALYZE {', '.join(SOURCES)}")
        run(SHOWN)
        run("ANALYZE shown_by_project")
        run(TAKING_PART)
        run("CREATE INDEX ON derived_evidence (organisation_id, concept_id)")
        run("ANALYZE derived_evidence")
        run(EXCELLENCE)
        statements = run(STATEMENTS, MANY_PROJECTS, SEVERAL_PROJECTS)
        run("CREATE INDEX ON derived_statement (id)")
        run("ANALYZE derived_statement")
        gone_evidence = run(GONE_EVIDENCE)
        gone = run(GONE)
        changed = run(CHANGED)
        new = run(NEW)
        new_evidence = run(NEW_EVIDENCE)
        run("SELECT count(*) FROM derived_evidence")
        evidence = cursor.fetchone()[0]
        for table in TEMPORARY:
            run(f"DROP TABLE pg_temp.{table}")
    return Derived(statements, evidence, new, changed, gone, new_evidence, gone_evidence)
