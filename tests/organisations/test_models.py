"""What the database holds: one valid object, and one refusal for each broken direction."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import (
    ClusterMembershipFactory,
    ConceptFactory,
    CountryFactory,
    NutsUnitFactory,
    OrganisationFactory,
    RegionFactory,
    SectorFactory,
    StatementFactory,
    TeamMemberFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"pic": None},
        {"pic": "999844573"},
        {"latitude": None, "longitude": None},
        {"latitude": -90, "longitude": 180},
        {"nuts3": None, "home_region": None, "country": None},
    ],
)
def test_valid_organisations(values):
    OrganisationFactory(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"pic": "12345678"}, "organisation_pic_nine_digits"),
        ({"pic": "12345678a"}, "organisation_pic_nine_digits"),
        ({"pic": ""}, "organisation_pic_nine_digits"),
        ({"latitude": 50, "longitude": None}, "organisation_coordinates"),
        ({"latitude": None, "longitude": 20}, "organisation_coordinates"),
        ({"latitude": 90.1, "longitude": 0}, "organisation_coordinates"),
        ({"latitude": 0, "longitude": -180.1}, "organisation_coordinates"),
    ],
)
def test_invalid_organisations(values, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OrganisationFactory(**values)


def test_a_place_needs_its_region():
    country = CountryFactory()
    unit = NutsUnitFactory(country=country, home_region=RegionFactory(country=country))
    OrganisationFactory(country=country, nuts3=unit, home_region=unit.home_region)

    with pytest.raises(IntegrityError, match="organisation_place_has_region"):
        OrganisationFactory(country=country, nuts3=unit, home_region=None)


@pytest.mark.parametrize("field", ["slug", "pic"])
def test_slug_and_pic_are_unique(field):
    OrganisationFactory(slug="one", pic="999844573")
    values = {"slug": "two", "pic": "999844574"} | {
        field: {"slug": "one", "pic": "999844573"}[field]
    }

    with pytest.raises(IntegrityError, match=f"organisations_organisation_{field}"):
        OrganisationFactory(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"weight": 1},
        {"weight": 3},
        {"trl_from": None, "trl_to": None},
        {"trl_from": 1, "trl_to": 9},
        {"trl_from": 4, "trl_to": 4},
    ],
)
def test_valid_statements(values):
    StatementFactory(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"weight": 0}, "statement_weight_1_to_3"),
        ({"weight": 4}, "statement_weight_1_to_3"),
        ({"trl_from": 0, "trl_to": 3}, "statement_trl_1_to_9"),
        ({"trl_from": 3, "trl_to": 10}, "statement_trl_1_to_9"),
        ({"trl_from": 5, "trl_to": 4}, "statement_trl_1_to_9"),
        ({"trl_from": 5, "trl_to": None}, "statement_trl_1_to_9"),
        ({"trl_from": None, "trl_to": 5}, "statement_trl_1_to_9"),
    ],
)
def test_invalid_statements(values, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        StatementFactory(**values)


def test_declared_and_demonstrated_stand_side_by_side():
    values = {"organisation": OrganisationFactory(), "concept": ConceptFactory(), "role": "offers"}
    StatementFactory(**values, origin="declared")
    StatementFactory(**values, origin="demonstrated")

    with pytest.raises(IntegrityError, match="statement_unique"):
        StatementFactory(**values, origin="demonstrated")


def test_a_cluster_is_not_its_own_member():
    cluster = OrganisationFactory(kind="cluster")
    ClusterMembershipFactory(cluster=cluster, member=OrganisationFactory())

    with pytest.raises(IntegrityError, match="cluster_membership_of_two"):
        ClusterMembershipFactory(cluster=cluster, member=cluster)


@pytest.mark.parametrize(
    ("factory", "pair", "constraint"),
    [
        (ClusterMembershipFactory, ("cluster", "member"), "cluster_membership_unique"),
        (SectorFactory, ("organisation", "concept"), "sector_unique"),
        (TeamMemberFactory, ("organisation", "user"), "team_member_unique"),
    ],
)
def test_the_same_pair_only_once(factory, pair, constraint):
    first = factory()
    values = {name: getattr(first, name) for name in pair}
    factory(**{pair[0]: values[pair[0]]})

    with pytest.raises(IntegrityError, match=constraint):
        factory(**values)


@pytest.mark.parametrize(
    ("name", "short_name", "told"),
    [
        ("Université d’Orléans", "UORL", "Université d’Orléans (UORL)"),
        ("Université d’Orléans", "", "Université d’Orléans"),
        ("CIMES Cluster", "Cimes", "CIMES Cluster"),
    ],
)
def test_the_full_name_has_the_short_one_in_brackets(name, short_name, told):
    assert OrganisationFactory.build(name=name, short_name=short_name).named_in_full == told
