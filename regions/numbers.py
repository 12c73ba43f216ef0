"""Numbers as people write them in their language."""

import re
from decimal import Decimal
from typing import Final

from django.utils import formats
from django.utils.translation import gettext as _

SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009']")
GROUPED: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")


class NoNumber(ValueError):
    """The text is no number, or could be two; the message says how to write it."""


def read_number(text: str) -> Decimal:
    """Read a number under the conventions of the active language.

    Spaces and apostrophes group thousands everywhere. The language's own decimal sign is the
    decimal sign; the other of comma and full stop groups thousands, in threes. A single other sign
    that groups no thousands ("1.5" in French) can only be a decimal sign and is read so; where it
    could be either ("3.500" in French) nothing is guessed.
    """
    raw = text.strip().replace("\u2212", "-")
    sign, digits = ("-", raw[1:]) if raw.startswith("-") else ("", raw)
    decimal = formats.get_format("DECIMAL_SEPARATOR")
    other = "," if decimal == "." else "."
    plain = _without_spaces(digits, decimal).translate({ord(decimal): "d", ord(other): "."})
    if not re.fullmatch(r"[0-9.d]*[0-9]", plain) or plain.count("d") > 1:
        raise NoNumber(_("Write a number alone, as in %(example)s.") % {"example": _example()})
    whole, _point, fraction = plain.partition("d")
    if "." in fraction:
        raise NoNumber(_("Write a number alone, as in %(example)s.") % {"example": _example()})
    if "." in whole:
        if "d" not in plain and whole.count(".") == 1 and not GROUPED.fullmatch(whole):
            whole, fraction = whole.split(".")
        elif not GROUPED.fullmatch(whole):
            raise NoNumber(
                _("Thousands are grouped in threes, as in %(example)s.") % {"example": _example()}
            )
        elif decimal == "," and "d" not in plain and whole.count(".") == 1:
            raise NoNumber(
                _("“%(text)s” can be read in two ways: write %(plain)s or %(decimal)s.")
                % {
                    "text": text[:40],
                    "plain": whole.replace(".", ""),
                    "decimal": whole.replace(".", ","),
                }
            )
    return Decimal(f"{sign}{whole.replace('.', '') or '0'}.{fraction or '0'}")


def written_number(value: Decimal, *, grouped: bool = True) -> str:
    """The number as the active language writes it, without decimals that say nothing."""
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    decimals = len(plain.partition(".")[2])
    return formats.number_format(value, decimals, force_grouping=grouped)


def _without_spaces(digits: str, decimal: str) -> str:
    """Spaces away, provided that they group the whole part in threes."""
    if not SPACES.search(digits):
        return digits
    whole, point, fraction = SPACES.sub(" ", digits).partition(decimal)
    if not re.fullmatch(r"[0-9]{1,3}(?: [0-9]{3})+", whole) or " " in fraction:
        raise NoNumber(
            _("Thousands are grouped in threes, as in %(example)s.") % {"example": _example()}
        )
    return whole.replace(" ", "") + point + fraction


def _example() -> str:
    return formats.number_format(Decimal("1234.5"), 1, force_grouping=True)
