"""What follows from what allauth does."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set

from accounts import services
from accounts.models import User


def connect() -> None:
    for signal in (password_changed, password_reset, password_set):
        signal.connect(end_tokens, dispatch_uid="end_tokens")


def end_tokens(user: User, **kwargs: Any) -> None:
    services.revoke_all_tokens(user=user)
