import pytest
from django.http import QueryDict

from regions.filters import ConceptFilter, RegionFilter
from regions.models import Concept, ConceptRelation, Region
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    CountryFactory,
    PriorityFactory,
    RegionFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db


def found(query):
    filterset = RegionFilter(QueryDict(query), queryset=Region.objects.all())
    assert filterset.is_valid(), filterset.errors
    return {region.slug for region in filterset.qs}


def errors(query):
    return set(RegionFilter(QueryDict(query), queryset=Region.objects.all()).errors)


@pytest.fixture
def regions():
    france = CountryFactory(code="FR")
    malopolska = RegionFactory(slug="malopolska", name="Małopolska", capital="Kraków")
    ara = RegionFactory(slug="auvergne-rhone-alpes", name="Auvergne-Rhône-Alpes", country=france)
    RegionFactory(slug="rhone-alpes", name="Rhône-Alpes", kind=Region.Kind.AREA, country=france)
    green = ConceptFactory(code="green-transition", label="Green transition")
    PriorityFactory(region=ara, concept=green)
    hydrogen = ConceptFactory(vocabulary=VocabularyFactory(scheme="sectors"), code="hydrogen")
    ConceptRelationFactory(kind=ConceptRelation.Kind.THEME, source=hydrogen, target=green)
    PriorityFactory(region=malopolska, concept=hydrogen)


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", {"malopolska", "auvergne-rhone-alpes", "rhone-alpes"}),
        ("q=malopolska", {"malopolska"}),
        ("q=MAŁOPOL", {"malopolska"}),
        ("q=krakow", {"malopolska"}),
        ("q=rhone auvergne", {"auvergne-rhone-alpes"}),
        ("q=%25", set()),
        ("country=FR", {"auvergne-rhone-alpes", "rhone-alpes"}),
        ("kind=area", {"rhone-alpes"}),
        ("country=FR&kind=home", {"auvergne-rhone-alpes"}),
    ],
)
def test_regions(regions, query, slugs):
    assert found(query) == slugs


def test_theme_finds_priorities_that_are_the_theme_or_work_on_it(regions):
    assert found("theme=green-transition") == {"malopolska", "auvergne-rhone-alpes"}


@pytest.mark.parametrize(
    "query", ["country=XX", "kind=village", "theme=nothing", "q=" + "x" * 101, "country=PLN"]
)
def test_malformed_values_are_refused(regions, query):
    assert errors(query) == {query.partition("=")[0]}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=wodór", {"hydrogen"}),
        ("q=wodor", {"hydrogen"}),
        ("q=HYDROG", {"hydrogen"}),
        ("q=pl", set()),
        ("scheme=sectors", {"hydrogen"}),
        ("scheme=themes&q=hydrogen", set()),
    ],
)
def test_concepts_by_label_in_any_language_and_by_vocabulary(query, codes):
    ConceptFactory(code="green-transition", label="Green transition")
    ConceptFactory(
        vocabulary=VocabularyFactory(scheme="sectors"),
        code="hydrogen",
        labels={"en": "Hydrogen", "pl": "Wodór"},
    )
    filterset = ConceptFilter(QueryDict(query), queryset=Concept.objects.all())
    assert filterset.is_valid()
    assert {concept.code for concept in filterset.qs} == codes
