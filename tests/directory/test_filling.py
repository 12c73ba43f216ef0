"""Entries are true at once, whatever way the rows behind them change, and anew after a fill."""

import datetime
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from directory import filling
from directory.models import Entry, Value, Word
from organisations.models import Organisation, Statement
from regions import bulk
from tests.factories import (
    ClusterMembershipFactory,
    ConceptFactory,
    ConceptRelationFactory,
    CountryFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    RegionFactory,
    SectorFactory,
    StatementFactory,
)
from tests.racing import PATIENCE, at_once

pytestmark = pytest.mark.django_db


def entry(row, of="organisation"):
    return Entry.objects.get(of=of, object_id=row.pk)


def values(row, of="organisation"):
    numbers = entry(row, of).codes
    return set(Value.objects.filter(pk__in=numbers).values_list("facet", "value"))


def words(row, of="organisation"):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(words) FROM directory_entry WHERE of = %s AND object_id = %s",
            [of, row.pk],
        )
        return set(cursor.fetchone()[0])


def test_an_organisation_is_found_by_all_that_it_says():
    broad = ConceptFactory()
    narrow = ConceptFactory(broader=broad)
    organisation = OrganisationFactory(
        name="Łódź Works", short_name="LW", description="Électrolyse", languages=["pl"]
    )
    StatementFactory(
        organisation=organisation, concept=narrow, role="needs", text="Cheap power",
        trl_from=3, trl_to=4,
    )  # fmt: skip
    SectorFactory(organisation=organisation, concept=(sector := ConceptFactory()))
    ClusterMembershipFactory(
        member=organisation, cluster=(cluster := OrganisationFactory(kind="cluster"))
    )
    ParticipationFactory(
        organisation=organisation, initiative=InitiativeFactory(kind="hydrogen-valley")
    )
    assert {"lodz", "works", "lw", "electrolyse", "cheap", "power"} <= words(organisation)
    assert {f"#c{c.pk}" for c in (broad, narrow, sector)} <= words(organisation)
    assert values(organisation) >= {
        ("country", organisation.country_id),
        ("region", str(organisation.home_region_id)),
        ("kind", organisation.kind),
        ("needs", str(narrow.pk)),
        ("needs", str(broad.pk)),
        ("concept", str(sector.pk)),
        ("role", "needs"),
        ("trl", "3"),
        ("trl", "4"),
        ("language", "pl"),
        ("network", str(cluster.pk)),
        ("took_part", "hydrogen-valley"),
    }
    assert entry(cluster).what == "cluster"


def test_what_changes_and_goes_is_changed_and_gone():
    organisation = OrganisationFactory(name="Before", status="draft")
    statement = StatementFactory(organisation=organisation, role="offers")
    assert not entry(organisation).is_public
    Organisation.objects.update(name="After", status="verified")
    assert entry(organisation).is_public
    assert "after" in words(organisation)
    assert "before" not in words(organisation)
    Statement.objects.filter(pk=statement.pk).update(role="needs")
    assert ("role", "offers") not in values(organisation)
    statement.delete()
    assert not {facet for facet, _value in values(organisation)} & {"role", "concept"}
    Organisation.objects.update(status="archived")
    assert not Entry.objects.filter(of="organisation").exists()
    Organisation.objects.update(status="verified")
    assert entry(organisation).title == "After"
    Organisation.objects.all().delete()
    assert not Entry.objects.filter(of="organisation").exists()


def test_what_the_search_does_not_read_changes_no_entry():
    organisation = OrganisationFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM directory_entry WHERE of = 'organisation'")
        before = cursor.fetchall()
        Organisation.objects.update(website="https://example.org/")
        organisation.save()
        cursor.execute("SELECT xmin FROM directory_entry WHERE of = 'organisation'")
        assert cursor.fetchall() == before


def test_initiatives_and_regions():
    initiative = InitiativeFactory(name="Valley of Steel", acronym="STEEL", kind="hydrogen-valley")
    concept = InitiativeConceptFactory(initiative=initiative).concept
    assert {"valley", "steel", f"#c{concept.pk}"} <= words(initiative, "initiative")
    assert ("stage", "hydrogen-valley") in values(initiative, "initiative")
    region = RegionFactory(name="Lesser Poland", local_name="Małopolska", capital="Kraków")
    priority = PriorityFactory(region=region, title="Clean air")
    assert {"malopolska", "krakow", "clean", f"#c{priority.concept_id}"} <= words(region, "region")
    region.delete()
    assert not Entry.objects.filter(of="region", object_id=region.pk).exists()


