"""Messages about what is new: ``prepare`` writes one down, ``send`` hands it to the mail server.

Never twice, by three steps, each its own transaction (`docs/adr/0013-digests.md`):

1. What is new, the message, and the job that sends it are written down together.
2. The job marks the message as being handed over.
3. It hands it over, and writes down what the mail server said.

Whoever dies between 2 and 3 leaves a message that may have gone; nobody hands it over again, and
its items stay to be read on the page of the search.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation

from accounts import mail
from accounts.models import User
from directory.saved import finding, links, queue, showing
from directory.saved.models import SUGGESTION, Digest, SavedSearch
from directory.saved.showing import Item

SEND: Final = "directory.send_digest"
LOOK: Final = "directory.look_after_search"

HOUR: Final = 5
"""Of the day, in UTC, from which on a message is due: after the lists of suggestions are made."""

MONDAY: Final = 0
MOST_TOLD: Final = 20
MOST_SUGGESTIONS: Final = 5
WAITED_FOR: Final = timedelta(hours=1)
KEPT: Final = timedelta(days=365)

OUTCOMES: Final = {
    mail.Outcome.TAKEN: Digest.Status.SENT,
    mail.Outcome.REFUSED: Digest.Status.REFUSED,
    mail.Outcome.UNSURE: Digest.Status.UNSURE,
    mail.Outcome.NOT_NOW: Digest.Status.WAITING,
}


class TryLater(Exception):
    """The mail server did not take the message now."""


def look_after(*, search: int, now: datetime | None = None) -> str:
    """Note what is new in a search, and write a message where one is due; one transaction.

    Does nothing where another worker is at it, and for people whose account is closed.
    """
    now = now or timezone.now()
    with transaction.atomic():
        row = (
            SavedSearch.objects.select_for_update(of=["self"], skip_locked=True)
            .select_related("user")
            .filter(pk=search, user__is_active=True)
            .first()
        )
        if row is None:
            return "nothing to do"
        count = finding.look(row)
        digest = prepare(row, now) if is_due(row, now) and may_get_mail(row.user) else None
        row.save(
            update_fields=["is_listed", "settled_at", "looked_at", "digested_at"],
        )
    return f"{count} new, {'a message' if digest else 'no message'}"


def prepare(search: SavedSearch, now: datetime) -> Digest | None:
    """Write down a message about all that no message told of yet, and have it sent once the
    transaction has come through. Nothing new, no message."""
    search.digested_at = now
    untold = search.items.filter(found_at__gte=search.mails_from, digest__isnull=True)
    if not untold.exists():
        return None
    digest = Digest.objects.create(search=search, created_at=now)
    untold.update(digest=digest)
    send_later(digest)
    return digest


def send_later(digest: Digest) -> None:
    """Have a worker send it; what waits to be sent already is not asked for again."""
    queue.defer(SEND, key=digest.pk)


def send(*, digest: int) -> str:
    """Hand a waiting message to the mail server, once. Raises `TryLater` where it was not taken for
    now; then it waits still."""
    message = _marked(digest)
    if message is None:
        return "not waiting"
    outcome = OUTCOMES[mail.hand_over(message)]
    Digest.objects.filter(pk=digest, status=Digest.Status.SENDING).update(status=outcome)
    if outcome == Digest.Status.WAITING:
        raise TryLater
    return str(outcome)


def _marked(key: int) -> EmailMessage | None:
    """The message, if it is to be sent, marked as being handed over: committed before it is."""
    with transaction.atomic():
        digest = (
            Digest.objects.select_for_update(of=["self"])
            .select_related("search__user")
            .filter(pk=key, status=Digest.Status.WAITING)
            .first()
        )
        if digest is None:
            return None
        message = message_of(digest)
        digest.status = Digest.Status.SENDING if message else Digest.Status.DROPPED
        digest.handed_at = timezone.now()
        digest.save(update_fields=["status", "handed_at"])
    return message


def message_of(digest: Digest) -> EmailMessage | None:
    """The message as it reads now: what was withdrawn since it was written is not in it. None where
    nothing is left, or where the person does not want it any more."""
    search = digest.search
    user = search.user
    if search.frequency == SavedSearch.Frequency.OFF or not may_get_mail(user):
        return None
    with translation.override(user.language):
        results, suggestions, more = _told(digest)
        if not results and not suggestions:
            return None
        page = links.absolute(search.get_absolute_url())
        unsubscribe = links.unsubscribe_address(search)
        context = {
            "search": search,
            "in_words": showing.in_words(search),
            "results": results,
            "suggestions": suggestions,
            "mine": finding.organisation_of(search),
            "more": more,
            "page": page,
            "unsubscribe": unsubscribe,
            "total": len(results) + len(suggestions) + more,
        }
    host = links.absolute("").partition("://")[2].partition(":")[0]
    return mail.message(
        to=user.email,
        language=user.language,
        template="mail/digest",
        context=context,
        headers={
            # RFC 8058: the mail program asks for it with one click, by a POST
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<digest-{digest.pk}@{host}>",
        },
    )


def _told(digest: Digest) -> tuple[list[Item], list[Item], int]:
    """The first results and suggestions, those of them that may be shown still; and how many more
    there are."""
    suggested = list(digest.items.filter(of=SUGGESTION).order_by("pk")[:MOST_SUGGESTIONS])
    others = digest.items.exclude(of=SUGGESTION).order_by("pk")
    found = list(others[: MOST_TOLD - len(suggested)])
    more = digest.items.count() - len(suggested) - len(found)
    search = digest.search
    return showing.results(search, found), showing.suggestions(search, suggested), more


def is_due(search: SavedSearch, now: datetime) -> bool:
    """Whether the last hour at which a message was due has come since it was last thought of."""
    if search.frequency == SavedSearch.Frequency.OFF:
        return False
    return search.digested_at < last_due(search.frequency, now)


def last_due(frequency: str, now: datetime) -> datetime:
    """The last moment at which messages of this frequency were due."""
    today = now.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    due = today if today <= now else today - timedelta(days=1)
    if frequency == SavedSearch.Frequency.WEEKLY:
        due -= timedelta(days=(due.weekday() - MONDAY) % 7)
    return due


def may_get_mail(user: User) -> bool:
    """Only who has an account and has confirmed the address gets messages."""
    confirmed = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return user.is_active and confirmed.exists()


def left_over(now: datetime | None = None) -> list[Digest]:
    """Messages that wait and whose job was lost with its worker."""
    before = (now or timezone.now()) - WAITED_FOR
    return list(Digest.objects.filter(status=Digest.Status.WAITING, created_at__lt=before))


def forget(now: datetime | None = None) -> int:
    """Delete the messages of more than a year ago; the lists of what they told stay."""
    before = (now or timezone.now()) - KEPT
    return Digest.objects.filter(created_at__lt=before).exclude(status="waiting").delete()[0]
