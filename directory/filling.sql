-- How entries of the directory are made from the tables that they stand for. Whatever changes here
-- needs a migration that reads this file again, as 0008 does.

CREATE OR REPLACE FUNCTION directory_words(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT regexp_replace(public.unaccented($1), '[^[:alnum:]]+', ' ', 'g') $$;

CREATE OR REPLACE FUNCTION directory_vector(said text, weight "char") RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT setweight(to_tsvector('simple', directory_words(coalesce(said, ''))), weight) $$;

CREATE OR REPLACE FUNCTION directory_stems(word text) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT array_remove(ARRAY[
        'en:' || (ts_lexize('english_stem', word))[1],
        'fr:' || (ts_lexize('french_stem', word))[1],
        'de:' || (ts_lexize('german_stem', word))[1],
        'es:' || (ts_lexize('spanish_stem', word))[1],
        'it:' || (ts_lexize('italian_stem', word))[1]
    ], NULL)
$$;

-- What some organisations state, and still holds today.
CREATE OR REPLACE FUNCTION directory_stated(ids bigint[]) RETURNS SETOF organisations_statement
LANGUAGE sql STABLE
AS $$
    SELECT * FROM organisations_statement s
    WHERE s.organisation_id = ANY (ids)
      AND (s.valid_until IS NULL OR s.valid_until >= current_date)
$$;

-- The values of all facets of some organisations. The joins name the organisations twice, so that
-- the planner starts from the few and not from the tables.
CREATE OR REPLACE FUNCTION directory_organisation_values(ids bigint[])
RETURNS TABLE (object_id bigint, facet text, value text)
LANGUAGE sql STABLE
AS $$
    SELECT o.id, f.facet, f.value
    FROM organisations_organisation o,
    LATERAL (VALUES
        ('region', o.home_region_id::text), ('country', o.country_id), ('kind', o.kind),
        ('status', o.status), ('size', o.size), ('label', o.label),
        ('invented', CASE WHEN o.is_illustrative THEN 'yes' ELSE 'no' END)
    ) f (facet, value)
    WHERE o.id = ANY (ids) AND f.value <> ''
    UNION ALL
    SELECT o.id, 'language', unnest(o.languages)
    FROM organisations_organisation o WHERE o.id = ANY (ids)
    UNION ALL
    SELECT o.id, 'kept', CASE WHEN EXISTS (
        SELECT FROM organisations_teammember t WHERE t.organisation_id = o.id
    ) THEN 'team' ELSE 'sources' END
    FROM organisations_organisation o WHERE o.id = ANY (ids)
    UNION
    SELECT s.organisation_id, f.facet, up.up_id::text
    FROM directory_stated(ids) s
    JOIN directory_concept_up up ON up.concept_id = s.concept_id,
    LATERAL (VALUES ('concept'), (s.role)) f (facet)
    UNION
    SELECT t.organisation_id, 'concept', up.up_id::text
    FROM organisations_sector t
    JOIN directory_concept_up up ON up.concept_id = t.concept_id
    WHERE t.organisation_id = ANY (ids)
    UNION
    SELECT s.organisation_id, 'role', s.role
    FROM directory_stated(ids) s
    UNION
    SELECT s.organisation_id, 'trl', level::text
    FROM directory_stated(ids) s, generate_series(s.trl_from::int, s.trl_to::int) level
    WHERE s.trl_from IS NOT NULL
    UNION
    SELECT m.member_id, 'network', m.cluster_id::text
    FROM organisations_clustermembership m WHERE m.member_id = ANY (ids)
    UNION
    SELECT p.organisation_id, 'took_part', i.kind
    FROM initiatives_participation p JOIN initiatives_initiative i ON i.id = p.initiative_id
    WHERE p.organisation_id = ANY (ids)
$$;

-- Where an initiative is: its own regions, and the places of its participants as its page shows them,
-- home regions of public organisations alone.
CREATE OR REPLACE FUNCTION directory_initiative_values(ids bigint[])
RETURNS TABLE (object_id bigint, facet text, value text)
LANGUAGE sql STABLE
AS $$
    SELECT i.id, f.facet, f.value
    FROM initiatives_initiative i,
    LATERAL (VALUES
        ('stage', i.kind), ('running', i.status), ('year', date_part('year', i.start_date)::text),
        ('invented', 'no')
    ) f (facet, value)
    WHERE i.id = ANY (ids) AND f.value <> ''
    UNION
    SELECT r.initiative_id, 'region', r.region_id::text
    FROM initiatives_initiativeregion r WHERE r.initiative_id = ANY (ids)
    UNION
    SELECT r.initiative_id, 'country', region.country_id
    FROM initiatives_initiativeregion r JOIN regions_region region ON region.id = r.region_id
    WHERE r.initiative_id = ANY (ids) AND region.country_id IS NOT NULL
    UNION
    SELECT p.initiative_id, f.facet, f.value
    FROM initiatives_participation p
    LEFT JOIN organisations_organisation o ON o.id = p.organisation_id AND o.status = 'verified',
    LATERAL (VALUES
        ('region', o.home_region_id::text), ('country', coalesce(o.country_id, p.country_id))
    ) f (facet, value)
    WHERE p.initiative_id = ANY (ids) AND f.value IS NOT NULL
    UNION
    SELECT c.initiative_id, 'concept', up.up_id::text
    FROM initiatives_initiativeconcept c
    JOIN directory_concept_up up ON up.concept_id = c.concept_id
    WHERE c.initiative_id = ANY (ids)
$$;

CREATE OR REPLACE FUNCTION directory_region_values(ids bigint[])
RETURNS TABLE (object_id bigint, facet text, value text)
LANGUAGE sql STABLE
AS $$
    SELECT r.id, f.facet, f.value
    FROM regions_region r,
    LATERAL (VALUES
        ('region', r.id::text), ('country', r.country_id), ('invented', 'no')
    ) f (facet, value)
    WHERE r.id = ANY (ids) AND f.value IS NOT NULL
    UNION
    SELECT m.region_id, 'alliance', m.network_id::text
    FROM regions_networkmembership m WHERE m.region_id = ANY (ids)
    UNION
    SELECT p.region_id, 'concept', up.up_id::text
    FROM regions_priority p
    JOIN directory_concept_up up ON up.concept_id = p.concept_id
    WHERE p.region_id = ANY (ids)
$$;

-- Numbers for values that have none yet. Who needs the same new one waits for who makes it; all do
-- so in one order, or two could wait for each other.
CREATE OR REPLACE FUNCTION directory_number(facets text[], said text[]) RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO directory_value (facet, value)
    SELECT DISTINCT new.facet, new.value
    FROM unnest(facets, said) new (facet, value)
    WHERE NOT EXISTS (
        SELECT FROM directory_value v WHERE v.facet = new.facet AND v.value = new.value
    )
    ORDER BY new.facet, new.value
    ON CONFLICT DO NOTHING
$$;

-- Words of these entries that nobody used before. Nobody waits for another who learns the same ones
-- at this moment: they are learnt once. What that one takes back is learnt by the next night's count,
-- as is a word that shares its lock with another: the server has room for few thousand locks.
CREATE OR REPLACE FUNCTION directory_learn(kind text, ids bigint[]) RETURNS void
LANGUAGE sql
AS $$
    WITH unknown AS MATERIALIZED (
        SELECT DISTINCT w.lexeme AS word
        FROM directory_entry e, unnest(e.words) w
        WHERE e.of = kind AND e.object_id = ANY (ids) AND e.is_public
          AND w.lexeme !~ '^#' AND length(w.lexeme) BETWEEN 2 AND 40
          AND NOT EXISTS (SELECT FROM directory_word known WHERE known.word = w.lexeme)
    )
    INSERT INTO directory_word (word, stems, entries)
    SELECT word, directory_stems(word), 1 FROM unknown
    WHERE pg_try_advisory_xact_lock(hashtext('directory_word'), hashtext(word) & 1023)
    ORDER BY word
    ON CONFLICT DO NOTHING
$$;

-- Who changes the same entries is waited for, before they are made from what stands then. Twice: a
-- fill may have put others in their place while the first waited.
CREATE OR REPLACE FUNCTION directory_wait(kind text, ids bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    FOR turn IN 1..2 LOOP
        PERFORM FROM directory_entry e
        WHERE e.of = kind AND e.object_id = ANY (ids) ORDER BY e.id FOR UPDATE;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION directory_lexemes(facets text[], said text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT CASE f.facet
        WHEN 'concept' THEN '#c' WHEN 'region' THEN '#r' WHEN 'country' THEN '#n'
        WHEN 'kind' THEN '#k' END || f.value
    ), '{}'))
    FROM unnest(facets, said) f (facet, value)
    WHERE f.facet IN ('concept', 'region', 'country', 'kind')