def test_an_initiative_is_where_its_public_participants_are():
    initiative = InitiativeFactory()
    here, there = RegionFactory(country__code="PL"), RegionFactory(country__code="FR")
    own = RegionFactory(country__code="ES")
    InitiativeRegionFactory(initiative=initiative, region=own)
    organisation = OrganisationFactory(home_region=here, country=here.country)
    part = ParticipationFactory(initiative=initiative, organisation=organisation, country=None)

    def places():
        of_it = values(initiative, "initiative")
        return {value for facet, value in of_it if facet in ("region", "country")} - {
            str(own.pk), own.country_id,
        }  # fmt: skip

    assert places() == {str(here.pk), "PL"}
    assert {f"#r{here.pk}", "#nPL"} <= words(initiative, "initiative")
    Organisation.objects.filter(pk=organisation.pk).update(home_region=there)
    assert places() == {str(there.pk), "PL"}
    Organisation.objects.filter(pk=organisation.pk).update(country="FR")
    assert places() == {str(there.pk), "FR"}
    for status in ("held", "archived", "draft"):
        Organisation.objects.filter(pk=organisation.pk).update(status=status)
        assert places() == set()
        assert f"#r{there.pk}" not in words(initiative, "initiative")
    Organisation.objects.filter(pk=organisation.pk).update(status="verified")
    assert places() == {str(there.pk), "FR"}
    part.delete()
    assert places() == set()


def test_a_participant_without_a_public_profile_is_in_the_country_that_its_page_names():
    country, other = CountryFactory(code="DE"), CountryFactory(code="IT")
    hidden = ParticipationFactory(
        organisation=OrganisationFactory(status="held", country=other), country=country
    )
    assert ("country", "DE") in values(hidden.initiative, "initiative")
    assert ("country", "IT") not in values(hidden.initiative, "initiative")
    named = ParticipationFactory(organisation=None, name="Somebody", country=country)
    assert ("country", "DE") in values(named.initiative, "initiative")
    type(named).objects.filter(pk=named.pk).update(country=other)
    assert ("country", "IT") in values(named.initiative, "initiative")


def test_what_changes_nobodys_place_leaves_initiatives_alone():
    part = ParticipationFactory(organisation=OrganisationFactory(status="draft"))
    Entry.objects.filter(of="initiative").update(title="as it was")
    Organisation.objects.update(status="pending", name="Another name")
    part.organisation.save()
    assert entry(part.initiative, "initiative").title == "as it was"
    Organisation.objects.update(status="verified")
    assert entry(part.initiative, "initiative").title == part.initiative.name


def test_words_of_what_is_not_public_are_not_learnt():
    OrganisationFactory(name="Secretname", status="draft")
    OrganisationFactory(name="Knownname")
    assert not Word.objects.filter(word="secretname").exists()
    assert Word.objects.filter(word="knownname").exists()


def test_a_fill_finds_nothing_to_change():
    organisation = OrganisationFactory(name="University of Universities")
    StatementFactory(organisation=organisation)
    InitiativeFactory(), PriorityFactory(), OrganisationFactory(status="draft")
    for status in ("verified", "draft"):
        ParticipationFactory(organisation=OrganisationFactory(status=status))
    fields = (
        "what",
        "of",
        "object_id",
        "is_public",
        "title",
        "names",
        "words",
        "codes",
        "standing",
    )
    before = sorted(Entry.objects.values_list(*fields), key=str)
    filling.fill()
    assert sorted(Entry.objects.values_list(*fields), key=str) == before
    Entry.objects.update(title="wrong", is_public=False)
    filling.fill()
    assert sorted(Entry.objects.values_list(*fields), key=str) == before
    word = Word.objects.get(word="universities")
    assert word.entries == 1
    assert {"en:univers", "pl:universities"} <= set(word.stems)


def test_a_concept_that_gets_a_broader_one_changes_who_states_it():
    concept, broader = ConceptFactory(), ConceptFactory()
    organisation = OrganisationFactory()
    StatementFactory(organisation=organisation, concept=concept, role="needs")
    assert ("needs", str(broader.pk)) not in values(organisation)
    type(concept).objects.filter(pk=concept.pk).update(broader=broader)
    assert ("needs", str(broader.pk)) in values(organisation)
    type(concept).objects.filter(pk=concept.pk).update(broader=None)
    assert ("needs", str(broader.pk)) not in values(organisation)
    ConceptRelationFactory(kind="theme", source=concept, target=broader)
    assert ("needs", str(broader.pk)) in values(organisation)


