"""Numbers that identify an organisation: PIC, and VAT numbers as VIES describes them."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FORMS: Final = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "GB": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
    "CH": r"E?\d{9}(?:MWST|TVA|IVA)?",
    "NO": r"\d{9}(?:MVA)?",
}
"""What follows the two letters: https://ec.europa.eu/taxation_customs/vies/#/faq for the Union and
Northern Ireland, the registers of the others for theirs."""

ANYWHERE: Final = r"[0-9A-Z+*]{2,13}"


def vat_number_of(text: str) -> str:
    """The number as it is kept: capitals, without spaces, dots and hyphens. Empty text is none.

    Raises ValidationError for what no country gives out; whether the number was given to somebody
    is not asked.
    """
    number = re.sub(r"[\s.\-/]", "", text).upper()
    if not number:
        return ""
    country, rest = number[:2], number[2:]
    if country == "GR":
        country = "EL"
    if not re.fullmatch(r"[A-Z]{2}", country, re.ASCII) or not re.search("[0-9]", rest):
        raise ValidationError(
            _(
                "A VAT number is the two letters of its country and then the number, as in "
                "PL1234567890."
            ),
            code="vat_country",
        )
    if not re.fullmatch(FORMS.get(country, ANYWHERE), rest, re.ASCII):
        raise ValidationError(
            _("No VAT number of %(country)s looks like this. Check the digits."),
            code="vat_number",
            params={"country": country},
        )
    return country + rest


def pic_of(text: str) -> str:
    """A participant identification code: nine digits. Empty text is none."""
    digits = re.sub(r"[\s.\-]", "", text)
    if digits and not re.fullmatch(r"[0-9]{9}", digits):
        raise ValidationError(_("A PIC has nine digits."), code="pic")
    return digits
