"""Offers, needs and interests: picked, weighed, edited and removed."""

import datetime

import pytest
from django.utils import timezone

from organisations.models import Statement
from organisations.stating import MOST_TEXT
from tests.factories import ConceptFactory, StatementFactory
from tests.matching.profiles.conftest import HOME, opened

NEEDS = HOME + "needs/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def need(world, newcomer):
    return StatementFactory(organisation=newcomer, concept=world.storage, role=Statement.Role.NEEDS)


def page_of(statement):
    return f"{HOME}statements/{statement.pk}/"


def test_search_and_add(world, newcomer, owner):
    page = owner.get(NEEDS, {"q": "storge"})
    assert f'name="concept" value="{world.storage.pk}"' in page.text
    answer = owner.post(NEEDS + "add/", {"concept": world.storage.pk, "q": "storge"})
    assert answer["Location"] == NEEDS + "?q=storge#search"
    statement = newcomer.statements.get()
    assert (statement.concept, statement.role) == (world.storage, Statement.Role.NEEDS)
    assert statement.weight == 2
    after = owner.get(NEEDS, {"q": "storge"})
    assert f'name="concept" value="{world.storage.pk}"' not in after.text


def test_htmx_is_given_the_results_alone(owner):
    answer = owner.get(NEEDS, {"q": "storage"}, headers=HTMX)
    assert answer.text.strip().startswith('<div id="concepts"')
    assert "<html" not in answer.text


def test_added_twice_is_added_once(world, newcomer, owner):
    for _ in range(2):
        answer = owner.post(NEEDS + "add/", {"concept": world.storage.pk}, follow=True)
    assert "stated already" in answer.text
    assert newcomer.statements.count() == 1


@pytest.mark.parametrize("concept", ["", "x", "-1", "999999999999999999", "9" * 30, "²"])
def test_nothing_to_add(newcomer, owner, concept):
    assert owner.post(NEEDS + "add/", {"concept": concept}).status_code == 400
    assert not newcomer.statements.exists()


def test_own_words_suggest_and_save_nothing(world, newcomer, owner):
    page = owner.post(NEEDS, {"words": "We want hydrogen storage and a green transition."})
    assert page.status_code == 200
    suggested = {item.concept: item.words for item in page.context["suggested"]}
    assert suggested[world.storage] == ("hydrogen storage", "storage")
    assert suggested[world.green] == ("green transition",)
    assert "<q>green transition</q>" in page.text
    assert not newcomer.statements.exists()
    owner.post(NEEDS + "add/", {"concept": [world.storage.pk, world.green.pk]})
    assert newcomer.statements.count() == 2


def test_words_that_mean_nothing(owner, world):
    assert "No concept was recognised" in owner.post(NEEDS, {"words": "xyzzy"}).text


@pytest.mark.parametrize("words", ["", "x" * 10_000, "a\0b"])
def test_words_that_are_refused(owner, words):
    answer = owner.post(NEEDS, {"words": words})
    assert answer.status_code == 400
    assert answer.context["words"].errors


def test_a_query_that_is_too_long(owner):
    assert owner.get(NEEDS, {"q": "x" * 500}).status_code == 400


def test_a_statement_is_edited(need, owner):
    answer = owner.post(
        page_of(need),
        {
            "weight": "3",
            "trl_from": "4",
            "trl_to": "7",
            "valid_until": "2099-12-31",
            "text": "Tanks for buses",
            "opened": opened(owner, page_of(need)),
        },
    )
    assert answer["Location"] == NEEDS
    need.refresh_from_db()
    assert (need.weight, need.trl_from, need.trl_to) == (3, 4, 7)
    assert need.valid_until == datetime.date(2099, 12, 31)
    assert need.text == "Tanks for buses"
    assert "TRL 4–7" in owner.get(NEEDS).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", "4"),
        ("trl_from", "10"),
        ("trl_from", "8"),
        ("valid_until", "31 February"),
        ("valid_until", "2001-01-01"),
        ("text", "x" * (MOST_TEXT + 1)),
        ("text", "a\0b"),
    ],
)
def test_bad_input_is_said_by_the_field_and_kept(need, owner, field, value):
    said = {"weight": "3", "trl_from": "2", "trl_to": "5", "text": "kept input", field: value}
    answer = owner.post(page_of(need), {**said, "opened": opened(owner, page_of(need))})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    need.refresh_from_db()
    assert need.weight == 2


def test_a_day_that_has_passed_since_may_stay(need, owner):
    need.valid_until = timezone.localdate() - datetime.timedelta(days=3)
    need.save()
    said = {"weight": "1", "valid_until": need.valid_until.isoformat()}
    answer = owner.post(page_of(need), {**said, "opened": opened(owner, page_of(need))})
    assert answer.status_code == 302


def test_an_interest_has_no_trl(world, newcomer, owner):
    interest = StatementFactory(
        organisation=newcomer, concept=world.green, role=Statement.Role.INTERESTED
    )
    page = owner.get(page_of(interest))
    assert "trl_from" not in page.context["form"].fields