def test_what_is_written_in_bulk_is_found_after_it():
    with bulk.in_bulk():
        organisation = OrganisationFactory(name="Waterstof Werken")
        assert not Entry.objects.filter(of="organisation", object_id=organisation.pk).exists()
    assert Entry.objects.filter(of="organisation", object_id=organisation.pk).exists()
    OrganisationFactory(name="Nadien BV")
    assert Entry.objects.filter(title="Nadien BV").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [Organisation.Status.HELD, Organisation.Status.ARCHIVED])
def test_who_writes_beside_a_withdrawal_does_not_bring_the_entry_back(status):
    organisation = OrganisationFactory(status=Organisation.Status.VERIFIED)
    concept = ConceptFactory()
    assert entry(organisation).is_public
    withdrawn = threading.Event()

    def withdraw():
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(status=status)
            withdrawn.set()
            wait_for_one_who_waits()

    def write():
        assert withdrawn.wait(PATIENCE)
        StatementFactory(organisation=organisation, concept=concept)

    at_once(withdraw, write)
    assert Statement.objects.filter(organisation=organisation).exists()
    entries = Entry.objects.filter(of="organisation", object_id=organisation.pk)
    assert not entries.filter(is_public=True).exists()


def places(initiative):
    """The facets by which it would be found in a region or a country."""
    return {facet for facet, _value in values(initiative, "initiative")} & {"region", "country"}


@pytest.mark.django_db(transaction=True)
def test_who_takes_part_beside_a_withdrawal_does_not_tell_where_it_was():
    organisation = OrganisationFactory(status=Organisation.Status.VERIFIED)
    initiative = InitiativeFactory()
    withdrawn = threading.Event()

    def withdraw():
        with transaction.atomic():
            Organisation.objects.filter(pk=organisation.pk).update(status="held")
            withdrawn.set()
            wait_for_one_who_waits()

    def take_part():
        assert withdrawn.wait(PATIENCE)
        ParticipationFactory(initiative=initiative, organisation=organisation, country=None)

    at_once(withdraw, take_part)
    assert not places(initiative)


@pytest.mark.django_db(transaction=True)
def test_who_withdraws_beside_a_participation_takes_its_place_away():
    organisation = OrganisationFactory(status=Organisation.Status.VERIFIED)
    initiative = InitiativeFactory()
    took_part = threading.Event()

    def take_part():
        with transaction.atomic():
            ParticipationFactory(initiative=initiative, organisation=organisation, country=None)
            took_part.set()
            wait_for_one_who_waits()

    def withdraw():
        assert took_part.wait(PATIENCE)
        Organisation.objects.filter(pk=organisation.pk).update(status="held")

    at_once(withdraw, take_part)
    assert not places(initiative)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_who_brings_the_same_new_words():
    first, second = OrganisationFactory.create_batch(2, status=Organisation.Status.VERIFIED)
    changed = threading.Event()
    said = {"description": "Zauberwasserstoff", "city": "Zauberstadt"}

    def bring_and_take_back():
        with transaction.atomic():
            Organisation.objects.filter(pk=first.pk).update(**said)
            changed.set()
            assert done.wait(PATIENCE)
            transaction.set_rollback(True)

    def bring():
        assert changed.wait(PATIENCE)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            Organisation.objects.filter(pk=second.pk).update(**said)
        finally:
            done.set()

    done = threading.Event()
    at_once(bring_and_take_back, bring)
    assert not Word.objects.filter(word="zauberstadt").exists()
    filling.count_words()
    assert Word.objects.get(word="zauberstadt").entries == 1


def wait_for_one_who_waits():
    """Until another connection waits for a lock."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_what_expired_is_found_no_more_from_the_next_night_on():
    concept = ConceptFactory()
    statement = StatementFactory(
        concept=concept, role="offers", text="Wonderful", trl_from=3, trl_to=4
    )
    maker = statement.organisation
    stated = {("offers", str(concept.pk)), ("role", "offers"), ("trl", "3"), ("trl", "4")}
    Statement.objects.update(valid_until=timezone.localdate())
    assert filling.forget_expired() == 0
    assert stated <= values(maker)
    # as if nobody wrote anything and a day had passed
    bulk.pause(True)
    Statement.objects.update(valid_until=timezone.localdate() - datetime.timedelta(days=1))
    bulk.pause(False)
    assert stated <= values(maker)
    assert filling.forget_expired() == 1
    assert not stated & values(maker)
    assert "wonder" not in str(entry(maker).words)
