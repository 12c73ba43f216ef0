"""Countries: every ISO 3166 territory, under Eurostat's codes, named by Unicode CLDR."""

import importlib
from pathlib import Path

from scripts.reference_data.tables import write

EU27_CODES = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU27 = frozenset(EU27_CODES.split(" "))
EFTA = frozenset(["CH", "IS", "LI", "NO"])
# Eurostat writes EL and UK where ISO 3166 has GR and GB.
EUROSTAT = {"GR": "EL", "GB": "UK"}
# CLDR also names groupings and territories that ISO 3166 has not assigned; Kosovo's XK is kept.
NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
LANGUAGES = ("en", "fr", "pl", "de", "es", "it")


def group(code: str) -> str:
    """Return the group of a country, by its Eurostat code."""
    if code in EU27:
        return "eu27"
    if code in EFTA:
        return "efta"
    return "uk" if code == "UK" else "other"


def build(output: Path) -> None:
    """Write ``countries.csv``. Needs Babel, which carries CLDR; the product does not."""
    locale = importlib.import_module("babel").Locale
    names = {language: locale(language).territories for language in LANGUAGES}
    codes = sorted(
        (EUROSTAT.get(iso, iso), iso)
        for iso in names["en"]
        if len(iso) == 2 and iso not in NOT_COUNTRIES
    )
    write(
        output / "countries.csv",
        f"code group {' '.join(LANGUAGES)}",
        [
            [code, group(code), *(names[language][iso] for language in LANGUAGES)]
            for code, iso in codes
        ],
    )
