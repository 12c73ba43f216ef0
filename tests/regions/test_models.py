"""The database refuses what the field forbids: one valid row, one refusal for each direction."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from regions.models import ConceptRelation, KeyFigure
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    CountryFactory,
    DistinctionFactory,
    KeyFigureFactory,
    NetworkMembershipFactory,
    NutsUnitFactory,
    PriorityFactory,
    RegionContactFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint, make):
    """Making the row breaks this constraint and no other."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make()
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_a_country_has_an_english_name():
    CountryFactory(code="PL", labels={"en": "Poland"})
    refused("country_has_english_name", lambda: CountryFactory(code="FR", labels={"fr": "France"}))


def test_a_region_s_slug_is_its_own():
    RegionFactory(slug="malopolska")
    with pytest.raises(IntegrityError):
        RegionFactory(slug="malopolska")


def test_a_nuts_3_unit_and_no_other_has_a_home_region():
    home = RegionFactory()
    NutsUnitFactory(level=3, home_region=home)
    NutsUnitFactory(level=2, home_region=None)
    refused(
        "nuts3_has_one_home_region", lambda: NutsUnitFactory(level=3, home_region=None, code="A")
    )
    refused(
        "nuts3_has_one_home_region", lambda: NutsUnitFactory(level=2, home_region=home, code="B")
    )


@pytest.mark.parametrize("level", [4, 9])
def test_nuts_has_levels_0_to_3(level):
    for valid in range(3):
        NutsUnitFactory(level=valid, home_region=None)
    # no level above 3 satisfies the rule about home regions either
    with pytest.raises(IntegrityError, match=r"nuts_level_0_to_3|nuts3_has_one_home_region"):
        NutsUnitFactory(level=level, home_region=None)


def test_a_nuts_code_is_unique_in_its_version():
    home = RegionFactory()
    NutsUnitFactory(version=2021, code="PL213", home_region=home)
    NutsUnitFactory(version=2024, code="PL213", home_region=home)
    refused(
        "nuts_unit_unique",
        lambda: NutsUnitFactory(version=2021, code="PL213", home_region=home),
    )


def test_a_concept_has_an_english_label_and_a_code_of_its_own():
    concept = ConceptFactory(code="green", labels={"en": "Green"})
    refused(
        "concept_has_english_label",
        lambda: ConceptFactory(vocabulary=concept.vocabulary, labels={"pl": "Zielony"}),
    )
    refused(
        "concept_code_unique",
        lambda: ConceptFactory(vocabulary=concept.vocabulary, code="green"),
    )


def test_a_relation_joins_two_concepts_once():
    first, second = ConceptFactory(), ConceptFactory()
    kind = ConceptRelation.Kind.THEME
    ConceptRelationFactory(kind=kind, source=first, target=second)
    ConceptRelationFactory(kind=kind, source=second, target=first)
    refused(
        "concept_relation_unique",
        lambda: ConceptRelationFactory(kind=kind, source=first, target=second),
    )
    refused(
        "concept_relation_of_two",
        lambda: ConceptRelationFactory(kind=kind, source=first, target=first),
    )


def test_a_relation_weighs_1_to_9():
    ConceptRelationFactory(weight=1)
    ConceptRelationFactory(weight=9)
    for weight in (0, 10):
        refused("concept_relation_weight_1_to_9", lambda w=weight: ConceptRelationFactory(weight=w))


def test_a_priority_is_stated_once():
    priority = PriorityFactory(title="")
    same = {
        "region": priority.region,
        "kind": priority.kind,
        "concept": priority.concept,
        "source": priority.source,
    }
    PriorityFactory(**same, title="In other words")
    refused("priority_unique", lambda: PriorityFactory(**same, title=""))


@pytest.mark.parametrize("year", [1899, 2101])
def test_reference_years_are_plausible(year):
    PriorityFactory(year=None)
    PriorityFactory(year=2013)
    KeyFigureFactory(year=2021)
    refused("priority_year", lambda: PriorityFactory(year=year))
    refused("key_figure_year", lambda: KeyFigureFactory(year=year))


def test_a_figure_is_recorded_once_for_a_year_and_source():
    figure = KeyFigureFactory(year=None)
    same = {"region": figure.region, "indicator": figure.indicator, "source": figure.source}
    KeyFigureFactory(**same, year=2021)
    refused("key_figure_unique", lambda: KeyFigureFactory(**same, year=None))
    refused("key_figure_unique", lambda: KeyFigureFactory(**same, year=2021))


def test_a_rank_has_its_scope():
    KeyFigureFactory(rank=4, rank_scope=KeyFigure.Scope.COUNTRY)
    refused("key_figure_rank_has_scope", lambda: KeyFigureFactory(rank=4, rank_scope=""))
    refused("key_figure_rank_has_scope", lambda: KeyFigureFactory(rank=None, rank_scope="country"))
    refused("key_figure_rank_has_scope", lambda: KeyFigureFactory(rank=0, rank_scope="country"))


def test_a_rank_is_at_most_the_number_ranked():
    KeyFigureFactory(rank=16, rank_scope="country", rank_of=16)
    refused(
        "key_figure_rank_within",
        lambda: KeyFigureFactory(rank=17, rank_scope="country", rank_of=16),
    )
    refused("key_figure_rank_within", lambda: KeyFigureFactory(rank=None, rank_of=16))


def test_a_distinction_is_recorded_once():
    one = DistinctionFactory(year=None)
    refused(
        "distinction_unique",
        lambda: DistinctionFactory(region=one.region, title=one.title, year=None),
    )


def test_a_region_is_in_a_network_once():
    one = NetworkMembershipFactory()
    refused(
        "network_membership_unique",
        lambda: NetworkMembershipFactory(network=one.network, region=one.region, role="lead"),
    )


def test_an_office_is_listed_once():
    one = RegionContactFactory()
    refused(
        "region_contact_unique",
        lambda: RegionContactFactory(region=one.region, office=one.office),
    )


def test_a_home_region_with_units_cannot_be_deleted():
    unit = NutsUnitFactory()
    with pytest.raises(ProtectedError):
        unit.home_region.delete()


@pytest.mark.parametrize("make", [CountryFactory, ConceptFactory])
@pytest.mark.parametrize(
    "labels",
    [
        {"en": "nu\0l"},
        {"en": "One", "fr": "two\nlines"},
        {"en": ""},
        {"en": " "},
        {"fr": "Un"},
        {"en": "x" * 301},
        {},
    ],
)
def test_labels_that_cannot_be_stored_are_an_error_of_the_form(administrator, make, labels):
    row = make(labels={"en": "Before"})
    model = row._meta.model_name
    page = f"/admin/regions/{model}/{row.pk}/change/"
    typed = {f"labels_{language}": label for language, label in labels.items()}
    answer = administrator.post(page, typed)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["labels"]
    row.refresh_from_db()
    assert row.labels == {"en": "Before"}


def test_labels_by_language_are_kept(administrator):
    row = ConceptFactory()
    labels = {"en": "Hydrogen", "fr": "Hydrogène", "mt": "Idroġenu", "el": "Υδρογόνο"}
    form = {
        "vocabulary": row.vocabulary_id,
        "code": row.code,
        "position": 0,
        **{f"labels_{language}": label for language, label in labels.items()},
        "labels_de": " ",
        "labels_xx": "no language",
    }
    page = f"/admin/regions/concept/{row.pk}/change/"
    assert administrator.post(page, form).status_code == 302
    row.refresh_from_db()
    assert row.labels == labels
