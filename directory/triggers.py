"""The triggers that keep the directory true: what they watch, and the SQL that makes them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from regions.bulk import PAUSED

FEW: Final = 200
"""Up to so many rows at once follow the plan for few; it would compare each of very many with each
of the others. ``plan_cache_mode`` lasts until the trigger is
done, ``enable_nestloop`` is given back by it."""

NOTE: Final = f"""
CREATE OR REPLACE FUNCTION directory_note() RETURNS trigger LANGUAGE plpgsql
-- a plan for any few rows is as good as one made anew for each change, which would take longer
SET plan_cache_mode TO force_generic_plan AS $$
DECLARE
    ids bigint[];
BEGIN
    IF current_setting('{PAUSED}', true) = 'later' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %1$s) FROM after_rows', TG_ARGV[0]) INTO ids;
    ELSIF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT array_agg(DISTINCT %1$s) FROM before_rows', TG_ARGV[0]) INTO ids;
    ELSE
        EXECUTE format(
            'SELECT array_agg(DISTINCT entry_id) FROM ('
            '(SELECT %1$s AS entry_id, %2$s FROM before_rows'
            ' EXCEPT SELECT %1$s, %2$s FROM after_rows)'
            ' UNION ALL '
            '(SELECT %1$s AS entry_id, %2$s FROM after_rows'
            ' EXCEPT SELECT %1$s, %2$s FROM before_rows)'
            ') changed', TG_ARGV[0], TG_ARGV[2]) INTO ids;
    END IF;
    ids := array_remove(ids, NULL);
    IF cardinality(ids) > {FEW} THEN
        PERFORM set_config('plan_cache_mode', 'force_custom_plan', true);
        -- what was written just now has no statistics: each row would be compared with each
        PERFORM set_config('enable_nestloop', 'off', true);
    END IF;
    IF cardinality(ids) > 0 THEN
        EXECUTE format('SELECT %I($1)', TG_ARGV[1]) USING ids;
    END IF;
    PERFORM set_config('enable_nestloop', 'on', true);
    RETURN NULL;
END $$;
"""


class Watched(NamedTuple):
    """Changes of these columns of a table change the entries that ``key`` names, after those that
    ``then`` comes after: by the order of names, as PostgreSQL calls triggers.

    Of a participation, and of an organisation, the organisation's entry is locked first and the
    initiative's made after it. Who takes part anew and who withdraws meanwhile wait for each other
    there, and the later one sees what the earlier did.
    """

    table: str
    key: str
    refreshes: str
    columns: str
    then: bool = False
    operations: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")


ORGANISATIONS: Final = "directory_refresh_organisations"
INITIATIVES: Final = "directory_refresh_initiatives"
TAKEN_PART: Final = "directory_refresh_taken_part"
REGIONS: Final = "directory_refresh_regions"

WATCHED: Final = (
    Watched(
        "organisations_organisation",
        "id",
        ORGANISATIONS,
        "name, short_name, kind, status, description, city, country_id, home_region_id, size,"
        " label, languages, is_illustrative",
    ),
    Watched(
        "organisations_statement",
        "organisation_id",
        ORGANISATIONS,
        "id, concept_id, role, text, trl_from, trl_to",
    ),
    Watched(
        "organisations_organisation",
        "id",
        TAKEN_PART,
        # nobody takes part who is written just now, or was taken away
        "CASE WHEN status = ''verified'' THEN home_region_id END,"
        " CASE WHEN status = ''verified'' THEN country_id END",
        then=True,
        operations=("UPDATE",),
    ),
    Watched("organisations_sector", "organisation_id", ORGANISATIONS, "id, concept_id"),
    Watched("organisations_clustermembership", "member_id", ORGANISATIONS, "id, cluster_id"),
    Watched("organisations_teammember", "organisation_id", ORGANISATIONS, "id"),
    Watched("initiatives_participation", "organisation_id", ORGANISATIONS, "id, initiative_id"),
    Watched(
        "initiatives_participation",
        "initiative_id",
        INITIATIVES,
        "id, organisation_id, country_id",
        then=True,
    ),
    Watched(
        "initiatives_initiative",
        "id",
        INITIATIVES,
        "name, acronym, kind, status, description, place, lead_name, start_date",
    ),
    Watched("initiatives_initiativeregion", "initiative_id", INITIATIVES, "id, region_id"),
    Watched("initiatives_initiativeconcept", "initiative_id", INITIATIVES, "id, concept_id"),
    Watched("regions_region", "id", REGIONS, "name, local_name, capital, summary, country_id"),
    Watched("regions_networkmembership", "region_id", REGIONS, "id, network_id"),
    Watched("regions_priority", "region_id", REGIONS, "id, concept_id, title"),
)

CONCEPTS: Final = ("regions_concept", "regions_conceptrelation")

TABLES: Final = {
    "INSERT": "NEW TABLE AS after_rows",
    "UPDATE": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "DELETE": "OLD TABLE AS before_rows",
}


def _of(watched: Watched) -> Iterator[tuple[str, str]]:
    kind = watched.refreshes.removeprefix("directory_refresh_")
    turn = "then_" if watched.then else ""
    for operation in watched.operations:
        name = f"directory_{turn}{kind}_{operation.lower()}"
        yield (
            f"CREATE TRIGGER {name} AFTER {operation} ON {watched.table}"
            f" REFERENCING {TABLES[operation]} FOR EACH STATEMENT EXECUTE FUNCTION"
            f" directory_note('{watched.key}', '{watched.refreshes}', '{watched.columns}');",
            f"DROP TRIGGER IF EXISTS {name} ON {watched.table};",
        )


def made() -> str:
    makes = [make for watched in WATCHED for make, _drop in _of(watched)]
    makes += [
        f"CREATE TRIGGER directory_concepts AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION directory_note_concepts();"
        for table in CONCEPTS
    ]
    return NOTE + "\n".join(makes)


def without() -> str:
    """Takes the triggers away, those that there are."""
    drops = "\n".join(drop for watched in WATCHED for _make, drop in _of(watched))
    return drops + "".join(
        f"\nDROP TRIGGER IF EXISTS directory_concepts ON {table};" for table in CONCEPTS
    )


def dropped() -> str:
    return without() + "\nDROP FUNCTION directory_note();"
