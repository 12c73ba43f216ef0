"""Rules of keeping searches, for pages and jobs alike."""

from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.models import User
from directory.saved import finding, wanted
from directory.saved.models import SavedSearch
from organisations.models import Organisation
from organisations.querysets import OrganisationQuerySet

MOST_SAVED: Final = 50
Frequency = SavedSearch.Frequency


class TooManySearches(ValueError):
    """The user keeps as many searches as one may."""


def organisations_of(user: User) -> OrganisationQuerySet:
    """Those whose fit and suggestions their saved searches can tell: of their teams, with the right
    to edit."""
    teams = user.teams.filter(role__in=["owner", "editor"])
    return Organisation.objects.filter(pk__in=teams.values("organisation")).order_by("name", "pk")


@transaction.atomic
def save(
    *,
    user: User,
    by: User,
    query: str,
    name: str,
    frequency: str = Frequency.WEEKLY,
    organisation: Organisation | None = None,
) -> SavedSearch:
    """Keep a search. What it finds by now is known; what comes later is new.

    Raises PermissionDenied for another person and for an organisation that they may not edit,
    `TooManySearches` beyond `MOST_SAVED`, ValidationError for a search of nothing, one that is kept
    already, and a name that is empty or too long.
    """
    if by != user:
        raise PermissionDenied(_("Only a person themselves may save their searches."))
    if len(query) > wanted.LONGEST_QUERY:
        raise ValidationError({"query": _("This search is too long to be saved.")})
    # one after the other, or two at once would pass the limit
    User.objects.select_for_update().get(pk=user.pk)
    if user.saved_searches.count() >= MOST_SAVED:
        raise TooManySearches(
            _("You keep %(most)d searches. Remove one that you do not need any more.")
            % {"most": MOST_SAVED}
        )
    _check_organisation(organisation, by)
    search = SavedSearch(
        user=user,
        query=wanted.normalised(query),
        name=name.strip(),
        frequency=frequency,
        organisation=organisation,
    )
    if not search.query:
        raise ValidationError({"query": _("Search for something first, then save it.")})
    search.full_clean(exclude=["organisation"])
    search.save()
    finding.note_what_is_there(search)
    search.save()
    return search


@transaction.atomic
def change(
    *,
    search: SavedSearch,
    by: User,
    name: str | None = None,
    frequency: str | None = None,
    organisation: Organisation | None = None,
    with_organisation: bool = False,
) -> SavedSearch:
    """Rename it, or change how often messages come; ``with_organisation`` also sets whose fit and
    suggestions it tells (None: nobody's). What was found while no messages came is not sent later.

    Raises PermissionDenied as `save`, ValidationError for a bad name or frequency.
    """
    current = _own(search, by)
    if name is not None:
        current.name = name.strip()
    if frequency is not None and frequency != current.frequency:
        if current.frequency == Frequency.OFF:
            current.mails_from = current.digested_at = timezone.now()
        current.frequency = frequency
    if with_organisation and organisation != current.organisation:
        _check_organisation(organisation, by)
        current.organisation = organisation
        finding.note_suggestions(current)
    current.full_clean(exclude=["user", "organisation"], validate_unique=False)
    current.save()
    return current


@transaction.atomic
def remove(*, search: SavedSearch, by: User) -> None:
    """Forget a search with all that it found; its feed ends."""
    _own(search, by).delete()


@transaction.atomic
def pause_all(*, user: User, by: User) -> int:
    """No messages about any search; the searches and their feeds stay. Returns how many it
    concerned."""
    if by != user:
        raise PermissionDenied(_("Only a person themselves may change this."))
    return _pause(user.saved_searches.all())


@transaction.atomic
def unsubscribe(*, search: SavedSearch, from_all: bool = False) -> int:
    """What the link in a message does, whoever follows it: no more messages about this search, or
    about any of the same person. A second time changes nothing."""
    searches = SavedSearch.objects.filter(user_id=search.user_id)
    return _pause(searches if from_all else searches.filter(pk=search.pk))


@transaction.atomic
def open_feed(*, search: SavedSearch, by: User) -> SavedSearch:
    """Give the feed an address, another one if it has one: the former opens nothing any more."""
    current = _own(search, by)
    current.feed_secret = get_random_string(32)
    current.save(update_fields=["feed_secret"])
    return current


@transaction.atomic
def close_feed(*, search: SavedSearch, by: User) -> SavedSearch:
    """End the feed: its address opens nothing any more."""
    current = _own(search, by)
    current.feed_secret = ""
    current.save(update_fields=["feed_secret"])
    return current


def _own(search: SavedSearch, by: User) -> SavedSearch:
    """The row, locked: a job may be looking at it."""
    current = SavedSearch.objects.select_for_update(of=["self"]).get(pk=search.pk)
    if current.user_id != by.pk:
        raise PermissionDenied(_("Only a person themselves may change their searches."))
    return current


def _pause(searches: QuerySet[SavedSearch]) -> int:
    return searches.exclude(frequency=Frequency.OFF).update(frequency=Frequency.OFF)


def _check_organisation(organisation: Organisation | None, by: User) -> None:
    if organisation is None:
        return
    if not Organisation.objects.editable_by(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied(_("You may not edit this organisation."))
