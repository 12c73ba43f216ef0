"""Addresses that open without a log-in: of a feed, and to unsubscribe.

Neither is kept: both are made from the key of this site and a few letters of the row, so who reads
the database cannot open a feed.
"""

import base64
from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from directory.saved.models import SavedSearch

FEED: Final = "directory.saved.feed"
UNSUBSCRIBE: Final = "directory.saved.unsubscribe"
LARGEST_KEY: Final = 2**63 - 1


def absolute(address: str) -> str:
    """An address of this site as a message needs it."""
    return f"{settings.SITE_URL}{address}"


def feed_token(search: SavedSearch) -> str:
    """What the address of its feed ends in; empty without a feed."""
    if not search.feed_secret:
        return ""
    said = f"{search.pk}:{search.feed_secret}"
    digest = salted_hmac(FEED, said, algorithm="sha256").digest()
    return f"{search.pk}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def feed_address(search: SavedSearch) -> str:
    token = feed_token(search)
    return absolute(reverse("search-feed", args=[token])) if token else ""


def search_of_feed(token: str) -> SavedSearch | None:
    """The search that has this feed, of a person who has an account still."""
    search = _row(token.partition(".")[0])
    if search is None or not search.user.is_active:
        return None
    return search if constant_time_compare(feed_token(search), token) else None


def unsubscribe_address(search: SavedSearch) -> str:
    return absolute(reverse("unsubscribe", args=[_signer().sign(str(search.pk))]))


def search_to_unsubscribe(token: str) -> SavedSearch | None:
    """The search that the messages are about, or None where it is gone; raises BadSignature for a
    token that nobody here made. It stays good: messages are kept for years."""
    return _row(_signer().unsign(token))


def _signer() -> signing.Signer:
    return signing.Signer(salt=UNSUBSCRIBE, sep=".")


def _row(key: str) -> SavedSearch | None:
    if not (key.isascii() and key.isdecimal() and int(key) <= LARGEST_KEY):
        return None
    return SavedSearch.objects.select_related("user").filter(pk=int(key)).first()
