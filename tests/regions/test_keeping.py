"""Rules of keeping a dossier: who, with which source, and without overwriting anybody."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from matching.outbox.models import Change
from regions import keeping
from regions.keeping import EditedMeanwhile, NewSource, NotByHand, digest_of
from regions.models import (
    Distinction,
    KeyFigure,
    Priority,
    Region,
    RegionContact,
    RegionRole,
    Source,
)
from regions.reference import load_reference
from tests.factories import (
    ConceptFactory,
    IndicatorFactory,
    KeyFigureFactory,
    PriorityFactory,
    RegionFactory,
    SourceFactory,
    UserFactory,
)
from tests.regions.dossiers.conftest import keeper_of

pytestmark = pytest.mark.django_db
NEW = NewSource("Yearbook 2024", "Statistical Office", "https://example.org/yearbook")


@pytest.fixture
def region():
    return RegionFactory(slug="dossier-region")


@pytest.fixture
def declared():
    return SourceFactory(slug="yearbook", standing=Source.Standing.DECLARED)


@pytest.fixture
def keeper(region):
    return keeper_of(region)


def figure(region, **fields):
    fields = {"indicator": IndicatorFactory(), "value": Decimal("3.5"), "year": 2022, **fields}
    return KeyFigure(region=region, **fields)


def test_a_fact_is_added_with_a_new_source_and_its_writer(region, keeper):
    row = keeping.add(fact=figure(region), by=keeper, new_source=NEW)
    assert (row.source.title, row.source.standing) == ("Yearbook 2024", "declared")
    assert row.history.get().history_user == keeper
    again = keeping.add(fact=figure(region, year=2023), by=keeper, new_source=NEW)
    assert again.source == row.source


def test_only_those_who_keep_the_dossier_write(region, keeper):
    row = keeping.add(fact=figure(region), by=keeper, new_source=NEW)
    others = [
        UserFactory(),
        keeper_of(RegionFactory()),
        keeper_of(region, RegionRole.Role.MODERATOR),
    ]
    for by in others:
        with pytest.raises(PermissionDenied):
            keeping.add(fact=figure(region, year=2020), by=by, new_source=NEW)
        with pytest.raises(PermissionDenied):
            keeping.change(fact=row, expected=digest_of(row), by=by)
        with pytest.raises(PermissionDenied):
            keeping.delete(fact=row, expected=digest_of(row), by=by)
        with pytest.raises(PermissionDenied):
            keeping.describe(region=region, expected="", by=by)
    keeping.delete(fact=row, expected=digest_of(row), by=UserFactory(administrator=True))


def test_a_row_of_another_region_is_not_moved_into_ones_own(region, keeper):
    foreign = KeyFigureFactory()
    foreign.region = region
    with pytest.raises(PermissionDenied):
        keeping.change(fact=foreign, expected=digest_of(foreign), by=keeper)


@pytest.mark.parametrize("year", [None, 1899, 2999])
def test_a_figure_has_a_year_that_has_been(region, keeper, year):
    with pytest.raises(ValidationError) as refusal:
        keeping.add(fact=figure(region, year=year), by=keeper, new_source=NEW)
    assert "year" in refusal.value.message_dict
    assert not Source.objects.filter(title=NEW.title).exists()


def test_a_source_is_needed_and_is_one_that_the_region_cites(region, keeper):
    checked = SourceFactory(slug="checked")
    elsewhere = KeyFigureFactory(
        source=SourceFactory(slug="other", standing=Source.Standing.DECLARED)
    )
    KeyFigureFactory(region=region, source=checked)
    for source in (None, checked, elsewhere.source, SourceFactory(slug="eurostat-2020")):
        with pytest.raises(ValidationError) as refusal:
            keeping.add(fact=figure(region, source=source), by=keeper)
        assert "source" in refusal.value.message_dict


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "javascript:alert(1)"])
def test_a_new_sources_address_is_public(region, keeper, url):
    with pytest.raises(ValidationError) as refusal:
        keeping.add(fact=figure(region), by=keeper, new_source=NewSource("A", "", url))
    assert "new_url" in refusal.value.message_dict


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(region, keeper):
    row = keeping.add(fact=figure(region), by=keeper, new_source=NEW)
    opened = digest_of(row)
    row.value = Decimal("4")
    keeping.change(fact=row, expected=opened, by=keeper)
    late = KeyFigure.objects.get(pk=row.pk)
    late.value = Decimal("5")
    with pytest.raises(EditedMeanwhile) as clash:
        keeping.change(fact=late, expected=opened, by=keeper)
    assert clash.value.present.value == 4
    assert KeyFigure.objects.get(pk=row.pk).value == 4
    with pytest.raises(EditedMeanwhile):
        keeping.delete(fact=late, expected=opened, by=keeper)
    fresh = KeyFigure.objects.get(pk=row.pk)
    assert keeping.delete(fact=fresh, expected=digest_of(fresh), by=keeper)
    assert not keeping.delete(fact=late, expected=opened, by=keeper)


def test_the_year_and_the_indicator_of_a_figure_stay(region, keeper):
    row = keeping.add(fact=figure(region), by=keeper, new_source=NEW)
    opened = digest_of(row)
    row.year, row.indicator, row.value = 2023, IndicatorFactory(slug="area"), Decimal("4")
    keeping.change(fact=row, expected=opened, by=keeper)
    stored = KeyFigure.objects.get(pk=row.pk)
    assert (stored.year, stored.indicator.slug, stored.value) == (2022, "population", 4)


def test_a_year_that_was_missing_is_given_once(region, keeper, declared):
    row = KeyFigureFactory(region=region, year=None, source=declared)
    opened, row.year = digest_of(row), 2019
    assert keeping.change(fact=row, expected=opened, by=keeper).year == 2019


def test_what_a_checked_source_said_is_not_put_into_its_mouth(region, keeper):
    row = KeyFigureFactory(region=region)
    row.refresh_from_db()
    opened, row.value = digest_of(row), Decimal("9")
    with pytest.raises(ValidationError) as refusal:
        keeping.change(fact=row, expected=opened, by=keeper)
    assert "source" in refusal.value.message_dict
    keeping.change(fact=row, expected=opened, by=keeper, new_source=NEW)
    assert KeyFigure.objects.get(pk=row.pk).source.title == NEW.title


def test_figures_and_ranks_of_the_site_are_not_changed_by_hand(region, keeper):
    row = KeyFigureFactory(
        region=region,
        source=SourceFactory(slug="eurostat-2020"),
        rank=3,
        rank_scope=KeyFigure.Scope.COUNTRY,
    )
    row.refresh_from_db()
    opened, row.rank = digest_of(row), 1
    with pytest.raises(NotByHand):
        keeping.change(fact=row, expected=opened, by=keeper, new_source=NEW)
    with pytest.raises(NotByHand):
        keeping.delete(fact=row, expected=opened, by=keeper)
    assert KeyFigure.objects.get(pk=row.pk).rank == 3


@pytest.mark.parametrize(
    "office",
    [
        "jan.kowalski@example.org",
        "Mr Jan Kowalski",
        "Department of Economy, Dr. Anna Nowak",
        "Mme Martin",
        "M. Dupont",
        "Pani Łucja Nowak",
        "Office (Prof Ćwik)",
    ],
)
def test_people_are_no_offices(region, keeper, office):
    contact = RegionContact(region=region, office=office)
    with pytest.raises(ValidationError) as refusal:
        keeping.add(fact=contact, by=keeper, new_source=NEW)
    assert "office" in refusal.value.message_dict


@pytest.mark.parametrize(
    "office",
    ["Department of Economic Development", "Pan European Office", "DR Kongo desk", "Drive East"],
)
def test_offices_are_offices(region, keeper, office):
    contact = RegionContact(region=region, office=office, website="https://example.org/office")
    assert keeping.add(fact=contact, by=keeper, new_source=NEW).pk


def test_the_summary_has_a_source(region, keeper):
    region.summary = "A region of mountains."
    opened = digest_of(Region.objects.get(pk=region.pk), keeping.ABOUT)
    with pytest.raises(ValidationError) as refusal:
        keeping.describe(region=region, expected=opened, by=keeper)
    assert "summary_source" in refusal.value.message_dict
    done = keeping.describe(region=region, expected=opened, by=keeper, new_source=NEW)
    assert done.summary_source.title == NEW.title
    assert Region.objects.get(pk=region.pk).summary == "A region of mountains."
    with pytest.raises(EditedMeanwhile):
        keeping.describe(region=region, expected=opened, by=keeper, new_source=NEW)


def test_describing_leaves_everything_else_of_the_region(region, keeper):
    opened = digest_of(region, keeping.ABOUT)
    region.name, region.capital = "Another name", "Kraków"
    keeping.describe(region=region, expected=opened, by=keeper)
    stored = Region.objects.get(pk=region.pk)
    assert (stored.capital, stored.name != "Another name") == ("Kraków", True)


def test_a_priority_is_noted_for_the_match_index(region, keeper):
    Change.objects.all().delete()
    priority = Priority(region=region, concept=ConceptFactory(), kind=Priority.Kind.THEME)
    keeping.add(fact=priority, by=keeper, new_source=NEW)
    noted = Change.objects.values_list("organisation_id", flat=True)
    assert list(noted) == [Change.Mark.SURROUNDINGS]


def test_as_it_was_loaded_is_kept_in_the_history(region, keeper):
    Priority.objects.bulk_create(
        [
            PriorityFactory.build(
                region=region, concept=ConceptFactory(), source=SourceFactory(), title="As it was"
            )
        ]
    )
    row = Priority.objects.get()
    opened, row.title = digest_of(row), "As it is"
    keeping.change(fact=row, expected=opened, by=keeper, new_source=NEW)
    assert [record.title for record in row.history.all()] == ["As it is", "As it was"]
    assert {record.history_change_reason for record in row.history.all()} == {
        keeping.DOSSIER,
        keeping.AS_LOADED,
    }


@pytest.mark.usefixtures("reference")
def test_loading_the_reference_data_again_undoes_no_edit():
    region = Region.objects.get(slug="malopolska")
    keeper = keeper_of(region)
    changed = region.key_figures.filter(source__slug="founding-presentation").first()
    opened, changed.value, changed.year = digest_of(changed), Decimal("42"), 2020
    keeping.change(fact=changed, expected=opened, by=keeper, new_source=NEW)
    renamed = region.priorities.first()
    before = (renamed.kind, renamed.concept_id, renamed.title)
    opened, renamed.title = digest_of(renamed), "In our own words"
    keeping.change(fact=renamed, expected=opened, by=keeper, new_source=NEW)
    for row in (region.distinctions.first(), region.contacts.first()):
        keeping.delete(fact=row, expected=digest_of(row), by=keeper)
    region.capital, region.summary = "Kraków (PL)", ""
    keeping.describe(
        region=region,
        expected=digest_of(Region.objects.get(pk=region.pk), keeping.ABOUT),
        by=keeper,
    )
    counts = [model.objects.filter(region=region).count() for model in MODELS]
    loaded = load_reference()
    assert all(change.added == change.changed == 0 for change in loaded.values())
    assert counts == [model.objects.filter(region=region).count() for model in MODELS]
    assert KeyFigure.objects.get(pk=changed.pk).value == 42
    kind, concept, title = before
    assert not region.priorities.filter(kind=kind, concept=concept, title=title).exists()
    region.refresh_from_db()
    assert (region.capital, region.summary) == ("Kraków (PL)", "")


MODELS = (KeyFigure, Priority, Distinction, RegionContact)
