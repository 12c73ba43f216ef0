"""The page of the search: every state an address, bad input said and never an error of ours."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.conftest import signed_in
from tests.factories import (
    ConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    RegionFactory,
    StatementFactory,
    TeamMemberFactory,
    UserFactory,
    VocabularyFactory,
)

SEARCH = "/search/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def some(db):
    """Of each kind one, with a value in each facet."""
    region = RegionFactory(name="Małopolska", slug="malopolska")
    segment = ConceptFactory(
        vocabulary=VocabularyFactory(scheme="hydrogen-value-chain"), code="storage",
        labels={"en": "Storage"},
    )  # fmt: skip
    for name, kind in (("Hydrogen Maker", "company"), ("Hydrogen Cluster", "cluster")):
        organisation = OrganisationFactory(name=name, kind=kind, home_region=region)
        StatementFactory(organisation=organisation, concept=segment, role="offers")
    OrganisationFactory(name="Hydrogen School", kind="university", home_region=RegionFactory())
    InitiativeFactory(name="Hydrogen Valley", kind="hydrogen-valley")
    RegionFactory(name="Hydrogenia")
    return region


def names(answer):
    return [row.hit.title for row in answer.context["results"]]


def test_without_words_everything_waits_for_a_question(anonymous, db):
    answer = anonymous.get(SEARCH)
    assert answer.status_code == 200
    assert "found" not in answer.context


def test_one_box_over_everything_and_a_directory_of_each(anonymous, some):
    assert len(names(anonymous.get(SEARCH, {"q": "hydrogen"}))) == 5
    for scope, expected in [
        ("organisations", {"Hydrogen Maker", "Hydrogen School", "Hydrogen Cluster"}),
        ("clusters", {"Hydrogen Cluster"}),
        ("initiatives", {"Hydrogen Valley"}),
        ("regions", {"Hydrogenia"}),
    ]:
        found = anonymous.get(f"/{scope}/", {"q": "hydrogen"})
        assert set(names(found)) == expected
        assert f'/{scope}/?q=hydrogen" aria-current="page"' in text_of(found)


def test_facets_narrow_and_stay_to_be_widened(anonymous, some):
    asked = {"q": "hydrogen", "region": "malopolska", "segment": "hydrogen-value-chain:storage"}
    answer = anonymous.get(SEARCH, asked)
    assert set(names(answer)) == {"Hydrogen Maker", "Hydrogen Cluster"}
    both = anonymous.get(SEARCH, {"q": "hydrogen", "kind": ["company", "university"]})
    assert set(names(both)) == {"Hydrogen Maker", "Hydrogen School"}
    kinds = next(each for each in both.context["offered"] if each.facet.name == "kind")
    assert {choice.written: (choice.count, choice.is_chosen) for choice in kinds.choices} == {
        "company": (1, True),
        "university": (1, True),
        "cluster": (1, False),
    }


@pytest.mark.parametrize(
    ("name", "short", "shown"),
    [
        ("Akademia Górniczo-Hutnicza", "AGH", "AGH"),
        ("AGH University of Kraków", "AGH", ""),
        ("Łódź Works", "lodz works", ""),
        ("Laghouat Works", "AGH", "AGH"),
        ("Works", "", ""),
    ],
)
def test_the_short_name_stands_beside_a_title_that_lacks_it(anonymous, db, name, short, shown):
    OrganisationFactory(name=name, short_name=short)
    answer = anonymous.get("/organisations/")
    assert [row.short_name for row in answer.context["results"]] == [shown]
    assert (f'<span class="short-name">{shown}</span>' in text_of(answer)) == bool(shown)


def test_an_initiative_has_its_name_and_its_acronym(anonymous, db):
    InitiativeFactory(name="Valley of Steel", acronym="STEEL")
    InitiativeFactory(name="Hydrogen for Ships", acronym="H2SHIPS")
    text = text_of(anonymous.get("/initiatives/"))
    assert ">Valley of Steel</a></h3>" in text
    assert '>Hydrogen for Ships</a> <span class="short-name">H2SHIPS</span></h3>' in text


def test_filters_and_map_are_one_link_away_at_the_top(anonymous, some):
    text = text_of(anonymous.get(SEARCH, {"q": "hydrogen", "country": "PL", "kind": "company"}))
    top, _hits = text.split('id="hits-title"')
    assert 'href="#narrow">Filters (2)</a>' in top
    assert 'id="narrow"' in text


def test_no_two_facets_have_one_name(anonymous, some):
    InitiativeFactory(name="Hydrogen Day", kind="event")
    answer = anonymous.get(SEARCH, {"q": "hydrogen"})
    labels = [str(each.facet.label) for each in answer.context["offered"]]
    assert {"Kind of organisation", "Kind of initiative"} <= set(labels)
    assert len(set(labels)) == len(labels)


def test_values_that_do_not_exist_are_said_and_ignored(anonymous, some):
    answer = anonymous.get(
        SEARCH,
        {
            "q": "hydrogen",
            "country": "<XX>",
            "segment": "nace:storage",
            "region": "\x1f",
            "in": "x",
        },
    )
    assert answer.status_code == 200
    assert len(names(answer)) == 5
    text = text_of(answer)
    assert "Country “&lt;XX&gt;” does not exist, and is ignored." in text
    assert "There is no such directory" in text


def test_pages(anonymous, db):
    for number in range(25):
        OrganisationFactory(name=f"Hydrogen {number}")
    first, second = (anonymous.get(SEARCH, {"q": "hydrogen", "page": n}) for n in (1, 2))
    assert len(names(first)) == 20
    assert len({*names(first), *names(second)}) == 25
    for page in ("3", "x", "-1", "9" * 30):
        assert anonymous.get(SEARCH, {"q": "hydrogen", "page": page}).status_code == 404


def test_htmx_gets_the_results_alone(anonymous, some):
    answer = anonymous.get(SEARCH, {"q": "hydrogen"}, headers={"HX-Request": "true"})
    assert "<html" not in text_of(answer)
    assert len(names(answer)) == 5


def test_fit_is_told_to_members_and_can_order(some):
    user = UserFactory()
    own = OrganisationFactory(name="Own", home_region=some, status="draft")
    TeamMemberFactory(organisation=own, user=user)
    client = signed_in(user)
    assert names(client.get(SEARCH, {"q": "own"})) == ["Own"]
    for order in ("best", "text", "fit", "nonsense"):
        answer = client.get(SEARCH, {"q": "hydrogen", "sort": order})
        assert answer.status_code == 200
        assert len(names(answer)) == 5
    assert "In order of:" in text_of(answer)


def test_drafts_are_found_by_who_may_see_them(anonymous, stranger, viewer, administrator):
    mine = viewer.user.teams.get().organisation
    mine.name, mine.status = "Secret lab", "draft"
    mine.save()
    found = [
        len(names(client.get(SEARCH, {"q": "secret"})))
        for client in (anonymous, stranger, viewer, administrator)
    ]
    assert found == [0, 0, 1, 1]


def test_scripts_are_text(anonymous, db):
    OrganisationFactory(name="<script>alert(1)</script> Works", description="<img src=x>")
    text = text_of(anonymous.get(SEARCH, {"q": "<script>alert(1)"}))
    assert "<script>alert" not in text
    assert "<img" not in text.split("<main")[1]


def test_at_most_twelve_queries_however_many_are_found(anonymous, some, connection_queries):
    asked = {"q": "hydrogen stroage", "country": "PL", "region": "malopolska", "kind": "company"}
    anonymous.get(SEARCH, asked)  # outlines of regions are read once, until a region changes
    ConceptFactory()  # what is kept of vocabularies is read again, as it is below
    few = connection_queries(anonymous, SEARCH, **asked)
    for _more in range(10):
        StatementFactory(organisation=OrganisationFactory(name="Hydrogen", home_region=some))
        InitiativeFactory(name="Hydrogen")
    assert connection_queries(anonymous, SEARCH, **asked) <= few <= 12
    assert connection_queries(anonymous, SEARCH, q="hydrogen") <= 12


@pytest.mark.parametrize(
    "words",
    ["'", '"', "\\", "a'b", "a:*", "!!", "((", "&|", "<->", "%", "_", "עברית", "🙂", "é" * 300],
)
def test_odd_words_are_answered(anonymous, some, words):
    assert anonymous.get(SEARCH, {"q": words}).status_code == 200


@pytest.mark.parametrize("words", ["x" * 301, "y " * 2000, "a\x00b"])
def test_too_many_letters_and_nul_are_refused_in_words(anonymous, db, words):
    answer = anonymous.get(SEARCH, {"q": words})
    assert answer.status_code == 400
    assert "<h1" in text_of(answer)


class AnyText(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.text(max_size=120), st.text(max_size=30))
    def test_any_text_is_answered(self, words, value):
        OrganisationFactory(name="Hydrogen Works")
        asked = {"q": words, "country": value, "region": value, "sort": value, "in": value}
        answer = Client().get(SEARCH, asked)
        assert answer.status_code in {200, 400}


def test_what_is_stated_of_what_was_looked_for_is_shown(anonymous, db):
    broad = ConceptFactory(labels={"en": "Hydrogen", "pl": "Wodór"})
    narrow = ConceptFactory(broader=broad, labels={"en": "Tanks"})
    maker = OrganisationFactory(name="Maker", description="")
    StatementFactory(organisation=maker, concept=narrow, role="needs")
    StatementFactory(organisation=maker, concept=narrow, role="needs", origin="demonstrated")
    StatementFactory(organisation=maker, role="offers")
    answer = anonymous.get(SEARCH, {"q": "wodór"})
    (row,) = answer.context["results"]
    assert [(each.role, each.concept) for each in row.stated] == [("needs", narrow)]
    assert "Needs: Tanks" in text_of(answer)
