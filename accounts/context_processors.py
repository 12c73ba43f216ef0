"""What templates of every page need of accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.consent import is_due


def accounts(request: HttpRequest) -> dict[str, Any]:
    """Whether messages stay in a folder, and whether the reader is to be asked for consent."""
    user = getattr(request, "user", None)
    return {
        "mail_in_folder": settings.MAIL_IN_FOLDER,
        "consent_due": bool(user and user.is_authenticated and is_due(request)),
    }
