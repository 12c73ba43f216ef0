"""Who may use the REST API by a token, and how often."""

import re
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.utils import timezone
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.settings import CONSTANTS
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from accounts.models import ApiToken, User

if TYPE_CHECKING:  # it reads the settings, which name this module
    from rest_framework.views import APIView

OF_THIS_PROCESS: Any = ConnectionProxy(caches, "process")
SCHEME = "Token"
TOKEN = re.compile(r"rm_[0-9a-f]{64}")


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token rm_…`, a token that was made on the account page.

    A token that is unknown, expired or revoked is a 401 that says so; without the header the
    session speaks for the caller, and a refusal is a 403. Reading never deletes expired tokens, as
    knox's own class would: a job does that.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != SCHEME.lower():
            return None
        if len(words) != 2 or not TOKEN.fullmatch(words[1]):
            raise AuthenticationFailed(
                _("The header is not of the form “Authorization: Token rm_…”.")
            )
        found = ApiToken.objects.filter(
            token_key=words[1][: CONSTANTS.TOKEN_KEY_LENGTH],
            expiry__gt=timezone.now(),
            user__is_active=True,
        ).select_related("user")
        digest = hash_token(words[1])
        for token in found:
            if compare_digest(digest, token.digest):
                return token.user, token
        raise AuthenticationFailed(_("This token is unknown, has expired or was revoked."))

    def authenticate_header(self, request: Request) -> str | None:
        return SCHEME if "Authorization" in request.headers else None


class AnonymousThrottle(AnonRateThrottle):
    """So many calls for each unknown caller and server process: a limit of load, and not of
    guessing, so that no call of the API writes to the database for it."""

    cache = OF_THIS_PROCESS


class TokenOrUserThrottle(UserRateThrottle):
    """So many calls for each token, and for each user without one, and server process; others are
    counted as unknown callers are."""

    cache = OF_THIS_PROCESS

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        if not request.user.is_authenticated:
            return None
        by_token = isinstance(request.auth, ApiToken)
        ident = request.auth.digest[:32] if by_token else f"user-{request.user.pk}"  # type: ignore[union-attr]
        return self.cache_format % {"scope": self.scope, "ident": ident}
