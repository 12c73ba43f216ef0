"""Messages about saved searches: what they say, when they come, and never twice."""

import os
import signal
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from directory import jobs
from directory.models import Digest, SavedSearch, SearchItem
from directory.saved import digests, finding, queue, services
from organisations.models import Organisation
from tests.directory.saved.conftest import morning, pass_days
from tests.factories import (
    OrganisationFactory,
    SuggestionListFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.matching.conftest import index_folder, world  # noqa: F401 -- fixtures
from tests.matching.test_digests import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_queue(db):
    """Its tables are not emptied after a test that commits."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_message_tells_what_is_new_once(saved):
    assert morning(saved) == []
    OrganisationFactory(name="Hydrogen & Sons", city="Lyon")
    (message,) = morning(saved)
    assert message.to == ["anna@example.org"]
    assert message.subject == "H2: 1 new"
    assert "* Hydrogen & Sons\n" in message.body
    assert "Lyon" in message.body
    assert f"http://127.0.0.1:8000{saved.get_absolute_url()}" in message.body
    assert "Known" not in message.body
    assert "&amp;" not in message.body
    assert morning(saved) == []


def test_headers_let_a_mail_program_unsubscribe(saved, client):
    OrganisationFactory(name="Hydrogen New")
    (message,) = morning(saved)
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"]
    assert address.startswith("<http")
    assert address.strip("<>") in message.body
    path = address.strip("<>").removeprefix("http://127.0.0.1:8000")
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    saved.refresh_from_db()
    assert saved.frequency == "off"
    assert message.message()["Message-ID"] == f"<digest-{Digest.objects.get().pk}@127.0.0.1>"


def test_a_message_is_in_the_language_of_its_reader(saved, anna):
    anna.language = "fr"
    anna.save()
    OrganisationFactory(name="Hydrogen New", kind="company")
    (message,) = morning(saved)
    assert "Entreprise" in message.body


def test_a_message_lists_twenty_and_counts_the_rest(saved):
    for number in range(25):
        OrganisationFactory(name=f"Hydrogen {number}")
    (message,) = morning(saved)
    assert message.body.count("* Hydrogen") == 20
    assert "And 5 more." in message.body
    assert SearchItem.objects.filter(digest__isnull=True, found_at__isnull=False).count() == 0
    assert morning(saved) == []


def test_suggestions_come_with_the_reason(world, index_folder):  # noqa: F811
    user = UserFactory()
    TeamMemberFactory(organisation=world.lab, user=user, role="owner")
    kept = SuggestionListFactory(organisation=world.lab, items=[])
    search = services.save(
        user=user, by=user, query="q=nothing", name="N", frequency="daily", organisation=world.lab
    )
    kept.items = [{"id": world.maker.pk, "score": 1, "signals": {}}]
    kept.save()
    (message,) = morning(search)
    assert "New suggestions for “Lab of Kraków”:" in message.body
    assert "of 100 points" in message.body
    assert "You look for Storage; they offer it" in message.body
    assert "/organisations/lab/with/maker/" in message.body


def test_what_was_withdrawn_meanwhile_is_not_told(saved):
    hidden, shown = (OrganisationFactory(name=f"Hydrogen {n}") for n in ("Hidden", "Shown"))
    pass_days(saved)
    digests.look_after(search=saved.pk)
    Organisation.objects.filter(pk=hidden.pk).update(status="rejected")
    digests.send(digest=Digest.objects.get().pk)
    (message,) = mail.outbox
    assert "Shown" in message.body
    assert "Hidden" not in message.body
    Organisation.objects.filter(pk=shown.pk).update(status="rejected")
    digest = Digest.objects.create(search=saved)
    SearchItem.objects.filter(found_at__isnull=False).update(digest=digest)
    assert digests.send(digest=digest.pk) == "not waiting"
    assert Digest.objects.get(pk=digest.pk).status == "dropped"


@pytest.mark.parametrize("why", ["unconfirmed", "inactive", "off", "other address"])
def test_who_gets_none(saved, anna, why):
    OrganisationFactory(name="Hydrogen New")
    if why == "off":
        services.pause_all(user=anna, by=anna)
    elif why == "inactive":
        anna.is_active = False
        anna.save()
    elif why == "unconfirmed":
        anna.emailaddress_set.update(verified=False)
    else:
        anna.emailaddress_set.update(email="before@example.org")
    assert morning(saved) == []
    assert not Digest.objects.exists()


def test_who_unsubscribes_before_it_goes_gets_none(saved):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    digests.look_after(search=saved.pk)
    services.unsubscribe(search=saved)
    digests.send(digest=Digest.objects.get().pk)
    assert mail.outbox == []
    assert Digest.objects.get().status == "dropped"


def test_what_was_found_while_no_messages_came_is_not_sent_later(saved, anna):
    services.change(search=saved, by=anna, frequency="off")
    OrganisationFactory(name="Hydrogen Meanwhile")
    assert morning(saved) == []
    services.change(search=saved, by=anna, frequency="daily")
    assert morning(saved) == []
    OrganisationFactory(name="Hydrogen Later")
    (message,) = morning(saved)
    assert "Meanwhile" not in message.body


# when


@pytest.mark.parametrize(
    ("frequency", "now", "due"),
    [
        ("daily", datetime(2026, 3, 5, 12), datetime(2026, 3, 5, 5)),
        ("daily", datetime(2026, 3, 5, 5), datetime(2026, 3, 5, 5)),
        ("daily", datetime(2026, 3, 5, 4, 59), datetime(2026, 3, 4, 5)),
        ("weekly", datetime(2026, 3, 5, 12), datetime(2026, 3, 2, 5)),
        ("weekly", datetime(2026, 3, 2, 5), datetime(2026, 3, 2, 5)),
        ("weekly", datetime(2026, 3, 2, 4), datetime(2026, 2, 23, 5)),
        ("weekly", datetime(2026, 3, 1, 12), datetime(2026, 2, 23, 5)),
    ],
)
def test_messages_are_due_every_morning_or_every_monday(frequency, now, due):
    now, due = now.replace(tzinfo=UTC), due.replace(tzinfo=UTC)
    assert digests.last_due(frequency, now) == due
    before, after = due - timedelta(minutes=1), due + timedelta(minutes=1)
    assert digests.is_due(SavedSearch(frequency=frequency, digested_at=before), now)
    assert not digests.is_due(SavedSearch(frequency=frequency, digested_at=after), now)


def test_a_weekly_message_tells_of_the_whole_week(saved, anna):
    services.change(search=saved, by=anna, frequency="weekly")
    for name in ("Hydrogen Tuesday", "Hydrogen Sunday"):
        OrganisationFactory(name=name)
        digests.look_after(search=saved.pk)
    assert not Digest.objects.exists()
    (message,) = morning(saved, days=7)
    assert "Tuesday" in message.body
    assert "Sunday" in message.body


# never twice, whatever dies when


class Died(BaseException):
    """The worker is killed here: nothing catches it."""


def die(*_args, **_kwargs):
    raise Died


def die_after(function):
    def run(*args, **kwargs):
        function(*args, **kwargs)
        raise Died

    return run


DEATHS = {
    "before anything is noted": (finding, "_write", die, 1),
    "after what is new is noted": (finding, "look", die_after(finding.look), 1),
    "before the message is written": (digests, "prepare", die, 1),
    "before the job is written": (digests, "send_later", die, 1),
    "after the job is written": (digests, "send_later", die_after(digests.send_later), 1),
    "before commit": (digests, "prepare", die_after(digests.prepare), 1),
    "after commit": (digests, "look_after", die_after(digests.look_after), 1),
    "before it is marked": (digests, "message_of", die, 1),
    "after it is marked": (digests, "_marked", die_after(digests._marked), 0),
    "as the server is called": (digests.mail, "hand_over", die, 0),
    "after the server took it": (
        digests.mail, "hand_over", die_after(digests.mail.hand_over), 1,
    ),
}  # fmt: skip


def one_morning(search):
    digests.look_after(search=search.pk)
    digests.send(digest=Digest.objects.get().pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", DEATHS)
def test_a_worker_that_dies_sends_nothing_twice(saved, monkeypatch, when):
    module, name, death, messages = DEATHS[when]
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, death)
        with pytest.raises(Died):
            one_morning(saved)
    is_prepared = Digest.objects.exists()
    waiting = ProcrastinateJob.objects.filter(task_name=digests.SEND).count()
    assert waiting == is_prepared == SearchItem.objects.filter(digest__isnull=False).count()
    # the next workers, for three days; every job comes twice
    for _day in range(3):
        pass_days(saved)
        digests.look_after(search=saved.pk)
        digests.look_after(search=saved.pk)
        for digest in Digest.objects.all():
            digests.send(digest=digest.pk)
            digests.send(digest=digest.pk)
    assert len(mail.outbox) == messages
    assert Digest.objects.get().status == (
        "sending" if "server" in when or not messages else "sent"
    )
    # what is found later comes by itself
    OrganisationFactory(name="Hydrogen Later")
    (message,) = morning(saved)
    assert "Later" in message.body
    assert "Hydrogen New" not in message.body


@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_while_it_sends_is_not_repeated(saved):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    digests.look_after(search=saved.pk)
    key = Digest.objects.get().pk
    connections.close_all()
    connection.close_pool()
    child = os.fork()
    if child == 0:
        digests.mail.hand_over = lambda message: os.kill(os.getpid(), signal.SIGKILL)
        try:
            digests.send(digest=key)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert Digest.objects.get().status == "sending"
    assert digests.send(digest=key) == "not waiting"
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no")}), "refused"),
        (smtplib.SMTPRecipientsRefused({"anna@example.org": (450, b"later")}), "waiting"),
        (smtplib.SMTPDataError(554, b"no"), "refused"),
        (smtplib.SMTPDataError(451, b"later"), "waiting"),
        (smtplib.SMTPServerDisconnected("gone"), "unsure"),
        (TimeoutError(), "unsure"),
    ],
)
def test_only_what_the_server_did_not_take_is_tried_again(saved, monkeypatch, error, status):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    digests.look_after(search=saved.pk)
    key = Digest.objects.get().pk

    def fail(*_args):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", fail)
        if status == "waiting":
            with pytest.raises(digests.TryLater):
                digests.send(digest=key)
        else:
            digests.send(digest=key)
    assert Digest.objects.get().status == status
    digests_sent = digests.send(digest=key)
    assert digests_sent == ("sent" if status == "waiting" else "not waiting")
    assert len(mail.outbox) == (status == "waiting")


def test_a_server_that_is_not_there_is_asked_again(saved, monkeypatch):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    digests.look_after(search=saved.pk)
    key = Digest.objects.get().pk

    def nobody(_connection):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "open", nobody)
        with pytest.raises(digests.TryLater):
            digests.send(digest=key)
    assert digests.send(digest=key) == "sent"


# the worker


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_after_every_search_and_sends(saved):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    other = services.save(user=saved.user, by=saved.user, query="q=steel", name="Steel")
    queue.defer(digests.LOOK, key=saved.pk)
    jobs.look_after_searches.defer(timestamp=0)
    work()
    assert [message.subject for message in mail.outbox] == ["H2: 1 new"]
    looked = other.looked_at
    other.refresh_from_db()
    assert other.looked_at > looked
    assert not ProcrastinateJob.objects.filter(status="failed").exists()
    jobs.look_after_searches.defer(timestamp=1)
    work()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_within_a_worker_a_job_waits_for_the_transaction(saved, monkeypatch):
    """procrastinate's own way of deferring would write it over another connection."""
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)

    def fail(search, now):
        prepare(search, now)
        raise RuntimeError("between the job and the commit")

    prepare = digests.prepare
    monkeypatch.setattr(digests, "prepare", fail)
    queue.defer(digests.LOOK, key=saved.pk)
    work()
    assert ProcrastinateJob.objects.filter(status="failed", task_name=digests.LOOK).count() == 1
    assert not ProcrastinateJob.objects.filter(task_name=digests.SEND).exists()
    assert not Digest.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_job_was_lost_is_taken_up(saved):
    OrganisationFactory(name="Hydrogen New")
    pass_days(saved)
    digests.look_after(search=saved.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # the worker that had it is gone
    jobs.look_after_searches(timestamp=0)
    assert not ProcrastinateJob.objects.filter(task_name=digests.SEND).exists()
    Digest.objects.update(created_at=Digest.objects.get().created_at - timedelta(hours=2))
    jobs.look_after_searches(timestamp=0)
    work()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_search_is_in_the_queue_once(saved):
    for _twice in range(2):
        queue.defer(digests.LOOK, key=saved.pk)
    assert ProcrastinateJob.objects.filter(task_name=digests.LOOK).count() == 1
