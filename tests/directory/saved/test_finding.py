"""What is new in a saved search, and what never is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from directory import filling, searching
from directory.models import PublicSince, SavedSearch, SearchItem
from directory.saved import digests, finding, services, wanted
from organisations.models import Organisation
from tests.factories import (
    ConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    RegionFactory,
    StatementFactory,
    SuggestionListFactory,
    TeamMemberFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db


def look(search):
    digests.look_after(search=search.pk)
    return found(search)


def found(search):
    rows = SearchItem.objects.filter(search=search, found_at__isnull=False)
    return {(row.of, row.object_id) for row in rows}


def test_what_is_there_is_known_and_what_comes_is_new(saved):
    assert look(saved) == set()
    new = OrganisationFactory(name="Hydrogen New")
    valley = InitiativeFactory(name="Hydrogen Valley")
    OrganisationFactory(name="Steel")
    OrganisationFactory(name="Hydrogen Draft", status="draft")
    expected = {("organisation", new.pk), ("initiative", valley.pk)}
    assert look(saved) == expected
    stamps = set(SearchItem.objects.values_list("pk", "found_at"))
    assert look(saved) == expected
    assert set(SearchItem.objects.values_list("pk", "found_at")) == stamps


def test_a_draft_of_ones_own_is_new_when_everyone_may_see_it(saved, anna):
    draft = OrganisationFactory(name="Hydrogen Own", status="draft")
    TeamMemberFactory(organisation=draft, user=anna, role="owner")
    assert look(saved) == set()
    Organisation.objects.filter(pk=draft.pk).update(status="verified")
    assert look(saved) == {("organisation", draft.pk)}


def test_who_comes_to_match_is_new(saved):
    old = OrganisationFactory(name="Steel")
    assert look(saved) == set()
    Organisation.objects.filter(pk=old.pk).update(description="Now with hydrogen")
    assert look(saved) == {("organisation", old.pk)}


def test_who_leaves_and_comes_back_is_not_new_again(saved):
    new = OrganisationFactory(name="Hydrogen New")
    look(saved)
    items = SearchItem.objects.count()
    for name in ("Steel", "Hydrogen New"):
        Organisation.objects.filter(pk=new.pk).update(name=name)
        look(saved)
    for status in ("archived", "verified"):
        Organisation.objects.filter(pk=new.pk).update(status=status)
        look(saved)
    assert SearchItem.objects.count() == items


def test_filling_anew_makes_nothing_new(saved):
    before = set(PublicSince.objects.values_list("of", "object_id", "since"))
    filling.fill()
    assert set(PublicSince.objects.values_list("of", "object_id", "since")) == before
    assert look(saved) == set()


def test_words_like_those_asked_for_are_no_answer(anna):
    search = services.save(user=anna, by=anna, query="q=hydrogen+steelworks", name="Both")
    OrganisationFactory(name="Hydrogen Maker")
    assert look(search) == set()
    both = OrganisationFactory(name="Hydrogen Steelworks")
    assert look(search) == {("organisation", both.pk)}


# more results than are listed


@pytest.fixture
def wide(anna, monkeypatch):
    """A search with more results than the directory lists, saved long after they came."""
    monkeypatch.setattr(searching, "MOST_LISTED", 2)
    for number in range(4):
        OrganisationFactory(name=f"Hydrogen {number}", status="verified")
    long_ago()
    return services.save(user=anna, by=anna, query="q=hydrogen", name="Wide")


def long_ago():
    """Everything became public a year ago."""
    PublicSince.objects.update(since=timezone.now() - timedelta(days=365))


def test_a_wide_search_keeps_no_list(wide):
    assert not wide.is_listed
    assert not wide.items.exists()


def test_in_a_wide_search_what_was_not_public_before_is_new(wide):
    old = OrganisationFactory(name="Steel")
    long_ago()
    new = OrganisationFactory(name="Hydrogen New")
    Organisation.objects.filter(pk=old.pk).update(name="Hydrogen Renamed")
    assert look(wide) == {("organisation", new.pk)}
    assert look(wide) == {("organisation", new.pk)}
    Organisation.objects.filter(pk=new.pk).update(status="archived")
    Organisation.objects.filter(pk=new.pk).update(status="verified")
    assert look(wide) == {("organisation", new.pk)}


def test_what_came_right_before_saving_is_known(anna, monkeypatch):
    """Of the same transaction, say: it is dated later than the moment up to which all is seen."""
    monkeypatch.setattr(searching, "MOST_LISTED", 2)
    for number in range(3):
        OrganisationFactory(name=f"Hydrogen {number}")
    PublicSince.objects.filter(object_id=Organisation.objects.last().pk).update(
        since=timezone.now() + timedelta(hours=1)
    )
    long = PublicSince.objects.exclude(object_id=Organisation.objects.last().pk)
    long.update(since=timezone.now() - timedelta(days=365))
    search = services.save(user=anna, by=anna, query="q=hydrogen", name="Wide")
    assert search.items.count() == 1
    assert look(search) == set()


def test_a_search_that_becomes_wide_and_narrow_again_reports_nothing_twice(saved, monkeypatch):
    monkeypatch.setattr(searching, "MOST_LISTED", 2)
    long_ago()
    new = [OrganisationFactory(name=f"Hydrogen {number}") for number in range(2)]
    assert look(saved) == {("organisation", each.pk) for each in new}
    saved.refresh_from_db()
    assert not saved.is_listed
    late = OrganisationFactory(name="Steel")
    long_ago()
    Organisation.objects.filter(pk=late.pk).update(name="Hydrogen Late")
    look(saved)
    Organisation.objects.filter(pk__in=[each.pk for each in new]).update(status="archived")
    assert ("organisation", late.pk) not in look(saved)
    saved.refresh_from_db()
    assert saved.is_listed
    last = OrganisationFactory(name="Steel Two")
    Organisation.objects.filter(pk=late.pk).update(status="archived")
    Organisation.objects.filter(pk=last.pk).update(description="hydrogen")
    assert ("organisation", last.pk) in look(saved)


@pytest.mark.django_db(transaction=True)
def test_what_a_long_transaction_writes_is_not_passed_over(anna):
    """It is dated when the transaction began, so nothing after that counts as settled."""
    from django.db import connection, transaction

    from tests.racing import at_once

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (began,) = cursor.fetchone()
        (moment,) = at_once(finding.settled)
    assert moment <= began
    assert finding.settled() > began


# what cannot be asked any more


def test_a_region_that_is_no_more_does_not_widen_the_search(anna):
    region = RegionFactory(slug="gone", name="Gone")
    OrganisationFactory(name="Hydrogen One", home_region=region)
    search = services.save(user=anna, by=anna, query="q=hydrogen&region=gone", name="Home")
    OrganisationFactory(name="Hydrogen Elsewhere")
    assert look(search) == set()
    SavedSearch.objects.update(query="q=hydrogen&region=never")
    assert look(search) == set()
    assert wanted.read("q=hydrogen&region=never").has_gaps


def test_one_search_has_one_address(anna):
    segment = ConceptFactory(
        vocabulary=VocabularyFactory(scheme="hydrogen-value-chain"), code="storage"
    )
    StatementFactory(concept=segment, organisation=OrganisationFactory(kind="company"))
    OrganisationFactory(kind="university")
    asked = "kind=university&page=3&q=++hydrogen+&kind=company&sort=fit&country=XX&kind=company"
    assert (
        wanted.normalised(f"{asked}&segment=hydrogen-value-chain:storage")
        == "q=hydrogen&kind=company&kind=university&segment=hydrogen-value-chain%3Astorage"
    )
    assert wanted.normalised("in=nothing&page=2") == ""


def test_a_search_is_told_in_words(anna):
    OrganisationFactory(kind="company"), OrganisationFactory(kind="university")
    said = wanted.read("q=hydrogen&in=organisations&kind=university&kind=company").in_words()
    assert said == "“hydrogen” · Organisations · Kind of organisation: University or Company"
    assert wanted.read("in=clusters").in_words() == "Clusters"


# suggestions


@pytest.fixture
def for_own(anna):
    mine = OrganisationFactory(name="Mine")
    TeamMemberFactory(organisation=mine, user=anna, role="editor")
    others = [OrganisationFactory(name=f"Other {number}") for number in range(3)]
    kept = SuggestionListFactory(organisation=mine, items=items_of(others[:2]))
    search = services.save(user=anna, by=anna, query="q=steel", name="Steel", organisation=mine)
    return search, kept, others


def items_of(organisations):
    return [{"id": each.pk, "score": 100, "signals": {}} for each in organisations]


def test_a_suggestion_that_was_not_there_is_new_once(for_own):
    search, kept, others = for_own
    assert look(search) == set()
    kept.items = items_of(others)
    kept.save()
    assert look(search) == {("suggestion", others[2].pk)}
    count = SearchItem.objects.count()
    look(search)
    assert SearchItem.objects.count() == count


def test_who_may_not_edit_any_more_gets_no_suggestions(for_own):
    search, kept, others = for_own
    search.user.teams.update(role="viewer")
    kept.items = items_of(others)
    kept.save()
    assert look(search) == set()
