"""What a new password may be."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

LONGEST_PASSWORD = 128


class MaximumLengthValidator:
    """No longer than the log-in page takes: hashing has its price, and anyone may ask for it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Your password must have at most %(most)d characters.") % {
            "most": LONGEST_PASSWORD
        }
