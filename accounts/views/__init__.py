"""The pages of one's account."""

from accounts.views.leaving import Deletion, data, deleted, download
from accounts.views.profile import Home, give_consent, privacy, too_many_requests
from accounts.views.tokens import Tokens, revoke_token

__all__ = [
    "Deletion",
    "Home",
    "Tokens",
    "data",
    "deleted",
    "download",
    "give_consent",
    "privacy",
    "revoke_token",
    "too_many_requests",
]
