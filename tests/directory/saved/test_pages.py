"""The pages of saved searches, the link in messages, and the feed."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import Digest, SavedSearch, SearchItem
from directory.saved import digests, links, services
from organisations.models import Organisation
from tests.conftest import signed_in
from tests.factories import (
    DigestFactory,
    OrganisationFactory,
    SavedSearchFactory,
    SuggestionListFactory,
    TeamMemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST, NEW, PAUSE = "/account/searches/", "/account/searches/new/", "/account/searches/pause/"
ATOM = "{http://www.w3.org/2005/Atom}"


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def member(anna):
    return signed_in(anna)


# saving


def test_from_the_results_to_a_saved_search(member, anna):
    OrganisationFactory(name="Hydrogen", kind="company"), OrganisationFactory(kind="university")
    results = member.get("/search/?q=hydrogen&kind=company&sort=text")
    address = f"{NEW}?q=hydrogen&amp;kind=company"
    assert f'href="{address}">Save this search' in text_of(results)
    page = member.get(address.replace("&amp;", "&"))
    assert page.context["form"]["name"].value() == "“hydrogen” · Kind of organisation: Company"
    answer = member.post(
        NEW, {"name": "Makers", "frequency": "daily", "query": "q=hydrogen&kind=company"}
    )
    assert answer["Location"] == LIST
    search = anna.saved_searches.get()
    assert (search.query, search.frequency) == ("q=hydrogen&kind=company", "daily")
    assert "Makers" in text_of(member.get(LIST))


def test_who_is_not_logged_in_is_led_there_and_back(anonymous, db):
    OrganisationFactory(name="Hydrogen")
    assert "Log in to save this search" in text_of(anonymous.get("/search/?q=hydrogen"))
    answer = anonymous.get(NEW, {"q": "hydrogen"})
    assert answer["Location"] == "/accounts/login/?next=/account/searches/new/%3Fq%3Dhydrogen"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"query": "q=hydrogen"}, "already"),
        ({"query": ""}, "There is nothing to save"),
        ({"query": "page=2"}, "There is nothing to save"),
        ({"name": ""}, "Nothing was saved"),
        ({"frequency": "hourly"}, "Nothing was saved"),
    ],
)
def test_what_is_wrong_is_said(member, saved, sent, said):
    data = {"name": "X", "frequency": "daily", "query": "q=steel", **sent}
    answer = member.post(NEW, data)
    assert answer.status_code == 400
    assert said in text_of(answer)


def test_the_fifty_first_is_refused_in_words(member, saved, monkeypatch):
    monkeypatch.setattr(services, "MOST_SAVED", 1)
    answer = member.post(NEW, {"name": "X", "frequency": "daily", "query": "q=steel"})
    assert answer.status_code == 400
    assert "Remove one" in text_of(answer)


def test_nothing_to_save_is_said(member):
    assert "There is nothing to save" in text_of(member.get(NEW))
    answer = member.get(NEW, {"q": "steel", "country": "XX"})
    assert "Country “XX” does not exist, and is ignored." in text_of(answer)


def test_another_s_organisation_cannot_be_chosen(member, anna):
    mine, other = OrganisationFactory(), OrganisationFactory()
    TeamMemberFactory(organisation=mine, user=anna, role="owner")
    data = {"name": "X", "frequency": "daily", "query": "q=steel"}
    assert member.post(NEW, {**data, "organisation": other.pk}).status_code == 400
    assert member.post(NEW, {**data, "organisation": mine.pk}).status_code == 302
    assert anna.saved_searches.get().organisation == mine


# the list and one search


def test_the_list_says_all_of_each(member, saved, anna):
    services.open_feed(search=saved, by=anna)
    text = text_of(member.get(LIST))
    assert "“hydrogen”" in text
    assert links.feed_address(SavedSearch.objects.get()) in text
    assert 'href="/search/?q=hydrogen"' in text


def test_an_empty_list_says_what_to_do(member):
    assert "You have saved no search" in text_of(member.get(LIST))


def test_the_list_costs_the_same_for_few_and_many(member, saved, anna, connection_queries):
    few = connection_queries(member, LIST)
    for _more in range(12):
        SavedSearchFactory(user=anna)
    assert connection_queries(member, LIST) - few <= 0


def test_the_page_costs_the_same_for_few_and_many(member, saved, connection_queries):
    page = saved.get_absolute_url()
    OrganisationFactory(name="Hydrogen New")
    digests.look_after(search=saved.pk)
    few = connection_queries(member, page)
    for number in range(12):
        OrganisationFactory(name=f"Hydrogen {number}")
    digests.look_after(search=saved.pk)
    assert connection_queries(member, page) <= few


def test_the_page_shows_what_is_new_and_public(member, saved):
    page = saved.get_absolute_url()
    assert "Nothing yet" in text_of(member.get(page))
    new = OrganisationFactory(name="Hydrogen <b>New</b>")
    digests.look_after(search=saved.pk)
    text = text_of(member.get(page))
    assert "Hydrogen &lt;b&gt;New&lt;/b&gt;" in text
    assert "Hydrogen Known" not in text
    Organisation.objects.filter(pk=new.pk).update(status="rejected")
    assert "Hydrogen &lt;b&gt;" not in text_of(member.get(page))


def test_the_page_shows_suggestions_to_those_who_may_edit(member, anna):
    mine, other = OrganisationFactory(name="Mine"), OrganisationFactory(name="Fitting")
    role = TeamMemberFactory(organisation=mine, user=anna, role="owner")
    kept = SuggestionListFactory(organisation=mine, items=[])
    search = services.save(user=anna, by=anna, query="q=x", name="X", organisation=mine)
    kept.items = [{"id": other.pk, "score": 100, "signals": {}}]
    kept.save()
    digests.look_after(search=search.pk)
    page = search.get_absolute_url()
    assert "New suggestions for Mine" in text_of(member.get(page))
    role.role = "viewer"
    role.save()
    assert "Fitting" not in text_of(member.get(page))


@pytest.mark.parametrize("status", ["unsure", "refused"])
def test_the_page_says_which_message_may_be_lost(member, saved, status):
    DigestFactory(search=saved, status="sent")
    page = saved.get_absolute_url()
    assert "may not have reached you" not in text_of(member.get(page))
    Digest.objects.update(status=status)
    assert "may not have reached you" in text_of(member.get(page))


def test_changing_and_removing(member, saved, anna):
    page = saved.get_absolute_url()
    assert member.post(page, {"name": "", "frequency": "off"}).status_code == 400
    assert member.post(page, {"name": "New name", "frequency": "off"})["Location"] == page
    saved.refresh_from_db()
    assert (saved.name, saved.frequency) == ("New name", "off")
    answer = member.post(f"{page}frequency/", {"frequency": "weekly"}, follow=True)
    assert "Messages about “New name”: every Monday." in text_of(answer)
    answer = member.post(f"{page}frequency/", {"frequency": "hourly"}, follow=True)
    assert "There is no such choice." in text_of(answer)
    SavedSearchFactory(user=anna)
    assert "No more messages about 2 searches." in text_of(member.post(PAUSE, follow=True))
    assert set(SavedSearch.objects.values_list("frequency", flat=True)) == {"off"}
    member.post(f"{page}remove/")
    assert not SavedSearch.objects.filter(pk=saved.pk).exists()


# unsubscribing


def unsubscribe_path(search):
    return links.unsubscribe_address(search).removeprefix("http://127.0.0.1:8000")


def test_opening_the_link_changes_nothing_and_asks(saved):
    answer = Client().get(unsubscribe_path(saved))
    assert "Stop messages about this search" in text_of(answer)
    saved.refresh_from_db()
    assert saved.frequency == "daily"


@pytest.mark.parametrize("sent", [{"List-Unsubscribe": "One-Click"}, {}])
def test_one_click_needs_no_cookie_and_no_token_of_a_form(saved, sent):
    client = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        answer = client.post(unsubscribe_path(saved), sent)
        assert answer.status_code == 200
        assert "You get no more messages about this search." in text_of(answer)
    saved.refresh_from_db()
    assert saved.frequency == "off"


def test_all_of_them_at_once(saved, anna):
    SavedSearchFactory(user=anna)
    answer = Client().post(unsubscribe_path(saved), {"all": "1"})
    assert "any of your saved searches" in text_of(answer)
    assert set(SavedSearch.objects.values_list("frequency", flat=True)) == {"off"}


def test_a_link_to_what_is_gone_and_one_that_nobody_made(saved):
    path = unsubscribe_path(saved)
    assert Client().get(path[:-3] + "x/").status_code == 404
    assert Client().post(path[:-3] + "x/").status_code == 404
    saved.delete()
    assert "not saved any more" in text_of(Client().get(path))
    assert Client().post(path).status_code == 200


# the feed


@pytest.fixture
def feed(saved, anna):
    opened = services.open_feed(search=saved, by=anna)
    return links.feed_address(opened).removeprefix("http://127.0.0.1:8000")


def entries(answer):
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def test_the_feed_holds_what_was_found_the_newest_first(saved, feed):
    client = Client()
    empty = client.get(feed)
    assert entries(empty) == []
    assert empty["Content-Type"] == "application/atom+xml; charset=utf-8"
    for name in ("Hydrogen First", "Hydrogen & Second"):
        OrganisationFactory(name=name, slug=name[-5:].lower())
        digests.look_after(search=saved.pk)
    SearchItem.objects.filter(object_id=Organisation.objects.get(slug="first").pk).update(
        found_at=saved.created_at
    )
    answer = client.get(feed)
    found = entries(answer)
    assert [each.find(f"{ATOM}title").text for each in found] == [
        "Hydrogen & Second",
        "Hydrogen First",
    ]
    assert found[0].find(f"{ATOM}link").get("href") == "http://127.0.0.1:8000/organisations/econd/"
    ids = [each.find(f"{ATOM}id").text for each in found]
    assert ids == [each.find(f"{ATOM}id").text for each in entries(client.get(feed))]
    assert len(set(ids)) == 2
    assert all(each.find(f"{ATOM}updated").text for each in found)
    assert not answer.cookies


def test_the_feed_is_answered_by_not_modified(saved, feed):
    client = Client()
    first = client.get(feed)
    unchanged = client.get(feed, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    since = client.get(feed, headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304
    OrganisationFactory(name="Hydrogen New")
    digests.look_after(search=saved.pk)
    SearchItem.objects.update(found_at=saved.created_at + timedelta(hours=1))
    for header, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert client.get(feed, headers={header: first[value]}).status_code == 200


def test_the_feed_holds_what_everyone_may_see(saved, feed, anna):
    draft = OrganisationFactory(name="Hydrogen Draft")
    digests.look_after(search=saved.pk)
    TeamMemberFactory(organisation=draft, user=anna, role="owner")
    Organisation.objects.filter(pk=draft.pk).update(status="draft")
    for client in (Client(), signed_in(anna)):
        assert entries(client.get(feed)) == []


def test_the_feed_is_in_the_language_of_its_owner(saved, feed, anna):
    OrganisationFactory(name="Hydrogen New", kind="company")
    digests.look_after(search=saved.pk)
    anna.language = "fr"
    anna.save()
    (entry,) = entries(Client().get(feed, headers={"Accept-Language": "pl"}))
    assert "Entreprise" in entry.find(f"{ATOM}summary").text


def test_a_feed_that_was_closed_changed_or_whose_owner_left_is_not_found(saved, feed, anna):
    client = Client()
    for path in (feed[:-2] + "x/", reverse("search-feed", args=["x"])):
        assert client.get(path).status_code == 404
    assert client.post(feed).status_code == 405
    anna.is_active = False
    anna.save()
    assert client.get(feed).status_code == 404
    anna.is_active = True
    anna.save()
    member = signed_in(anna)
    member.post(f"{saved.get_absolute_url()}feed/", {"open": ""})
    assert client.get(feed).status_code == 404
    saved.refresh_from_db()
    now = links.feed_address(saved).removeprefix("http://127.0.0.1:8000")
    assert client.get(now).status_code == 200
    member.post(f"{saved.get_absolute_url()}feed/", {"close": ""})
    assert client.get(now).status_code == 404


# support


def test_the_administration_tells_nothing_of_what_is_searched(administrator, saved):
    # a page holds random tokens, in which two letters may be found
    saved.name = "Electrolysers nearby"
    saved.save()
    DigestFactory(search=saved)
    for path in (
        "/admin/directory/savedsearch/",
        f"/admin/directory/savedsearch/{saved.pk}/change/",
        "/admin/directory/digest/",
        f"/admin/directory/digest/{Digest.objects.get().pk}/change/",
    ):
        answer = administrator.get(path)
        assert answer.status_code == 200
        text = text_of(answer)
        assert "anna@example.org" in text or "Anna" in text
        assert "hydrogen" not in text
        assert "Electrolysers" not in text


def test_another_s_search_is_not_found(saved):
    page = saved.get_absolute_url()
    client = signed_in(UserFactory(administrator=True))
    assert client.get(page).status_code == 404
    assert client.post(f"{page}remove/").status_code == 404