def test_removed_twice_is_removed_once(need, newcomer, owner):
    for _ in range(2):
        answer = owner.post(page_of(need) + "remove/", {"step": "needs"})
        assert answer["Location"] == NEEDS
    assert not newcomer.statements.exists()
    assert owner.get(page_of(need)).status_code == 404


def test_what_projects_show_is_said_and_not_edited(need, owner):
    Statement.objects.filter(pk=need.pk).update(origin="demonstrated")
    assert "shown by your projects" in owner.get(NEEDS).text
    assert owner.get(page_of(need)).status_code == 404
    owner.post(page_of(need) + "remove/")
    assert Statement.objects.filter(pk=need.pk).exists()


def test_the_statement_of_another_organisation(owner, world):
    other = world.lab.statements.filter(role="needs").get()
    assert owner.get(page_of(other)).status_code == 404
    owner.post(page_of(other) + "remove/")
    other.refresh_from_db()


def test_strangers_and_viewers(need, stranger, onlooker):
    assert stranger.get(page_of(need)).status_code == 404
    assert onlooker.get(page_of(need)).status_code == 403
    assert onlooker.post(page_of(need) + "remove/").status_code == 403
    assert stranger.post(NEEDS + "add/", {"concept": need.concept_id}).status_code == 404


def test_numbers_of_many_digits_are_sent_without_separators(newcomer, owner):
    concept = ConceptFactory(pk=1_234_567, labels={"en": "Salt caverns"})
    assert 'value="1234567"' in owner.get(NEEDS, {"q": "caverns"}).text
    assert 'value="1234567"' in owner.post(NEEDS, {"words": "salt caverns"}).text
    owner.post(NEEDS + "add/", {"concept": concept.pk})
    statement = StatementFactory(pk=7_654_321, organisation=newcomer, role=Statement.Role.NEEDS)
    assert page_of(statement) in owner.get(NEEDS).text


def test_nothing_ticked_is_said_where_it_is_to_be_ticked(owner):
    answer = owner.post(HOME + "offers/add/", {"words": "We store hydrogen in tanks."})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Choose at least one concept to add." in page
    assert "We store hydrogen in tanks." in page
    assert 'id="own-words"' in page


@pytest.fixture
def described(newcomer):
    newcomer.description = "We want hydrogen storage and a green transition."
    newcomer.save()
    return newcomer


def suggested(page):
    return {item.concept for item in page.context["described"]}


def test_the_description_suggests_by_itself(world, described, owner):
    for step in ("offers", "needs"):
        page = owner.get(f"{HOME}{step}/")
        assert suggested(page) == {world.storage, world.green}
        assert "<q>green transition</q>" in page.text
    owner.post(NEEDS + "add/", {"concept": world.storage.pk, "described": "1"})
    for step in ("offers", "needs"):
        assert suggested(owner.get(f"{HOME}{step}/")) == {world.green}
    assert not suggested(owner.get(NEEDS, {"q": "storage"}))
    assert not suggested(owner.get(HOME + "interests/"))


def test_the_description_suggests_few(described, owner, connection_queries):
    few = connection_queries(owner, NEEDS)
    for number in range(10):
        ConceptFactory(labels={"en": f"Tank number {number}x"})
    described.description = " ".join(f"Tank number {number}x." for number in range(10))
    described.save()
    assert len(suggested(owner.get(NEEDS))) == 6
    assert connection_queries(owner, NEEDS) <= few <= 22


def test_without_a_description_nothing_is_suggested(owner):
    page = owner.get(NEEDS)
    assert page.context["described"] == []
    assert "From your description" not in page.text


def test_nothing_ticked_of_the_description_is_said_there(described, owner):
    answer = owner.post(NEEDS + "add/", {"described": "1"})
    assert answer.status_code == 400
    assert "Choose at least one concept to add." in answer.text
    assert 'id="described"' in answer.text


def test_all_that_is_wrong_is_said_at_once(need, owner):
    said = {
        "weight": "9",
        "trl_from": "8",
        "trl_to": "5",
        "valid_until": "2001-01-01",
        "text": "x" * (MOST_TEXT + 1),
    }
    answer = owner.post(page_of(need), {**said, "opened": opened(owner, page_of(need))})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"weight", "trl_from", "valid_until", "text"}


def test_a_level_that_is_none_is_said_once(need, owner):
    said = {"weight": "2", "trl_from": "3", "trl_to": "77"}
    answer = owner.post(page_of(need), {**said, "opened": opened(owner, page_of(need))})
    assert set(answer.context["form"].errors) == {"trl_to"}


def test_what_is_called_the_same_is_suggested_once(world, described, owner):
    twin = ConceptFactory(labels={"en": "Storage"})
    assert suggested(owner.get(NEEDS)) == {world.storage, world.green}
    StatementFactory(organisation=described, concept=twin, role=Statement.Role.OFFERS)
    assert suggested(owner.get(NEEDS)) == {world.green}