$$;

CREATE OR REPLACE FUNCTION directory_refresh_organisations(ids bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facets text[];
    said text[];
BEGIN
    PERFORM directory_wait('organisation', ids);
    DELETE FROM directory_entry e
    WHERE e.of = 'organisation' AND e.object_id = ANY (ids) AND NOT EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id = e.object_id AND o.status <> 'archived'
    );
    ids := ARRAY(
        SELECT o.id FROM organisations_organisation o
        WHERE o.id = ANY (ids) AND o.status <> 'archived'
    );
    SELECT array_agg(v.facet), array_agg(v.value) INTO facets, said
    FROM (SELECT DISTINCT v.facet, v.value FROM directory_organisation_values(ids) v) v;
    PERFORM directory_number(facets, said);
    INSERT INTO directory_entry
        (what, of, object_id, is_public, title, short_title, names, words, codes, standing)
    SELECT CASE WHEN o.kind = 'cluster' THEN 'cluster' ELSE 'organisation' END, 'organisation',
           o.id, o.status = 'verified', o.name, o.short_name,
           directory_vector(o.name || ' ' || o.short_name, 'A'),
           directory_vector(o.name || ' ' || o.short_name, 'A')
           || directory_vector(o.city, 'B')
           || directory_vector(own.texts, 'C')
           || directory_vector(o.description, 'D')
           || directory_lexemes(have.facets, have.said),
           have.codes,
           -- whatever is real comes before what is invented
           coalesce(shown.projects, 0) + least(coalesce(own.total, 0), 20)
           - CASE WHEN o.is_illustrative THEN 1000000 ELSE 0 END
    FROM organisations_organisation o
    LEFT JOIN (
        SELECT v.object_id, array_agg(n.id::integer ORDER BY n.id) AS codes,
               array_agg(v.facet) AS facets, array_agg(v.value) AS said
        FROM directory_organisation_values(ids) v
        JOIN directory_value n ON n.facet = v.facet AND n.value = v.value
        GROUP BY v.object_id
    ) have ON have.object_id = o.id
    LEFT JOIN (
        SELECT s.organisation_id, string_agg(s.text, ' ' ORDER BY s.id) AS texts,
               count(*) AS total
        FROM directory_stated(ids) s
        GROUP BY s.organisation_id
    ) own ON own.organisation_id = o.id
    LEFT JOIN (
        SELECT p.organisation_id, count(*) AS projects
        FROM initiatives_participation p WHERE p.organisation_id = ANY (ids)
        GROUP BY p.organisation_id
    ) shown ON shown.organisation_id = o.id
    WHERE o.id = ANY (ids)
    ORDER BY coalesce(shown.projects, 0) DESC, o.id
    ON CONFLICT (of, object_id) DO UPDATE SET
        what = EXCLUDED.what, is_public = EXCLUDED.is_public, title = EXCLUDED.title,
        short_title = EXCLUDED.short_title, names = EXCLUDED.names, words = EXCLUDED.words, codes = EXCLUDED.codes,
        standing = EXCLUDED.standing
    WHERE (directory_entry.what, directory_entry.is_public, directory_entry.title,
           directory_entry.short_title, directory_entry.words, directory_entry.codes,
           directory_entry.standing)
          IS DISTINCT FROM
          (EXCLUDED.what, EXCLUDED.is_public, EXCLUDED.title, EXCLUDED.short_title,
           EXCLUDED.words, EXCLUDED.codes, EXCLUDED.standing);
    PERFORM directory_learn('organisation', ids);
