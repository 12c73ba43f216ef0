"""The outbox, the triggers that write it, and the lists kept for digests.

Statement-level triggers with transition tables: a statement that writes many rows notes each
organisation once, and a transaction that writes many statements too (`outbox_once_per_transaction`).
Only columns that matching reads count as a change.
"""

import django.db.models.deletion
from django.db import migrations, models

import matching.outbox.models

FUNCTIONS = """
CREATE FUNCTION matching_note_organisations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO matching_outbox (organisation_id)
        SELECT id FROM after_rows
        ON CONFLICT DO NOTHING;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO matching_outbox (organisation_id)
        SELECT id FROM before_rows
        ON CONFLICT DO NOTHING;
    ELSE
        -- where it is at home decides, too, whether its partners' projects cross a border
        WITH changed AS (
            SELECT coalesce(a.id, b.id) AS id,
                   (a.home_region_id, a.country_id)
                   IS DISTINCT FROM (b.home_region_id, b.country_id) AS moved
            FROM before_rows b FULL JOIN after_rows a USING (id)
            WHERE (a.status, a.kind, a.home_region_id, a.country_id)
                  IS DISTINCT FROM (b.status, b.kind, b.home_region_id, b.country_id)
        )
        INSERT INTO matching_outbox (organisation_id)
        SELECT id FROM changed
        UNION
        SELECT p.organisation_id
        FROM initiatives_participation p
        WHERE p.organisation_id IS NOT NULL AND p.initiative_id IN (
            SELECT q.initiative_id
            FROM changed c
            JOIN initiatives_participation q ON q.organisation_id = c.id
            JOIN initiatives_initiative i ON i.id = q.initiative_id
            WHERE c.moved AND i.kind = 'project'
        )
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION matching_note_statements() RETURNS trigger LANGUAGE plpgsql AS $$
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
            SELECT organisation_id, concept_id, role, weight, valid_until FROM before_rows
            EXCEPT ALL
            SELECT organisation_id, concept_id, role, weight, valid_until FROM after_rows
        ) gone
        UNION
        SELECT organisation_id FROM (
            SELECT organisation_id, concept_id, role, weight, valid_until FROM after_rows
            EXCEPT ALL
            SELECT organisation_id, concept_id, role, weight, valid_until FROM before_rows
        ) come
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

-- one more participant weakens the ties of all others of the project: all of them changed
CREATE FUNCTION matching_note_participants(initiatives bigint[], organisations bigint[])
RETURNS void LANGUAGE sql AS $$
    INSERT INTO matching_outbox (organisation_id)
    SELECT o FROM unnest(organisations) o WHERE o IS NOT NULL
    UNION
    SELECT p.organisation_id
    FROM initiatives_participation p
    WHERE p.organisation_id IS NOT NULL AND p.initiative_id = ANY(initiatives)
    ON CONFLICT DO NOTHING;
$$;

CREATE FUNCTION matching_note_participations() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    initiatives bigint[];
    organisations bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT r.initiative_id), array_agg(DISTINCT r.organisation_id)
        INTO initiatives, organisations
        FROM after_rows r
        WHERE NOT EXISTS (SELECT FROM initiatives_initiative i
                          WHERE i.id = r.initiative_id AND i.kind <> 'project');
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT r.initiative_id), array_agg(DISTINCT r.organisation_id)
        INTO initiatives, organisations
        FROM before_rows r
        WHERE NOT EXISTS (SELECT FROM initiatives_initiative i
                          WHERE i.id = r.initiative_id AND i.kind <> 'project');
    ELSE
        SELECT array_agg(DISTINCT r.initiative_id), array_agg(DISTINCT r.organisation_id)
        INTO initiatives, organisations
        FROM (
            (SELECT id, initiative_id, organisation_id, pic, country_id FROM before_rows
             EXCEPT
             SELECT id, initiative_id, organisation_id, pic, country_id FROM after_rows)
            UNION ALL
            (SELECT id, initiative_id, organisation_id, pic, country_id FROM after_rows
             EXCEPT
             SELECT id, initiative_id, organisation_id, pic, country_id FROM before_rows)
        ) r
        WHERE NOT EXISTS (SELECT FROM initiatives_initiative i
                          WHERE i.id = r.initiative_id AND i.kind <> 'project');
    END IF;
    PERFORM matching_note_participants(initiatives, organisations);
    RETURN NULL;
END $$;

CREATE FUNCTION matching_note_initiatives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    initiatives bigint[];
BEGIN
    SELECT array_agg(id) INTO initiatives
    FROM before_rows b FULL JOIN after_rows a USING (id)
    WHERE (a.start_date, a.kind) IS DISTINCT FROM (b.start_date, b.kind)
      AND (a.kind = 'project' OR b.kind = 'project');
    PERFORM matching_note_participants(initiatives, NULL);
    RETURN NULL;
END $$;

-- facts that all pairs share; the argument names the columns that matter
CREATE FUNCTION matching_note_surroundings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    differs boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT EXISTS (SELECT FROM after_rows) INTO differs;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT EXISTS (SELECT FROM before_rows) INTO differs;
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format('SELECT EXISTS ('
                       '(SELECT %1$s FROM before_rows EXCEPT ALL SELECT %1$s FROM after_rows)'
                       ' UNION ALL '
                       '(SELECT %1$s FROM after_rows EXCEPT ALL SELECT %1$s FROM before_rows))',
                       TG_ARGV[0])
        INTO differs;
    ELSE
        differs := true;
    END IF;
    IF differs THEN
        INSERT INTO matching_outbox (organisation_id) VALUES (-1) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION matching_note_everything() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_outbox (organisation_id) VALUES (0) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION matching_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM after_rows) THEN
        PERFORM pg_notify('matching_outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER matching_wake AFTER INSERT ON matching_outbox
    REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION matching_wake();
"""

