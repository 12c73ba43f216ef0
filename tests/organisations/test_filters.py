import pytest
from django.http import QueryDict

from organisations.filters import OrganisationFilter
from organisations.models import Organisation, Statement
from regions.models import Region
from tests.factories import (
    ConceptFactory,
    CountryFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    SectorFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db


def found(query):
    filterset = OrganisationFilter(QueryDict(query), queryset=Organisation.objects.all())
    assert filterset.is_valid(), filterset.errors
    slugs = [organisation.slug for organisation in filterset.qs]
    assert len(slugs) == len(set(slugs))
    return set(slugs)


@pytest.fixture
def organisations():
    france = CountryFactory(code="FR")
    malopolska = RegionFactory(slug="malopolska")
    ara = RegionFactory(slug="auvergne-rhone-alpes", country=france)
    unit = NutsUnitFactory(code="FRK26", country=france, home_region=ara)
    area = RegionFactory(slug="rhone-alpes", kind=Region.Kind.AREA, country=france)
    area.nuts_units.set([unit])
    agh = OrganisationFactory(
        slug="agh",
        name="Akademia Górniczo-Hutnicza",
        short_name="AGH",
        city="Kraków",
        kind=Organisation.Kind.UNIVERSITY,
        home_region=malopolska,
    )
    lyon = OrganisationFactory(
        slug="lyon", name="Lyon Tanks", city="Lyon", home_region=ara, nuts3=unit, kind="sme"
    )
    OrganisationFactory(
        slug="invented", name="Invented", city="Vichy", home_region=ara, is_illustrative=True
    )
    storage = ConceptFactory(code="storage", label="Storage")
    tanks = ConceptFactory(code="tanks", label="Tanks", broader=storage)
    transport = ConceptFactory(code="transport", label="Transport")
    StatementFactory(organisation=agh, concept=storage, role=Statement.Role.NEEDS)
    StatementFactory(organisation=agh, concept=transport, role=Statement.Role.OFFERS)
    StatementFactory(organisation=lyon, concept=tanks, role=Statement.Role.OFFERS)
    StatementFactory(
        organisation=lyon,
        concept=tanks,
        role=Statement.Role.OFFERS,
        origin=Statement.Origin.DEMONSTRATED,
    )
    ParticipationFactory(organisation=agh)
    ParticipationFactory(organisation=agh)


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"agh", "lyon", "invented"}),
        ("q=gorniczo", {"agh"}),
        ("q=Kraków agh", {"agh"}),
        ("q=krakow lyon", set()),
        ("q=AGH", {"agh"}),
        ("region=auvergne-rhone-alpes", {"lyon", "invented"}),
        ("region=rhone-alpes", {"lyon"}),
        ("country=PL", {"agh"}),
        ("kind=university", {"agh"}),
        ("role=offers", {"agh", "lyon"}),
        ("role=needs", {"agh"}),
        ("concept=themes:storage", {"agh", "lyon"}),
        ("concept=themes:tanks", {"lyon"}),
        ("concept=themes:storage&role=offers", {"lyon"}),
        ("concept=themes:storage&role=needs", {"agh"}),
        ("concept=themes:transport&role=needs", set()),
        ("has_projects=true", {"agh"}),
        ("has_projects=false", {"lyon", "invented"}),
        ("illustrative=true", {"invented"}),
        ("illustrative=false", {"agh", "lyon"}),
    ],
)
def test_organisations(organisations, query, slugs):
    assert found(query) == slugs


def test_sector_counts_where_no_role_is_asked_for(organisations):
    sector = ConceptFactory(code="energy", label="Energy")
    cluster = OrganisationFactory(slug="cluster", kind=Organisation.Kind.CLUSTER)
    SectorFactory(organisation=cluster, concept=sector)
    assert found("concept=themes:energy") == {"cluster"}
    assert found("concept=themes:energy&role=offers") == set()


@pytest.mark.parametrize(
    "query",
    [
        "region=atlantis",
        "country=XX",
        "kind=cartel",
        "role=wants",
        "concept=storage",
        "concept=themes:unknown",
        "concept=:",
        "has_projects=perhaps",
        "illustrative=1",
        "q=" + "x" * 101,
    ],
)
def test_malformed_values_are_refused(organisations, query):
    name = query.partition("=")[0]
    filterset = OrganisationFilter(QueryDict(query), queryset=Organisation.objects.all())
    assert set(filterset.errors) == {name}
    assert filterset.errors[name][0]
