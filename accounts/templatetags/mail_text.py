"""Words of others in messages of ours."""

from typing import Any, Final

from django import template
from django.utils.translation import get_language

from accounts.lines import one_line

register = template.Library()

MARKS: Final = {
    "fr": "«\u00a0{}\u00a0»",
    "pl": "„{}”",
    "de": "„{}“",
    "es": "«{}»",
    "it": "«{}»",
}


@register.filter
def quoted(name: Any) -> str:
    """A name that somebody chose, on one line and in the quotation marks of the message's language:
    so nobody takes it for words of ours."""
    language = (get_language() or "en")[:2]
    return MARKS.get(language, "“{}”").format(one_line(str(name)))