END $$;

CREATE OR REPLACE FUNCTION directory_refresh_initiatives(ids bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facets text[];
    said text[];
BEGIN
    PERFORM directory_wait('initiative', ids);
    DELETE FROM directory_entry e
    WHERE e.of = 'initiative' AND e.object_id = ANY (ids)
      AND NOT EXISTS (SELECT FROM initiatives_initiative i WHERE i.id = e.object_id);
    SELECT array_agg(v.facet), array_agg(v.value) INTO facets, said
    FROM (SELECT DISTINCT v.facet, v.value FROM directory_initiative_values(ids) v) v;
    PERFORM directory_number(facets, said);
    INSERT INTO directory_entry
        (what, of, object_id, is_public, title, short_title, names, words, codes, standing)
    SELECT 'initiative', 'initiative', i.id, true, i.name, i.acronym,
           directory_vector(i.name || ' ' || i.acronym, 'A'),
           directory_vector(i.name || ' ' || i.acronym, 'A')
           || directory_vector(i.place || ' ' || i.lead_name, 'B')
           || directory_vector(i.description, 'D')
           || directory_lexemes(have.facets, have.said),
           coalesce(have.codes, '{}'),
           -- an initiative that is presented in its own right before the many projects
           CASE WHEN i.kind = 'project' THEN least(coalesce(shown.total, 0), 99)
           ELSE 100 + coalesce(shown.total, 0) END
    FROM initiatives_initiative i
    LEFT JOIN (
        SELECT v.object_id, array_agg(n.id::integer ORDER BY n.id) AS codes,
               array_agg(v.facet) AS facets, array_agg(v.value) AS said
        FROM directory_initiative_values(ids) v
        JOIN directory_value n ON n.facet = v.facet AND n.value = v.value
        GROUP BY v.object_id
    ) have ON have.object_id = i.id
    LEFT JOIN (
        SELECT p.initiative_id, count(*) AS total
        FROM initiatives_participation p WHERE p.initiative_id = ANY (ids)
        GROUP BY p.initiative_id
    ) shown ON shown.initiative_id = i.id
    WHERE i.id = ANY (ids)
    ON CONFLICT (of, object_id) DO UPDATE SET
        title = EXCLUDED.title, short_title = EXCLUDED.short_title, names = EXCLUDED.names, words = EXCLUDED.words,
        codes = EXCLUDED.codes, standing = EXCLUDED.standing
    WHERE (directory_entry.title, directory_entry.short_title, directory_entry.words,
           directory_entry.codes, directory_entry.standing)
          IS DISTINCT FROM
          (EXCLUDED.title, EXCLUDED.short_title, EXCLUDED.words, EXCLUDED.codes, EXCLUDED.standing);
    PERFORM directory_learn('initiative', ids);
END $$;

-- The initiatives that these organisations take part in: who comes to be public, goes or moves,
-- changes where they are. Whatever follows an organisation's change locks its entry before this.
CREATE OR REPLACE FUNCTION directory_refresh_taken_part(organisations bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    ids bigint[] := ARRAY(
        SELECT DISTINCT p.initiative_id FROM initiatives_participation p
        WHERE p.organisation_id = ANY (organisations)
    );
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM directory_refresh_initiatives(ids);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION directory_refresh_regions(ids bigint[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    facets text[];
    said text[];
BEGIN
    PERFORM directory_wait('region', ids);
    DELETE FROM directory_entry e
    WHERE e.of = 'region' AND e.object_id = ANY (ids)
      AND NOT EXISTS (SELECT FROM regions_region r WHERE r.id = e.object_id);
    SELECT array_agg(v.facet), array_agg(v.value) INTO facets, said
    FROM (SELECT DISTINCT v.facet, v.value FROM directory_region_values(ids) v) v;
    PERFORM directory_number(facets, said);
    INSERT INTO directory_entry
        (what, of, object_id, is_public, title, short_title, names, words, codes, standing)
    SELECT 'region', 'region', r.id, true, r.name, '',
           directory_vector(r.name || ' ' || r.local_name, 'A'),
           directory_vector(r.name || ' ' || r.local_name, 'A')
           || directory_vector(r.capital, 'B')
           || directory_vector(stated.texts, 'C')
           || directory_vector(r.summary, 'D')
           || directory_lexemes(have.facets, have.said),
           coalesce(have.codes, '{}'), 1000
    FROM regions_region r
    LEFT JOIN (
        SELECT v.object_id, array_agg(n.id::integer ORDER BY n.id) AS codes,
               array_agg(v.facet) AS facets, array_agg(v.value) AS said
        FROM directory_region_values(ids) v
        JOIN directory_value n ON n.facet = v.facet AND n.value = v.value
        GROUP BY v.object_id
    ) have ON have.object_id = r.id
    LEFT JOIN (
        SELECT p.region_id, string_agg(p.title, ' ' ORDER BY p.id) AS texts
        FROM regions_priority p WHERE p.region_id = ANY (ids) GROUP BY p.region_id
    ) stated ON stated.region_id = r.id
    WHERE r.id = ANY (ids)
    ON CONFLICT (of, object_id) DO UPDATE SET
        title = EXCLUDED.title, names = EXCLUDED.names, words = EXCLUDED.words, codes = EXCLUDED.codes
    WHERE (directory_entry.title, directory_entry.words, directory_entry.codes)
          IS DISTINCT FROM (EXCLUDED.title, EXCLUDED.words, EXCLUDED.codes);
    PERFORM directory_learn('region', ids);
END $$;

-- After a change of concepts or of their relations: what is broader than what, and the entries of
-- which that changes the values.
CREATE OR REPLACE FUNCTION directory_note_concepts() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    changed bigint[];
BEGIN
    WITH gone AS (
        DELETE FROM directory_concept_up kept
        WHERE NOT EXISTS (
            SELECT FROM directory_concept_now n
            WHERE n.concept_id = kept.concept_id AND n.up_id = kept.up_id
        )
        RETURNING kept.concept_id
    ), come AS (
        INSERT INTO directory_concept_up
        SELECT n.concept_id, n.up_id FROM directory_concept_now n
        WHERE NOT EXISTS (
            SELECT FROM directory_concept_up kept
            WHERE n.concept_id = kept.concept_id AND n.up_id = kept.up_id
        )
        RETURNING concept_id
    )
    SELECT array_agg(DISTINCT concept_id) INTO changed
    FROM (SELECT concept_id FROM gone UNION ALL SELECT concept_id FROM come) both_;
    IF changed IS NULL OR current_setting('regions_meet.derived', true) = 'later' THEN
        RETURN NULL;
    END IF;
    PERFORM directory_refresh_organisations(ids) FROM (
        SELECT array_agg(DISTINCT said.organisation_id) AS ids FROM (
            SELECT s.organisation_id FROM organisations_statement s WHERE s.concept_id = ANY (changed)
            UNION
            SELECT t.organisation_id FROM organisations_sector t WHERE t.concept_id = ANY (changed)
        ) said
    ) changed_ones WHERE ids IS NOT NULL;
    PERFORM directory_refresh_initiatives(ids) FROM (
        SELECT array_agg(DISTINCT c.initiative_id) AS ids
        FROM initiatives_initiativeconcept c WHERE c.concept_id = ANY (changed)
    ) changed_ones WHERE ids IS NOT NULL;
    PERFORM directory_refresh_regions(ids) FROM (
        SELECT array_agg(DISTINCT p.region_id) AS ids
        FROM regions_priority p WHERE p.concept_id = ANY (changed)
    ) changed_ones WHERE ids IS NOT NULL;
    RETURN NULL;
END $$;
