"""The lists kept for digests, and the worker that makes them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from matching import digests, index, jobs
from matching.exposure import top
from matching.feedback.models import Feedback
from matching.models import ScoringWeights
from matching.outbox.follower import follower
from matching.outbox.models import SuggestionList
from organisations.models import Organisation, TeamMember
from tests.factories import (
    OrganisationFactory,
    ScoringWeightsFactory,
    TeamMemberFactory,
    UserFactory,
)


@pytest.fixture
def peopled(world):
    """The lab and the maker have people here."""
    for organisation in (world.lab, world.maker):
        TeamMemberFactory(organisation=organisation, user=UserFactory(), role=TeamMember.Role.OWNER)
    return world


def made_for():
    return set(SuggestionList.objects.values_list("organisation_id", flat=True))


def test_lists_are_made_for_organisations_with_people(peopled):
    assert digests.refresh(since=timezone.now()) == 2
    assert made_for() == {peopled.lab.pk, peopled.maker.pk}


def test_lists_of_everyone_are_made_by_the_same_kernel(peopled):
    everyone = Organisation.objects.verified().count()
    assert digests.refresh(since=timezone.now(), everyone=True) == everyone
    for kept in SuggestionList.objects.all():
        matches = top(index.in_use(), kept.organisation_id, digests.LISTED)
        assert kept.items == [
            {"id": match.b, "score": match.score, "signals": dict(match.signals)}
            for match in matches
        ]
        assert kept.index_checksum == index.snapshot().checksum
        assert kept.index_changes == 0


def test_a_list_says_which_changes_were_in_the_index(peopled):
    OrganisationFactory(home_region=peopled.ara)
    follower.catch_up()
    digests.refresh(since=timezone.now())
    assert set(SuggestionList.objects.values_list("index_changes", flat=True)) == {
        index.opened().changes
    }
    assert index.opened().changes > 0


def test_what_was_made_since_is_not_made_again(peopled):
    since = timezone.now()
    digests.refresh(since=since)
    before = dict(SuggestionList.objects.values_list("organisation_id", "made_at"))
    assert digests.refresh(since=since) == 0
    assert digests.refresh(since=timezone.now()) == 2
    after = dict(SuggestionList.objects.values_list("organisation_id", "made_at"))
    assert all(after[organisation] > made for organisation, made in before.items())


def test_a_killed_run_goes_on_where_it_stopped(peopled, monkeypatch):
    monkeypatch.setattr(digests, "AT_ONCE", 1)
    since = timezone.now()

    def stop(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        digests.refresh(since=since, progress=stop)
    assert made_for() == {peopled.lab.pk}
    assert digests.count(since=since) == 1
    assert digests.refresh(since=since) == 1
    assert made_for() == {peopled.lab.pk, peopled.maker.pk}


def test_other_weights_make_the_lists_anew(peopled):
    since = timezone.now()
    digests.refresh(since=since)
    ScoringWeights.objects.update(in_force=False)
    ScoringWeightsFactory(version="other", in_force=True)
    assert digests.refresh(since=since) == 2


def test_an_organisation_that_the_index_does_not_know_yet_waits(peopled):
    newcomer = OrganisationFactory(home_region=peopled.ara)
    TeamMemberFactory(organisation=newcomer, user=UserFactory(), role=TeamMember.Role.OWNER)
    since = timezone.now()
    assert digests.refresh(since=since) == 2
    follower.catch_up()
    assert digests.refresh(since=since) == 1


def test_a_list_is_read_without_whom_it_must_not_show(peopled):
    digests.refresh(since=timezone.now())
    shown = digests.read(organisation=peopled.lab)
    assert peopled.maker.pk in {item["id"] for item in shown}
    assert shown == sorted(
        shown, key=lambda item: SuggestionList.objects.get(pk=peopled.lab.pk).items.index(item)
    )
    assert len(digests.read(organisation=peopled.lab, limit=1)) == 1
    Organisation.objects.filter(pk=peopled.maker.pk).update(status="archived")
    assert peopled.maker.pk not in {item["id"] for item in digests.read(organisation=peopled.lab)}


def test_a_dismissed_partner_leaves_the_list(peopled):
    digests.refresh(since=timezone.now())
    Feedback.objects.create(
        organisation=peopled.lab,
        other=peopled.maker,
        kind=Feedback.Kind.DISMISSED,
        reason=Feedback.Reason.values[0],
        by=UserFactory(),
    )
    assert peopled.maker.pk not in {item["id"] for item in digests.read(organisation=peopled.lab)}


def test_without_a_list_nothing_is_read(world):
    assert digests.read(organisation=world.lab) == []


def test_the_command_makes_the_lists(peopled, capsys):
    call_command("refresh_lists")
    assert "2 lists made" in capsys.readouterr().out
    call_command("refresh_lists", all=True, verbosity=0)
    assert made_for() == set(Organisation.objects.verified().values_list("pk", flat=True))


# the worker


def work():
    """Do all jobs that wait, as ``manage.py procrastinate worker`` does.

    In a thread of its own, since the worker runs an event loop: in the main thread one is under
    way already once browser tests were in this process, for Playwright keeps it to the end.
    """

    def run():
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as worker:
                worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(run).result()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_the_job_of_a_transaction_that_committed(peopled):
    now = int(timezone.now().timestamp())
    with transaction.atomic():
        jobs.refresh_lists.defer(timestamp=now)
        transaction.set_rollback(True)
    work()
    assert made_for() == set()
    jobs.refresh_lists.defer(timestamp=now)
    work()
    assert made_for() == {peopled.lab.pk, peopled.maker.pk}
    assert not ProcrastinateJob.objects.filter(status="failed").exists()


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_died_is_taken_up(peopled, monkeypatch):
    monkeypatch.setattr(jobs, "STALLED_AFTER", 0.0)
    job = jobs.refresh_lists.defer(timestamp=int(timezone.now().timestamp()))
    lost = jobs.keep_fresh.defer(timestamp=0)
    with app.connector.connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id IN (%s, %s)", [job, lost]
        )
    work()
    assert made_for() == set()
    jobs.take_up_lost_jobs.defer(timestamp=0)
    work()
    work()
    assert made_for() == {peopled.lab.pk, peopled.maker.pk}
    assert not ProcrastinateJob.objects.filter(status="doing").exists()


@pytest.mark.django_db(transaction=True)
def test_the_index_is_built_anew_by_a_worker(world):
    before = index.snapshot().checksum
    with transaction.atomic(), app.connector.connection.cursor() as cursor:
        cursor.execute("TRUNCATE organisations_statement CASCADE")
    jobs.keep_fresh.defer(timestamp=0)
    work()
    assert index.snapshot().checksum != before


def test_what_is_to_be_done_again_and_again_is_known_to_the_worker():
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert {name: cron for name, cron in periodic.items() if name.startswith("matching.")} == {
        "matching.keep_fresh": "* * * * *",
        "matching.prune_outbox": "45 * * * *",
        "matching.refresh_lists": "30 3 * * *",
        "matching.take_up_lost_jobs": "15 * * * *",
    }
