"""The pages on which a regional authority keeps its dossier."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from regions.models import (
    Distinction,
    KeyFigure,
    Priority,
    Region,
    RegionContact,
    RegionRole,
    Source,
)
from tests.conftest import signed_in
from tests.factories import (
    ConceptFactory,
    DistinctionFactory,
    IndicatorFactory,
    KeyFigureFactory,
    PriorityFactory,
    RegionContactFactory,
    RegionFactory,
    SourceFactory,
)
from tests.regions.dossiers.conftest import keeper_of

pytestmark = pytest.mark.django_db
THIS_YEAR = timezone.localdate().year
SOURCE = {"new_title": "Yearbook", "new_publisher": "Office", "new_url": "example.org/yearbook"}


def address(name="dossier", *args, slug="malopolska"):
    return reverse(f"regions:{name}", args=[slug, *args])


def opened_in(page):
    return page.context["form"]["opened"].value()


def facts_of(region, source):
    return {
        "figures": KeyFigureFactory(region=region, source=source),
        "priorities": PriorityFactory(region=region, source=source),
        "distinctions": DistinctionFactory(region=region, source=source),
        "contacts": RegionContactFactory(region=region, source=source),
    }


# who


def every_page(facts):
    yield address()
    yield address("dossier-about")
    for section, fact in facts.items():
        yield address("dossier-add", section)
        yield address("dossier-change", section, fact.pk)
        yield address("dossier-delete", section, fact.pk)


def test_keepers_and_administrators_edit_others_only_read(
    anonymous, stranger, client_of_keeper, administrator, region, declared
):
    facts = facts_of(region, declared)
    moderator = signed_in(keeper_of(region, RegionRole.Role.MODERATOR))
    neighbour = signed_in(keeper_of(RegionFactory()))
    for page in every_page(facts):
        assert anonymous.get(page).url.startswith(reverse("account_login")), page
        for client in (stranger, moderator, neighbour):
            assert client.get(page).status_code == 403, page
            assert client.post(page).status_code == (405 if page == address() else 403), page
        assert client_of_keeper.get(page).status_code == 200, page
        assert administrator.get(page).status_code == 200, page
    for model in (KeyFigure, Priority, Distinction, RegionContact):
        assert model.objects.count() == 1


def test_what_is_not_there_is_404(client_of_keeper, region):
    foreign = KeyFigureFactory()
    for page in (
        address(slug="nowhere"),
        address("dossier-add", "images"),
        address("dossier-change", "figures", foreign.pk),
        address("dossier-change", "images", 1),
    ):
        assert client_of_keeper.get(page).status_code == 404
    gone = client_of_keeper.post(address("dossier-delete", "figures", foreign.pk))
    assert gone.status_code == 302
    assert KeyFigure.objects.filter(pk=foreign.pk).exists()


def test_the_regions_page_shows_the_way_to_its_keepers_alone(
    anonymous, stranger, client_of_keeper, region
):
    page = region.get_absolute_url()
    for client, is_shown in ((anonymous, False), (stranger, False), (client_of_keeper, True)):
        assert (address() in client.get(page).content.decode()) == is_shown


# the overview


def test_old_figures_and_missing_parts_are_flagged(client_of_keeper, region, declared):
    old, new = IndicatorFactory(slug="old"), IndicatorFactory(slug="new")
    KeyFigureFactory(region=region, indicator=old, year=THIS_YEAR - 8, source=declared)
    KeyFigureFactory(region=region, indicator=new, year=THIS_YEAR - 8, source=declared)
    KeyFigureFactory(region=region, indicator=new, year=THIS_YEAR - 1, source=declared)
    KeyFigureFactory(
        region=region, indicator=IndicatorFactory(slug="undated"), year=None, source=declared
    )
    page = client_of_keeper.get(address())
    assert [row.indicator.slug for row in page.context["stale"]] == ["old", "undated"]
    text = page.content.decode()
    assert "8 years old" in text
    assert f"{address('dossier-add', 'figures')}?indicator=old" in text
    assert len(page.context["missing"]) == 5
    PriorityFactory(region=region, is_historic=True)
    assert len(client_of_keeper.get(address()).context["missing"]) == 5
    PriorityFactory(region=region)
    RegionContactFactory(region=region)
    Region.objects.update(summary="A", capital="B", website="https://example.org")
    assert client_of_keeper.get(address()).context["missing"] == []


def test_the_overview_takes_the_same_queries_for_many_facts(
    client_of_keeper, region, declared, connection_queries
):
    facts_of(region, declared)
    for_one = connection_queries(client_of_keeper, address())
    for number in range(8):
        KeyFigureFactory(region=region, indicator=IndicatorFactory(slug=f"i-{number}"))
        PriorityFactory(region=region)
        DistinctionFactory(region=region)
        RegionContactFactory(region=region)
    assert connection_queries(client_of_keeper, address()) == for_one <= 20


# figures


def figure_form(**fields):
    form = {
        "indicator": IndicatorFactory().pk,
        "value": "3,400,000",
        "year": str(THIS_YEAR - 1),
        "rank": "",
        "rank_scope": "",
        **SOURCE,
    }
    return {**form, **fields}


def test_a_newer_figure_is_added_and_the_old_one_stays(client_of_keeper, region):
    old = KeyFigureFactory(region=region, year=2018)
    add = address("dossier-add", "figures")
    page = client_of_keeper.get(add, {"indicator": "population"})
    assert page.context["form"]["indicator"].value() == old.indicator.pk
    done = client_of_keeper.post(add, figure_form(), follow=True)
    assert f"3,400,000 people ({THIS_YEAR - 1})" in done.content.decode()
    values = KeyFigure.objects.filter(region=region).order_by("year").values_list("value", "year")
    assert list(values) == [(Decimal("3500000"), 2018), (Decimal("3400000"), THIS_YEAR - 1)]
    public = client_of_keeper.get(region.get_absolute_url()).content.decode()
    assert public.index("3,400,000") < public.index("3,500,000")
    again = client_of_keeper.post(add, figure_form())
    assert again.status_code == 400
    assert KeyFigure.objects.count() == 2


@pytest.mark.parametrize(("language", "text"), [("fr", "1 234,5"), ("pl", "1 234,5")])
def test_numbers_are_read_as_the_readers_language_writes_them(
    client_of_keeper, region, language, text
):
    client_of_keeper.post(
        address("dossier-add", "figures"),
        figure_form(value=text),
        headers={"accept-language": language},
    )
    assert KeyFigure.objects.get().value == Decimal("1234.5")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("value", {"value": "many"}),
        ("value", {"value": ""}),
        ("value", {"value": "1.234"}),
        ("value", {"value": "9" * 30}),
        ("year", {"year": ""}),
        ("year", {"year": "2999"}),
        ("indicator", {"indicator": "0"}),
        ("rank_scope", {"rank": "3"}),
        ("rank_scope", {"rank_scope": "country"}),
        ("rank", {"rank": "0", "rank_scope": "country"}),
        ("source", {"new_title": "", "new_publisher": "", "new_url": ""}),
        ("new_title", {"new_title": ""}),
        ("new_url", {"new_url": "https://127.0.0.1/"}),
        ("new_url", {"new_url": "javascript:alert(1)"}),
    ],
)
def test_bad_figures_are_refused_beside_the_field(client_of_keeper, region, field, fields):
    page = client_of_keeper.post(address("dossier-add", "figures"), figure_form(**fields))
    assert page.status_code == 400
    assert field in page.context["form"].errors
    assert not KeyFigure.objects.exists()


def test_a_rank_is_within_its_number(client_of_keeper, region):
    page = client_of_keeper.post(
        address("dossier-add", "figures"),
        figure_form(rank="9", rank_scope="country", rank_of="3"),
    )
    assert page.status_code == 400
    assert "at most the number of regions" in page.content.decode()


def test_a_figure_of_the_site_offers_ones_own_instead(client_of_keeper, region):
    figure = KeyFigureFactory(region=region, source=SourceFactory(slug="eurostat-2020"))
    for name in ("dossier-change", "dossier-delete"):
        page = address(name, "figures", figure.pk)
        text = client_of_keeper.get(page).content.decode()
        assert "not changed by hand" in text
        assert f"{address('dossier-add', 'figures')}?indicator=population" in text
        assert client_of_keeper.post(page, {"opened": ""}).status_code == 400
    assert KeyFigure.objects.filter(pk=figure.pk).exists()


# two at once


def test_the_second_of_two_sees_both_versions_and_loses_nothing(client_of_keeper, region, declared):
    colleague = signed_in(keeper_of(region))
    distinction = DistinctionFactory(region=region, source=declared, title="Old title")
    page = address("dossier-change", "distinctions", distinction.pk)
    opened = opened_in(client_of_keeper.get(page))
    form = {"awarded_by": "", "year": "2016", "note": "", "source": declared.pk, "opened": opened}
    assert colleague.post(page, {**form, "title": "Their title"}).status_code == 302
    clash = client_of_keeper.post(page, {**form, "title": "My title", "new_title": "My source"})
    assert clash.status_code == 409
    assert [(clash.theirs, clash.ours) for clash in clash.context["clashes"]] == [
        ("Their title", "My title"),
        ("Regional yearbook", "My source"),
    ]
    text = clash.content.decode()
    assert "Their title" in text
    assert 'value="My title"' in text
    assert Distinction.objects.get().title == "Their title"
    mine = {**form, "title": "My title", "opened": opened_in(clash)}
    assert client_of_keeper.post(page, mine).status_code == 302
    assert Distinction.objects.get().title == "My title"


def test_what_was_deleted_meanwhile_can_be_added_again(client_of_keeper, region, declared):
    colleague = signed_in(keeper_of(region))
    contact = RegionContactFactory(region=region, source=declared)
    page = address("dossier-change", "contacts", contact.pk)
    delete = address("dossier-delete", "contacts", contact.pk)
    opened = opened_in(client_of_keeper.get(page))
    assert colleague.post(delete, {"opened": opened}).status_code == 302
    form = {"office": "My office", "source": "", **SOURCE, "opened": opened}
    late = client_of_keeper.post(page, form)
    assert late.status_code == 409
    assert 'value="My office"' in late.content.decode()
    assert f'action="{address("dossier-add", "contacts")}"' in late.content.decode()
    assert client_of_keeper.post(delete, {"opened": opened}).status_code == 302
    assert client_of_keeper.post(address("dossier-add", "contacts"), form).status_code == 302
    assert RegionContact.objects.get().office == "My office"


def test_deleting_what_changed_meanwhile_asks_again(client_of_keeper, region, declared):
    contact = RegionContactFactory(region=region, source=declared)
    page = address("dossier-delete", "contacts", contact.pk)
    opened = client_of_keeper.get(page).context["opened"]
    RegionContact.objects.update(office="Another office")
    again = client_of_keeper.post(page, {"opened": opened})
    assert again.status_code == 409
    assert "Another office" in again.content.decode()
    client_of_keeper.post(page, {"opened": again.context["opened"]})
    assert not RegionContact.objects.exists()


# the other parts


def test_a_priority_is_found_worded_and_marked_historic(client_of_keeper, region):
    concept = ConceptFactory(labels={"en": "Hydrogen", "pl": "Wodór"})
    add = address("dossier-add", "priorities")
    found = client_of_keeper.get(add, {"q": "wodor"})
    assert f"{add}?concept={concept.pk}" in found.content.decode()
    assert client_of_keeper.get(add, {"concept": concept.pk}).status_code == 200
    form = {"concept": concept.pk, "kind": "theme", "title": "Clean energy", "year": "", **SOURCE}
    assert client_of_keeper.post(add, form).status_code == 302
    priority = Priority.objects.get()
    assert (priority.concept, priority.title, priority.is_historic) == (
        concept,
        "Clean energy",
        False,
    )
    page = address("dossier-change", "priorities", priority.pk)
    opened = opened_in(client_of_keeper.get(page))
    form = {**form, "is_historic": "on", "source": priority.source_id, "opened": opened}
    client_of_keeper.post(page, {**form, "new_title": "", "new_publisher": "", "new_url": ""})
    assert Priority.objects.get().is_historic
    assert client_of_keeper.post(add, {"kind": "theme"}).status_code == 400
    assert client_of_keeper.get(add, {"concept": "x"}).status_code == 404


def test_a_person_is_no_contact_office(client_of_keeper, region):
    form = {"office": "Mr Jan Kowalski", "organisation": "jan@example.org", **SOURCE}
    page = client_of_keeper.post(address("dossier-add", "contacts"), form)
    assert page.status_code == 400
    assert "not a person" in page.content.decode()
    assert not RegionContact.objects.exists()


def test_about_the_region(client_of_keeper, region):
    page = address("dossier-about")
    opened = opened_in(client_of_keeper.get(page))
    form = {"summary": "Mountains <script>", "capital": "Kraków", "website": "malopolska.example"}
    bare = client_of_keeper.post(page, {**form, "opened": opened})
    assert bare.status_code == 400
    assert "source" in bare.context["form"].errors
    inside = {**form, **SOURCE, "website": "https://192.168.0.1/", "opened": opened}
    assert "website" in client_of_keeper.post(page, inside).context["form"].errors
    assert client_of_keeper.post(page, {**form, **SOURCE, "opened": opened}).status_code == 302
    region.refresh_from_db()
    assert (region.capital, region.website) == ("Kraków", "https://malopolska.example")
    assert region.summary_source.standing == Source.Standing.DECLARED
    public = client_of_keeper.get(region.get_absolute_url()).content.decode()
    assert "Mountains &lt;script&gt;" in public
    clash = client_of_keeper.post(page, {**form, **SOURCE, "capital": "Mine", "opened": opened})
    assert clash.status_code == 409
    assert 'value="Mine"' in clash.content.decode()


# history


def test_the_history_says_what_when_and_by_whom_without_names(client_of_keeper, region, declared):
    colleague = keeper_of(region, email="colleague@example.org", name="Somebody Private")
    Distinction.objects.bulk_create(
        [DistinctionFactory.build(region=region, source=declared, title="As loaded", year=2016)]
    )
    page = address("dossier-change", "distinctions", Distinction.objects.get().pk)
    client = signed_in(colleague)
    opened = opened_in(client.get(page))
    form = {"title": "New", "awarded_by": "", "year": "2016", "source": declared.pk}
    client.post(page, {**form, "opened": opened})
    history = client_of_keeper.get(address()).context["history"]
    assert (history[0].who, history[0].done) == ("an editor of the region", "changed")
    assert [(d.theirs, d.ours) for d in history[0].differences] == [("As loaded", "New")]
    text = client_of_keeper.get(address()).content.decode()
    assert "Somebody Private" not in text
    assert "colleague@example.org" not in text
    assert client.get(address()).context["history"][0].who == "you"


def test_the_administrator_gives_the_role(administrator, region):
    page = administrator.get(reverse("admin:regions_region_change", args=[region.pk]))
    assert 'name="roles-TOTAL_FORMS"' in page.content.decode()
