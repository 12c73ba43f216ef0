"""Filling a database with invented profiles, and taking them away again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from initiatives import synthetic
from initiatives.models import Initiative, Participation
from initiatives.synthetic import filling
from organisations.models import Organisation, Statement
from regions import bulk
from regions.models import NutsUnit, Source
from tests.factories import (
    ConceptFactory,
    CountryFactory,
    InitiativeFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    StatementFactory,
    TeamMemberFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference():
    """Three places in two countries and forty concepts of the vocabularies that are used."""
    for code, country in (("FRK26", "FR"), ("PL213", "PL"), ("PL214", "PL")):
        land = CountryFactory(code=country)
        NutsUnitFactory(
            version=NutsUnit.Version.V2021,
            code=code,
            level=3,
            name=f"Place {code}",
            country=land,
            home_region=RegionFactory(country=land),
        )
    for scheme in ("hydrogen-value-chain", "euroscivoc", "themes", "h2020-programme-parts"):
        vocabulary = VocabularyFactory(scheme=scheme)
        ConceptFactory.create_batch(10, vocabulary=vocabulary)


def run(**options):
    out = StringIO()
    call_command("make_synthetic", stdout=out, verbosity=1, **options)
    return out.getvalue()


def picture():
    """Everything about the synthetic organisations that the seed decides."""
    return (
        list(
            Organisation.objects.filter(source__slug="synthetic")
            .order_by("pk")
            .values_list("slug", "name", "kind", "city", "home_region_id", "description")
        ),
        sorted(Statement.objects.values_list("organisation__slug", "role", "concept_id", "weight")),
        sorted(
            Participation.objects.values_list(
                "initiative__slug", "initiative__start_date", "organisation__slug", "role"
            )
        ),
    )


def test_profiles_are_whole_marked_and_of_several_kinds(reference):
    said = run(organisations=200)
    made = Organisation.objects.filter(source__slug="synthetic")
    assert made.count() == 200
    assert "Added 200 organisations" in said
    assert not made.exclude(is_illustrative=True, status="verified").exists()
    assert not made.exclude(slug__startswith="synthetic-").exists()
    assert made.filter(nuts3__isnull=False, home_region__isnull=False).count() == 200
    assert made.values("kind").distinct().count() >= 6
    for organisation in made.prefetch_related("statements")[:20]:
        organisation.full_clean()
        roles = {statement.role for statement in organisation.statements.all()}
        assert roles == {"needs", "offers", "interested"}
    assert Initiative.objects.filter(source__slug="synthetic").count() == 50
    assert Participation.objects.filter(role="coordinator").count() == 50
    assert Participation.objects.count() > 100


def test_few_concepts_are_common_and_most_are_rare(reference):
    run(organisations=300)
    counts = sorted(
        (
            Statement.objects.filter(role="offers", concept=concept).count()
            for concept in Statement.objects.filter(role="offers")
            .values_list("concept", flat=True)
            .distinct()
        ),
        reverse=True,
    )
    assert counts[0] > 5 * counts[-1]


def test_the_same_seed_gives_the_same_profiles(reference):
    run(organisations=60, seed=7)
    first = picture()
    run(remove=True)
    run(organisations=60, seed=7)
    assert picture() == first
    run(remove=True)
    run(organisations=60, seed=8)
    assert picture() != first


def test_pieces_make_one_whole(reference, monkeypatch):
    monkeypatch.setattr(filling, "AT_ONCE", 16)
    run(organisations=70)
    assert Organisation.objects.filter(source__slug="synthetic").count() == 70
    assert Initiative.objects.filter(source__slug="synthetic").count() == 17


def indexes_and_constraints():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text = ANY(%s)",
            [[model._meta.db_table for model in filling.TABLES]] * 2,
        )
        return sorted(row for (row,) in cursor.fetchall())


def test_in_bulk_the_same_is_made_and_every_index_comes_back(reference, monkeypatch):
    before = indexes_and_constraints()
    run(organisations=60, seed=7)
    first = picture()
    run(remove=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    monkeypatch.setattr(bulk, "FROM", 1)
    run(organisations=60, seed=7)
    assert picture() == first
    assert indexes_and_constraints() == before
    assert len(before) > 30


def test_more_are_added_to_those_that_are_here(reference):
    run(organisations=30)
    assert "30 synthetic ones are here" in run(organisations=5, dry_run=True)
    run(organisations=5)
    assert Organisation.objects.filter(source__slug="synthetic").count() == 35


def test_remove_takes_exactly_the_synthetic_away(reference):
    real = OrganisationFactory()
    StatementFactory(organisation=real)
    project = InitiativeFactory(kind="project")
    ParticipationFactory(initiative=project, organisation=real)
    before = (
        set(Organisation.objects.values_list("pk", flat=True)),
        set(Statement.objects.values_list("pk", flat=True)),
        set(Initiative.objects.values_list("pk", flat=True)),
        set(Participation.objects.values_list("pk", flat=True)),
        set(Source.objects.values_list("pk", flat=True)),
    )
    run(organisations=40)
    follower = Organisation.objects.filter(source__slug="synthetic").first()
    TeamMemberFactory(organisation=follower)
    assert "Removed 40 organisations" in run(remove=True)
    assert before == (
        set(Organisation.objects.values_list("pk", flat=True)),
        set(Statement.objects.values_list("pk", flat=True)),
        set(Initiative.objects.values_list("pk", flat=True)),
        set(Participation.objects.values_list("pk", flat=True)),
        set(Source.objects.values_list("pk", flat=True)),
    )


def test_a_database_with_real_members_is_refused_unless_told(reference):
    TeamMemberFactory(organisation=OrganisationFactory())
    with pytest.raises(CommandError, match=r"real people.*--yes"):
        run(organisations=10)
    assert not Organisation.objects.filter(source__slug="synthetic").exists()
    run(organisations=10, yes=True)
    assert Organisation.objects.filter(source__slug="synthetic").count() == 10


def test_a_dry_run_changes_nothing(reference):
    assert "Would add 10 invented organisations in 3 places" in run(organisations=10, dry_run=True)
    assert not Source.objects.filter(slug="synthetic").exists()
    run(organisations=10)
    assert "Would remove 10" in run(remove=True, dry_run=True)
    assert Organisation.objects.filter(source__slug="synthetic").count() == 10


def test_without_reference_data_it_says_what_to_do():
    with pytest.raises(CommandError, match="load_reference"):
        run(organisations=10)


def test_a_number_below_one_is_refused(reference):
    with pytest.raises(synthetic.SyntheticError, match="at least 1"):
        synthetic.plan(organisations=0)
