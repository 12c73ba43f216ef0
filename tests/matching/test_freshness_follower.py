"""Committed changes reach the suggestions of every process, and nothing on the way can lose one."""

import datetime
import os
import time

import pytest
from django.db import connection
from django.utils import timezone

from initiatives.models import Initiative, Participation
from matching import facts, index, regional, services
from matching.engine import MatchIndex, UnknownOrganisation, statistics_of
from matching.exposure import top
from matching.outbox import follower as following
from matching.outbox import snapshot as snapshots
from matching.outbox.follower import Follower, follower
from matching.outbox.snapshot import IndexNotBuilt
from organisations.models import Organisation, Statement
from tests.factories import (
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def suggested(to):
    return [match.b for match in index.in_use().top(to.pk, 20)]


def wait_until(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def thread(world, settings):
    """The follower's thread at work, as in a web process."""
    settings.MATCH_FOLLOWER = "thread"
    follower.forget()
    index.in_use()
    yield follower
    settings.MATCH_FOLLOWER = "off"
    follower.stop()
    follower.forget()


@pytest.fixture
def newcomer(world):
    """An organisation made after the index was built."""
    made = OrganisationFactory(name="Newcomer", home_region=world.ara)
    StatementFactory(organisation=made, concept=world.storage, role=Statement.Role.OFFERS)
    return made


def test_a_new_organisation_is_suggested_once_its_change_was_read(world, newcomer):
    assert newcomer.pk not in suggested(world.lab)
    follower.catch_up()
    assert newcomer.pk in suggested(world.lab)
    assert index.opened().changes > 0


def test_reading_twice_changes_nothing(world, newcomer):
    follower.catch_up()
    first = index.opened()
    follower.catch_up()
    assert index.opened() is first


def test_a_withdrawn_organisation_is_out_before_anybody_read_of_it(world):
    snapshot = index.snapshot()
    assert world.maker.pk in suggested(world.lab)
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    assert snapshot.withdrawn() == [world.maker.pk]
    follower.catch_up()
    assert world.maker.pk not in suggested(world.lab)
    assert index.snapshot().withdrawn() == []
    assert world.maker.pk not in index.opened()


def test_a_deleted_organisation_is_out_before_anybody_read_of_it(world, newcomer):
    follower.catch_up()
    snapshot, pk = index.snapshot(), newcomer.pk
    newcomer.statements.all().delete()
    newcomer.delete()
    assert snapshot.withdrawn() == [pk]
    follower.catch_up()
    with pytest.raises(UnknownOrganisation):
        index.in_use().top(pk, 5)


def test_a_pending_organisation_may_ask_and_is_suggested_to_nobody(world, newcomer):
    Organisation.objects.filter(pk=newcomer.pk).update(status="pending")
    follower.catch_up()
    assert newcomer.pk not in suggested(world.lab)
    assert world.lab.pk in suggested(newcomer)
    Organisation.objects.filter(pk=newcomer.pk).update(status="verified")
    follower.catch_up()
    assert newcomer.pk in suggested(world.lab)


def test_one_that_comes_back_is_suggested_again(world):
    maker = Organisation.objects.filter(pk=world.maker.pk)
    before = index.in_use().match(world.lab.pk, world.maker.pk)
    maker.update(status="archived")
    follower.catch_up()
    maker.update(status="verified")
    follower.catch_up()
    assert index.in_use().match(world.lab.pk, world.maker.pk) == before


def frozen_statistics():
    with connection.cursor() as cursor:
        found = facts.everything(cursor, today=timezone.localdate())
    return statistics_of(facts.profiles_of(found.population), found.participations)


def built_anew(statistics):
    """An index of what the database holds now, with idf, degrees and age as they were."""
    with connection.cursor() as cursor:
        found = facts.everything(cursor, today=timezone.localdate())
    return MatchIndex.build(
        found.population,
        found.participations,
        facts.segment_edges(),
        regional.fit_of_all(),
        places=found.places,
        scoring=facts.scoring_in_force(),
        statistics=statistics,
    )


def add_statement(world):
    StatementFactory(organisation=world.other, concept=world.storage, role="offers", weight=3)


def drop_statement(world):
    Statement.objects.filter(organisation=world.maker, role="offers").delete()


def weaken_statement(world):
    Statement.objects.filter(organisation=world.lab, role="needs").update(weight=1)


def let_a_statement_end(world):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Statement.objects.filter(organisation=world.lab, role="interested").update(
        valid_until=yesterday
    )


def start_a_project(world):
    made = InitiativeFactory(start_date=datetime.date(2017, 1, 1), end_date=None)
    for each in (world.neighbour, world.institute):
        ParticipationFactory(initiative=made, organisation=each)
    ParticipationFactory(initiative=made, organisation=None, pic="999999999")


def leave_a_project(world):
    Participation.objects.filter(
        initiative=world.projects[0], organisation=world.institute
    ).delete()


def join_a_project(world):
    ParticipationFactory(initiative=world.projects[0], organisation=world.other)


def date_a_project(world):
    Initiative.objects.filter(pk=world.projects[1].pk).update(start_date=datetime.date(2010, 1, 1))


def turn_a_project_into_an_event(world):
    Initiative.objects.filter(pk=world.projects[1].pk).update(kind=Initiative.Kind.EVENT)


def move(world):
    Organisation.objects.filter(pk=world.institute.pk).update(home_region=world.ara, country=None)


def withdraw_a_partner(world):
    Organisation.objects.filter(pk=world.institute.pk).update(status="rejected")


def rename_the_kind(world):
    Organisation.objects.filter(pk=world.maker.pk).update(kind="ngo")


CHANGES = [
    add_statement,
    drop_statement,
    weaken_statement,
    let_a_statement_end,
    start_a_project,
    leave_a_project,
    join_a_project,
    date_a_project,
    turn_a_project_into_an_event,
    move,
    withdraw_a_partner,
    rename_the_kind,
]


def assert_same(followed, anew):
    """Every organisation gets the same partners with the same explanations."""
    everyone = Organisation.objects.filter(status__in=facts.INDEXED)
    for organisation in everyone.order_by("pk").values_list("pk", flat=True):
        assert followed.top(organisation, 20) == anew.top(organisation, 20)
        assert followed.partners(organisation, outside=True) == anew.partners(
            organisation, outside=True
        )


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_the_index_that_follows_is_the_one_that_would_be_built(world, change):
    fit = regional.fit_of_all()
    statistics = frozen_statistics()
    change(world)
    follower.catch_up()
    anew = built_anew(statistics)
    if regional.fit_of_all() == fit:
        assert_same(index.opened(), anew)
    else:
        # facts about regions wait for the next build: all but that signal is the same
        for a in (world.lab.pk, world.maker.pk):
            ids, ours = index.opened().signals(a)
            other_ids, theirs = anew.signals(a)
            for signal in ours.keys() - {"regional_fit"}:
                found = dict(zip(ids.tolist(), ours[signal].tolist(), strict=True))
                expected = dict(zip(other_ids.tolist(), theirs[signal].tolist(), strict=True))
                assert {each: found[each] for each in expected} == expected


def test_many_changes_one_after_the_other_are_the_same_as_all_at_once(world):
    statistics = frozen_statistics()
    changes = [add_statement, start_a_project, join_a_project, weaken_statement, rename_the_kind]
    for change in changes:
        change(world)
        follower.catch_up()
    one_by_one = index.opened()
    follower.forget()
    follower.catch_up()
    assert_same(index.opened(), one_by_one)
    ids, _ = built_anew(statistics).signals(world.lab.pk)
    assert len(ids) == len(one_by_one)


# the thread


def test_the_thread_reads_changes_by_itself(thread, world, newcomer):
    wait_until(lambda: newcomer.pk in suggested(world.lab))


def test_a_lost_notification_delays_a_change_and_loses_nothing(thread, world):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE matching_outbox DISABLE TRIGGER matching_wake")
    try:
        late = OrganisationFactory(home_region=world.ara)
        StatementFactory(organisation=late, concept=world.storage, role="offers")
        wait_until(lambda: late.pk in suggested(world.lab))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE matching_outbox ENABLE TRIGGER matching_wake")


def test_lost_connections_are_made_anew(thread, world):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    late = OrganisationFactory(home_region=world.ara)
    StatementFactory(organisation=late, concept=world.storage, role="offers")
    wait_until(lambda: late.pk in suggested(world.lab))
    assert thread._thread.is_alive()


def test_a_thread_that_died_is_replaced(thread, world, newcomer):
    first = thread._thread
    thread._stop.set()
    first.join()
    thread._stop.clear()
    index.in_use()
    assert thread._thread is not first
    wait_until(lambda: newcomer.pk in suggested(world.lab))


def test_where_nobody_reported_the_request_itself_reads(world, settings, monkeypatch):
    settings.MATCH_FOLLOWER = "request"
    monkeypatch.setattr(following, "PATIENCE", 0.2)
    follower.forget()
    assert world.maker.pk in suggested(world.lab)
    late = OrganisationFactory(home_region=world.ara)
    StatementFactory(organisation=late, concept=world.storage, role="offers")
    time.sleep(0.25)
    assert late.pk in suggested(world.lab)


def test_a_forked_process_starts_its_own_thread(thread):
    assert thread._thread.is_alive()
    child = os.fork()
    if child == 0:
        os._exit(0 if thread._thread is None and thread._snapshot is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_slow_reader_does_not_undo_what_a_fast_one_did(world, newcomer):
    slow = Follower()
    before = slow.snapshot()
    after = slow.catch_up()
    assert slow._swap(before) is after


# what cannot be followed


def test_an_emptied_table_stops_all_answers_until_the_next_build(world):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE organisations_statement CASCADE")
    follower.catch_up()
    with pytest.raises(IndexNotBuilt, match="build_index"):
        index.in_use()
    index.build()
    follower.catch_up()
    assert world.storage.pk not in {
        term.key for term in index.in_use().match(world.lab.pk, world.maker.pk).terms
    }


def test_too_many_changes_wait_for_the_next_build_except_for_withdrawals(
    world, newcomer, monkeypatch
):
    monkeypatch.setattr(snapshots, "MOST_CHANGES", 1)
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    snapshot = follower.catch_up()
    assert snapshot.waiting == 2
    assert newcomer.pk not in suggested(world.lab)
    assert index.snapshot().withdrawn() == [world.maker.pk]
    assert world.maker.pk not in {
        match.b.pk for match in services.suggestions_for(organisation=world.lab)
    }
    index.build()
    follower.catch_up()
    assert newcomer.pk in suggested(world.lab)


def test_many_that_were_withdrawn_at_once_are_passed_over_at_once(world, monkeypatch):
    more = OrganisationFactory.create_batch(6, home_region=world.ara)
    for one in more:
        StatementFactory(organisation=one, concept=world.storage, role="offers")
    index.build()
    follower.catch_up()
    monkeypatch.setattr(snapshots, "MOST_CHANGES", 1)
    gone = {one.pk for one in more}
    assert gone < set(suggested(world.lab))
    Organisation.objects.filter(pk__in=gone).update(status="archived")
    assert follower.catch_up().waiting > 1
    asked = []
    monkeypatch.setattr(services, "top", lambda *a, **named: asked.append(1) or top(*a, **named))
    shown = services.suggestions_for(organisation=world.lab, limit=1)
    assert not gone & {match.b.pk for match in shown}
    assert len(asked) <= 2


def test_a_new_build_is_moved_to_with_what_came_after_it(world, newcomer):
    follower.catch_up()
    first = index.snapshot().checksum
    index.build()
    late = OrganisationFactory(home_region=world.ara)
    StatementFactory(organisation=late, concept=world.storage, role="offers")
    second = follower.catch_up()
    assert second.checksum != first
    assert {newcomer.pk, late.pk} <= set(suggested(world.lab))
    assert second.index.changes == 1
