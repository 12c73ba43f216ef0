"""What is ours about allauth: the language of messages, where to go, how it says things."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import consent, mail
from accounts.models import User

INCORRECT_CODE = _("This is not the code. Look at the newest message, and type it once more.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # no types
    """allauth's rules, with messages in the language of their reader."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait 15 minutes, then try again."),
        "rate_limited": _("Too many requests. Wait a little, then try again."),
        "incorrect_code": INCORRECT_CODE,
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your current password."),
        "duplicate_email": _("This address belongs to your account already."),
        "email_taken": _("This address belongs to another account."),
        "max_email_addresses": _("An account has at most %d e-mail addresses."),
        "unverified_primary_email": _("Confirm the address first."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: our pages are pages, and answers in JSON would be a second way to keep safe."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """As allauth's own, which fails for what is no address, such as ``https://[``."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.language = (translation.get_language() or user.language)[:5]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Newcomers go on to their organisation."""
        try:
            return reverse("organisations:register")
        except NoReverseMatch:
            return reverse("accounts:home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("account_email")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        consent.note_at_log_in(request, user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Refuse an address that another account was made with, confirmed or not: it is the login
        name there, which no two accounts share."""
        others = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        if others.exists():
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False
        return bool(super().confirm_email(request, email_address))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the language of the account with this address, or else of the page."""
        request = current.request
        language = (
            User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
        )
        with translation.override(language or translation.get_language()):
            values = {
                "request": request,
                "email": email,
                "current_site": get_current_site(request),
                **context,
            }
            mail.deliver(self.render_mail(template_prefix, email, values))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # no types
    """allauth's second factor, in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This is not the code that the app shows now, or it was used before."),
        "unverified_email": _("Confirm your e-mail address first."),
    }