REMOVE_FUNCTIONS = """
DROP TRIGGER matching_wake ON matching_outbox;
DROP FUNCTION matching_wake;
DROP FUNCTION matching_note_everything;
DROP FUNCTION matching_note_surroundings;
DROP FUNCTION matching_note_initiatives;
DROP FUNCTION matching_note_participations;
DROP FUNCTION matching_note_participants;
DROP FUNCTION matching_note_statements;
DROP FUNCTION matching_note_organisations;
"""

ROWS = {
    "insert": "NEW TABLE AS after_rows",
    "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "OLD TABLE AS before_rows",
}

NOTED = [
    # table, function, its argument, what it watches
    ("organisations_organisation", "organisations", "", ("insert", "update", "delete")),
    ("organisations_statement", "statements", "", ("insert", "update", "delete")),
    ("initiatives_participation", "participations", "", ("insert", "update", "delete")),
    ("initiatives_initiative", "initiatives", "", ("update",)),
    (
        "regions_conceptrelation",
        "surroundings",
        "kind, source_id, target_id, weight",
        ("insert", "update", "delete"),
    ),
    ("regions_concept", "surroundings", "id, vocabulary_id", ("update",)),
    ("regions_vocabulary", "surroundings", "id, scheme", ("update",)),
    ("regions_region", "surroundings", "id, kind", ("update",)),
    (
        "regions_priority",
        "surroundings",
        "region_id, concept_id, is_historic",
        ("insert", "update", "delete"),
    ),
    (
        "regions_networkmembership",
        "surroundings",
        "region_id, network_id",
        ("insert", "update", "delete"),
    ),
]

EMPTIED = {
    "matching_outbox": "everything",
    "organisations_organisation": "everything",
    "organisations_statement": "everything",
    "initiatives_participation": "everything",
    "initiatives_initiative": "everything",
    "regions_conceptrelation": "surroundings",
    "regions_priority": "surroundings",
    "regions_networkmembership": "surroundings",
}


def triggers():
    """Pairs of the statement that makes a trigger and the one that removes it."""
    for table, function, columns, events in NOTED:
        argument = f"'{columns}'" if columns else ""
        for event in events:
            yield (
                f"CREATE TRIGGER matching_{event} AFTER {event.upper()} ON {table}"
                f" REFERENCING {ROWS[event]} FOR EACH STATEMENT"
                f" EXECUTE FUNCTION matching_note_{function}({argument})",
                f"DROP TRIGGER matching_{event} ON {table}",
            )
    for table, function in EMPTIED.items():
        yield (
            f"CREATE TRIGGER matching_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION matching_note_{function}()",
            f"DROP TRIGGER matching_truncate ON {table}",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0002_prior_weights"),
        ("organisations", "0003_withdrawn_index"),
        ("initiatives", "0004_initiative_further_sources"),
        ("regions", "0006_distinction_note_source"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "xid",
                    matching.outbox.models.TransactionIdField(
                        db_default=models.Func(
                            function="pg_current_xact_id",
                            output_field=matching.outbox.models.TransactionIdField(),
                        ),
                        verbose_name="transaction",
                    ),
                ),
                ("organisation_id", models.BigIntegerField(verbose_name="organisation")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="clock_timestamp", output_field=models.DateTimeField()
                        ),
                        verbose_name="changed",
                    ),
                ),
            ],
            options={
                "verbose_name": "change to be matched",
                "verbose_name_plural": "changes to be matched",
                "db_table": "matching_outbox",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("xid", "organisation_id"), name="outbox_once_per_transaction"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pruning",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "below",
                    matching.outbox.models.TransactionIdField(verbose_name="below this transaction"),
                ),
            ],
            options={
                "verbose_name": "pruning of the outbox",
                "verbose_name_plural": "prunings of the outbox",
                "db_table": "matching_outbox_pruning",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="outbox_pruning_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SuggestionList",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="suggestion_list",
                        serialize=False,
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                ("index_checksum", models.CharField(max_length=64, verbose_name="index")),
                (
                    "index_changes",
                    models.PositiveIntegerField(verbose_name="changes applied to the index"),
                ),
                (
                    "scoring_version",
                    models.CharField(max_length=40, verbose_name="version of the weights"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("items", models.JSONField(default=list, verbose_name="suggestions")),
            ],
            options={
                "verbose_name": "list of suggestions",
                "verbose_name_plural": "lists of suggestions",
                "ordering": ["organisation"],
                "indexes": [models.Index(fields=["made_at"], name="suggestion_list_made_at")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, REMOVE_FUNCTIONS),
        *(migrations.RunSQL(make, remove) for make, remove in triggers()),
    ]
