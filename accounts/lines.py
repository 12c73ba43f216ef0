"""Text of one line: names, places and the like, which stand in messages and on pages as ours."""

import unicodedata
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Signs that turn around what follows, or that nobody sees."""


def one_line(text: str) -> str:
    """The text with single spaces and without line breaks, in Unicode's composed form."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def refuse_unseen(text: str) -> None:
    """Raises ValidationError for characters that cannot be seen, or that turn what follows
    around; line breaks are no matter, `one_line` takes them away."""
    line = one_line(text)
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} or c in TURNING for c in line):
        raise ValidationError(_("This holds a character that cannot be used."), code="character")


if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField


class LineField(_CharField):
    """Text of one line, whoever writes it: pages, API, administration, imports.

    To migrations it is a CharField: the column is the same.
    """

    default_validators = [refuse_unseen]

    def to_python(self, value: Any) -> Any:
        return one_line(value) if isinstance(value, str) else super().to_python(value)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
