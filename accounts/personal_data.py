"""What accounts keep about a person (see `accounts.personal`)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from accounts import personal
from accounts.models import ApiToken, Consent, User


def register() -> None:
    personal.keeps_rows(
        "account",
        lambda user: User.objects.filter(pk=user.pk),
        "email",
        "name",
        "position",
        "phone",
        "public_fields",
        "language",
        "is_staff",
        "date_joined",
        "last_login",
    )
    personal.keeps("email_addresses", EmailAddress, "user", "email", "verified", "primary")
    personal.keeps("consents", Consent, "user", "document", "version", "language", "given_at")
    personal.keeps(
        "sessions", UserSession, "user", "created_at", "last_seen_at", "ip", "user_agent"
    )
    # neither secrets nor digests: who steals an export gets into nothing
    personal.keeps("second_factors", Authenticator, "user", "type", "created_at", "last_used_at")
    personal.keeps("api_tokens", ApiToken, "user", "name", "token_key", "created", "expiry")
    personal.keeps(
        "administration_log",
        LogEntry,
        "user",
        "action_time",
        "content_type__model",
        "object_id",
        "object_repr",
        "change_message",
    )
    personal.leaves_out(
        User.groups.through, "user", because="rights, which the administrators give, not data"
    )
    personal.leaves_out(
        User.user_permissions.through, "user", because="rights, which the administrators give"
    )
