"""How facts are shown: citations, quantities, years, languages. Presentation only."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regions import own_texts
from regions.citations import Citations
from regions.models import KeyFigure, Source
from regions.models.places import localised

register = template.Library()

STALE_AFTER = 5
"""A figure older than this many years is shown as old."""

LANGUAGES = {
    "AT": "de", "BG": "bg", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "EL": "el",
    "ES": "es", "FR": "fr", "HR": "hr", "HU": "hu", "IS": "is", "IT": "it", "LT": "lt",
    "LV": "lv", "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv",
    "SI": "sl", "SK": "sk",
}  # fmt: skip
"""Country → language of its names, where one language speaks for nearly all of them."""


@register.simple_tag
def cite(citations: Citations, source: Source) -> SafeString:
    """A small link to the numbered source at the end of the page."""
    number = citations.number(source)
    return format_html(
        '<sup class="ref"><a href="#source-{}">'
        '<span class="visually-hidden">{} </span>{}</a></sup>',
        number,
        _("Source"),
        number,
    )


@register.filter
def quantity(value: Decimal, decimals: int = 0) -> str:
    """A number with its thousands grouped and as many decimals as the indicator shows."""
    return number_format(value, decimals, force_grouping=True)


@register.filter
def shortest(value: Decimal) -> str:
    """A number without decimals that say nothing: 25.00 → 25, 0.50 → 0.5."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return number_format(Decimal(text), force_grouping=True)


@register.filter
def money(value: Decimal) -> str:
    """Euros as readers say them: €1.2 million."""
    if value >= 1_000_000:
        return _("€%(number)s million") % {"number": number_format(value / 1_000_000, 1)}
    return euros(value)


@register.filter
def euros(value: Decimal) -> str:
    """Whole euros: €1,234,567."""
    return _("€%(number)s") % {"number": number_format(value, 0, force_grouping=True)}


@register.filter
def is_stale(year: int | None) -> bool:
    """Whether a figure of this year is too old to pass for today's."""
    return year is not None and timezone.localdate().year - year > STALE_AFTER


@register.filter
def age_in_words(year: int) -> str:
    """How old a figure of this year is; nothing for one of this year or of a year to come."""
    years = timezone.localdate().year - year
    if years < 1:
        return ""
    return ngettext("%(years)d year old", "%(years)d years old", years) % {"years": years}


@register.filter
def rank_in_words(figure: KeyFigure) -> str:
    """ "4th of 16 in Poland"; empty without a rank."""
    if figure.rank is None:
        return ""
    words = {"rank": ordinal(figure.rank), "of": figure.rank_of}
    if figure.rank_scope == KeyFigure.Scope.COUNTRY:
        words["country"] = figure.region.country.label
        if figure.rank_of:
            return _("%(rank)s of %(of)s in %(country)s") % words
        return _("%(rank)s in %(country)s") % words
    if figure.rank_of:
        return _("%(rank)s of %(of)s regions in Europe") % words
    return _("%(rank)s in Europe") % words


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th …"""
    if 10 <= number % 100 <= 20:
        return _("%(number)sth") % {"number": number}
    ending = {1: _("%(number)sst"), 2: _("%(number)snd"), 3: _("%(number)srd")}
    return ending.get(number % 10, _("%(number)sth")) % {"number": number}


@register.filter
def in_language(labels: dict[str, str]) -> str:
    """The label in the reader's language, or else in English."""
    return localised(labels)


@register.filter
@stringfilter
def said(text: str) -> str:
    """A text of the data in the reader's language; marked where one of ours is left in English."""
    if own_texts.is_left_in_english(text):
        return format_html('<span lang="en">{}</span>', text)
    return own_texts.said(text)


@register.filter
@stringfilter
def said_plainly(text: str) -> str:
    """The same without a mark, for what is shortened or stands in an attribute."""
    return own_texts.said(text)


@register.filter
@stringfilter
def language_of(country_code: str) -> str:
    """The language of local names in a country, for ``lang``; empty where several are usual."""
    return LANGUAGES.get(country_code, "")


class ExplainedScore(Protocol):
    """What is shown of a score: its signals' parts, each with its reasons, strongest first."""

    @property
    def parts(self) -> Sequence[Any]: ...

    @property
    def strongest(self) -> Sequence[Any]: ...


@register.filter
def main_reasons(match: ExplainedScore) -> list[Any]:
    """The strongest reason of each signal that speaks of the pair, the weightiest signal first;
    how experienced the two are comes last, and only where little else is known."""
    parts = sorted(
        (part for part in match.parts if part.terms),
        key=lambda part: (part.signal == "experience", -part.points),
    )
    return [part.terms[0] for part in parts if part.signal != "experience"][:4] or list(
        match.strongest
    )


class Fact(Protocol):
    """What is shown of a fact behind a reason."""

    label: str
    url: str
    is_illustrative: bool


@register.simple_tag
def evidence_list(facts: Iterable[Fact]) -> SafeString:
    """The facts behind a reason, each a link where it has a page; written in one go, since a page
    of suggestions shows hundreds."""
    mark = f' <span class="badge badge-illustrative">{escape(_("illustrative"))}</span>'
    shown = []
    for fact in facts:
        label = escape(fact.label)
        link = f'<a href="{escape(fact.url)}">{label}</a>' if fact.url else label
        shown.append(link + (mark if fact.is_illustrative else ""))
    return mark_safe("; ".join(shown))
