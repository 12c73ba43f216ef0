import datetime

import pytest
from django.http import QueryDict

from initiatives.filters import InitiativeFilter
from initiatives.models import Initiative
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def initiatives():
    malopolska = RegionFactory(slug="malopolska")
    valley = InitiativeFactory(
        slug="valley",
        name="Hydrogen Valley",
        kind=Initiative.Kind.VALLEY,
        status=Initiative.Status.RUNNING,
        place="Kraków",
        start_date=datetime.date(2022, 1, 1),
        end_date=None,
    )
    project = InitiativeFactory(slug="project", name="Storing", acronym="STØR")
    InitiativeFactory(slug="undated", start_date=None, end_date=None)
    InitiativeRegionFactory(initiative=valley, region=malopolska)
    for _again in range(2):
        ParticipationFactory(
            initiative=project, organisation=OrganisationFactory(home_region=malopolska)
        )
    storage = ConceptFactory(code="storage")
    InitiativeConceptFactory(initiative=valley, concept=ConceptFactory(broader=storage))
    part = ConceptFactory(code="sc3")
    ConceptRelationFactory(source=part, target=ConceptFactory(code="green-transition"))
    ConceptRelationFactory(source=part, target=ConceptFactory(code="next"), kind="neighbour")
    InitiativeConceptFactory(initiative=project, concept=part)


def test_where_participants_are_who_are_not_public_is_not_told(initiatives):
    berlin = RegionFactory(slug="berlin")
    for status in ("draft", "rejected", "archived"):
        ParticipationFactory(
            initiative=Initiative.objects.get(slug="project"),
            organisation=OrganisationFactory(home_region=berlin, status=status),
        )
    filterset = InitiativeFilter(QueryDict("region=berlin"), queryset=Initiative.objects.all())
    assert not filterset.qs


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"valley", "project", "undated"}),
        ("q=hydrogen", {"valley"}),
        ("q=krakow", {"valley"}),
        ("q=stor", {"project"}),
        ("kind=project", {"project", "undated"}),
        ("status=running", {"valley"}),
        ("region=malopolska", {"valley", "project"}),
        ("concept=themes:storage", {"valley"}),
        ("concept=themes:green-transition", {"project"}),
        ("concept=themes:next", set()),
        ("year_from=2017", {"valley"}),
        ("year_to=2016", {"project"}),
        ("year_from=2016&year_to=2022", {"valley", "project"}),
    ],
)
def test_initiatives(initiatives, query, slugs):
    filterset = InitiativeFilter(QueryDict(query), queryset=Initiative.objects.all())
    assert filterset.is_valid(), filterset.errors
    found = [initiative.slug for initiative in filterset.qs]
    assert len(found) == len(slugs)
    assert set(found) == slugs


@pytest.mark.parametrize(
    "query",
    [
        "kind=party",
        "status=finished",
        "region=atlantis",
        "concept=x",
        "year_from=1899",
        "year_to=2016.5",
        "year_to=99999999999999999999",
        "year_from=MMXVI",
    ],
)
def test_malformed_values_are_refused(initiatives, query):
    filterset = InitiativeFilter(QueryDict(query), queryset=Initiative.objects.all())
    assert set(filterset.errors) == {query.partition("=")[0]}
