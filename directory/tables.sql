-- A concept, what it is narrower than up to four levels, and what it works on: as in
-- regions.querysets.concepts_within, the other way round.
CREATE VIEW directory_concept_now AS
    SELECT c0.id AS concept_id, up.id AS up_id
    FROM regions_concept c0
    LEFT JOIN regions_concept c1 ON c1.id = c0.broader_id
    LEFT JOIN regions_concept c2 ON c2.id = c1.broader_id
    LEFT JOIN regions_concept c3 ON c3.id = c2.broader_id,
    LATERAL (VALUES (c0.id), (c1.id), (c2.id), (c3.id), (c3.broader_id)) up (id)
    WHERE up.id IS NOT NULL
    UNION
    SELECT r.source_id, r.target_id FROM regions_conceptrelation r
    WHERE r.kind IN ('theme', 'ecosystem');

-- The same as a table, so that one organisation's concepts are looked up and not all worked out.
CREATE TABLE directory_concept_up (
    concept_id bigint NOT NULL,
    up_id bigint NOT NULL,
    PRIMARY KEY (concept_id, up_id)
);
CREATE INDEX directory_concept_up_up ON directory_concept_up (up_id);
INSERT INTO directory_concept_up SELECT concept_id, up_id FROM directory_concept_now;
