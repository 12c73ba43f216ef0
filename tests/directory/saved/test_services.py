"""Keeping, changing and forgetting saved searches; the addresses that open without a log-in."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.db import IntegrityError, transaction

from accounts import personal
from accounts.services import delete_account
from directory.models import SavedSearch, SearchItem
from directory.saved import links, services
from organisations import merging
from tests.factories import (
    OrganisationFactory,
    SavedSearchFactory,
    SearchItemFactory,
    TeamMemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def save(user, **fields):
    return services.save(user=user, by=user, **{"query": "q=steel", "name": "Steel", **fields})


def test_a_search_is_kept_once(saved, anna):
    with pytest.raises(ValidationError, match="already"):
        save(anna, query="q=hydrogen&page=2")
    assert save(UserFactory(), query="q=hydrogen").query == "q=hydrogen"
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearchFactory(user=anna, query="q=hydrogen")


def test_an_item_is_listed_once(saved):
    item = SearchItemFactory(search=saved)
    SearchItemFactory(search=saved, of="initiative", object_id=item.object_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchItemFactory(search=saved, object_id=item.object_id)


@pytest.mark.parametrize(
    "fields",
    [
        {"query": ""},
        {"query": "page=2&sort=fit"},
        {"query": "country=nowhere"},
        {"query": "q=" + "x" * 5000},
        {"name": " "},
        {"name": "x" * 81},
        {"frequency": "hourly"},
    ],
)
def test_what_is_refused(anna, fields):
    with pytest.raises(ValidationError):
        save(anna, **fields)


def test_fifty_at_most(anna, monkeypatch):
    monkeypatch.setattr(services, "MOST_SAVED", 2)
    for number in range(2):
        save(anna, query=f"q=a{number}")
    with pytest.raises(services.TooManySearches, match="2 searches"):
        save(anna, query="q=b")


def test_nobody_does_it_for_others(saved, anna):
    other = UserFactory(administrator=True)
    for call in (
        lambda: services.save(user=anna, by=other, query="q=x", name="X"),
        lambda: services.change(search=saved, by=other, name="X"),
        lambda: services.remove(search=saved, by=other),
        lambda: services.open_feed(search=saved, by=other),
        lambda: services.close_feed(search=saved, by=other),
        lambda: services.pause_all(user=anna, by=other),
    ):
        with pytest.raises(PermissionDenied):
            call()


@pytest.mark.parametrize(
    ("role", "may"), [("viewer", False), ("editor", True), ("owner", True), (None, False)]
)
def test_suggestions_are_for_those_who_may_edit(anna, role, may):
    organisation = OrganisationFactory()
    if role:
        TeamMemberFactory(organisation=organisation, user=anna, role=role)
    assert (organisation in services.organisations_of(anna)) is may
    if may:
        assert save(anna, organisation=organisation).organisation == organisation
    else:
        with pytest.raises(PermissionDenied):
            save(anna, organisation=organisation)
        search = save(anna)
        with pytest.raises(PermissionDenied):
            services.change(
                search=search, by=anna, organisation=organisation, with_organisation=True
            )


def test_names_and_frequencies_change(saved, anna):
    changed = services.change(search=saved, by=anna, name=" Other ", frequency="off")
    assert (changed.name, changed.frequency, changed.organisation) == ("Other", "off", None)
    with pytest.raises(ValidationError):
        services.change(search=saved, by=anna, frequency="hourly")


def test_unsubscribing_concerns_one_search_or_all_of_a_person(saved, anna):
    second, other = save(anna), save(UserFactory())
    assert services.unsubscribe(search=saved) == 1
    assert services.unsubscribe(search=saved) == 0
    assert SavedSearch.objects.get(pk=second.pk).frequency == "weekly"
    assert services.unsubscribe(search=saved, from_all=True) == 1
    assert SavedSearch.objects.get(pk=other.pk).frequency == "weekly"


# addresses


def test_the_address_of_a_feed_is_not_in_the_database_and_can_be_changed(saved, anna):
    assert links.feed_token(saved) == ""
    assert links.search_of_feed(f"{saved.pk}.") is None
    opened = services.open_feed(search=saved, by=anna)
    first = links.feed_token(opened)
    assert links.search_of_feed(first) == saved
    row = SavedSearch.objects.filter(pk=saved.pk).values().get()
    assert first.partition(".")[2] not in str(row)
    second = links.feed_token(services.open_feed(search=saved, by=anna))
    assert links.search_of_feed(first) is None
    assert links.search_of_feed(second) == saved
    services.close_feed(search=saved, by=anna)
    assert links.search_of_feed(second) is None


@pytest.mark.parametrize("token", ["", ".", "1", "x.y", "٣.x", "9" * 40 + ".x", "-1.x", "1.é"])
def test_tokens_that_nobody_made(saved, token):
    assert links.search_of_feed(token) is None
    with pytest.raises(BadSignature):
        links.search_to_unsubscribe(token)


def test_a_link_to_unsubscribe_is_for_one_search(saved, anna):
    token = links.unsubscribe_address(saved).rstrip("/").rpartition("/")[2]
    assert links.search_to_unsubscribe(token) == saved
    other = save(anna)
    with pytest.raises(BadSignature):
        links.search_to_unsubscribe(token.replace(str(saved.pk), str(other.pk), 1))
    services.remove(search=saved, by=anna)
    assert links.search_to_unsubscribe(token) is None


# the person, and the organisation


def test_the_export_holds_searches_and_what_they_found_and_no_secret(saved, anna):
    opened = services.open_feed(search=saved, by=anna)
    told = personal.export(anna)
    assert told["saved_searches"][0]["query"] == "q=hydrogen"
    assert told["found_by_saved_searches"][0]["search_name"] == "H2"
    assert told["messages_about_saved_searches"] == []
    assert opened.feed_secret not in str(told)
    assert personal.export(UserFactory())["saved_searches"] == []


def test_who_goes_takes_their_searches_with_them(saved, anna):
    delete_account(user=anna, by=anna)
    assert not SavedSearch.objects.exists()
    assert not SearchItem.objects.exists()


def test_the_search_of_a_merged_organisation_is_of_the_kept_one(anna):
    keep, gone = OrganisationFactory(), OrganisationFactory()
    TeamMemberFactory(organisation=gone, user=anna, role="owner")
    search = save(anna, organisation=gone)
    merging.merge(keep=keep, duplicate=gone, by=UserFactory(administrator=True))
    search.refresh_from_db()
    assert search.organisation == keep
