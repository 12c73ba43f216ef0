"""Pages of ours at addresses of allauth, where its own would be silent, or write while reading."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.account import app_settings, views
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from accounts.models import User

Page = Callable[..., Any]
reauthenticated: Callable[[Page], Page] = reauthentication_required(app="allauth.mfa")


def tells_expiry(key: str, lasts: Callable[[], int]) -> Callable[[Page], Page]:
    """Say that a code has expired or was used, where allauth only sends the reader away.

    ``key`` names what the session keeps of the code, ``lasts`` its life in seconds.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            state = request.session.get(key)
            if (state is None and request.method == "POST") or (
                state is not None and time.time() - state["at"] > lasts()
            ):
                messages.error(request, _("The code has expired or was used already."))
            return page(request, *args, **kwargs)

        return answered

    return decorate


confirm_email = tells_expiry(
    EMAIL_VERIFICATION_CODE_SESSION_KEY, lambda: app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT
)(views.email_verification_sent)
_reset = tells_expiry(
    PASSWORD_RESET_VERIFICATION_SESSION_KEY, lambda: app_settings.PASSWORD_RESET_BY_CODE_TIMEOUT
)
confirm_reset = _reset(views.confirm_password_reset_code)
complete_reset = _reset(views.complete_password_reset)


def _unused_codes(request: HttpRequest) -> list[str]:
    authenticator = get_object_or_404(
        Authenticator, user=request.user, type=Authenticator.Type.RECOVERY_CODES
    )
    return list(authenticator.wrap().get_unused_codes())


@require_safe
@never_cache
@login_required
@reauthenticated
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that are good still."""
    codes = _unused_codes(request)
    return render(request, "mfa/recovery_codes/index.html", {"unused_codes": codes})


@require_safe
@never_cache
@login_required
@reauthenticated
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The same as a file."""
    return HttpResponse(
        "".join(f"{code}\n" for code in _unused_codes(request)),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )


class Sessions(LoginRequiredMixin, TemplateView):
    """Where one is logged in; each session, or all others, can be ended.

    A session that a change of the password ended is not listed, though its row may live on.
    """

    template_name = "usersessions/usersession_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast(User, self.request.user)
        listed = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
        live = _live_keys(user, listed)
        sessions = [
            (session, browser_of(session.user_agent))
            for session in listed
            if session.session_key in live
        ]
        return super().get_context_data(sessions=sessions, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """End one session, or all but this one."""
        chosen = UserSession.objects.filter(user=request.user)
        if number := request.POST.get("session", ""):
            chosen = chosen.filter(pk=number if number.isascii() and number.isdecimal() else 0)
        ended = [session for session in chosen if not session.is_current()]
        for session in ended:
            session.end()
        messages.success(request, _("Ended: %(count)d") % {"count": len(ended)})
        return redirect("usersessions_list")


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "", "Chrom": "Chrome", "Safari": ""}
SYSTEMS = {"Windows": "", "Android": "", "iPhone": "", "iPad": "", "Mac OS": "macOS", "Linux": ""}


def browser_of(agent: str) -> str:
    """What people call a browser and its system; its own words where they are none of those."""
    browser, system = (
        next((name or mark for mark, name in known.items() if mark in agent), "")
        for known in (BROWSERS, SYSTEMS)
    )
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or agent[:60]


def _live_keys(user: User, listed: Any) -> set[str]:
    """Keys of the sessions that are logged in as the user still."""
    current = user.get_session_auth_hash()
    rows = Session.objects.filter(
        session_key__in=[session.session_key for session in listed],
        expire_date__gt=timezone.now(),
    )
    return {
        row.session_key
        for row in rows
        if constant_time_compare(row.get_decoded().get(HASH_SESSION_KEY, ""), current)
    }
