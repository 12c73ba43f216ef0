"""Reading what is sent to the REST API."""

import re
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import parsers
from rest_framework.exceptions import ParseError, ValidationError

REFUSED: Final = gettext_noop("A text holds NUL, or half of a character.")
UNSTORABLE: Final = re.compile("[\\0\\ud800-\\udfff]")


class JSONParser(parsers.JSONParser):
    """Refuses what PostgreSQL cannot hold, and what is nested deeper than Python can follow."""

    def parse(self, stream: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            data = super().parse(stream, *args, **kwargs)
        except RecursionError as error:
            raise ParseError(_("The document is nested too deep.")) from error
        if isinstance(data, dict):
            fields = [name for name, value in data.items() if _holds_what_no_text_may(value)]
            if fields and not _holds_what_no_text_may(fields):
                raise ValidationError({name: [_(REFUSED)] for name in fields})
        if _holds_what_no_text_may(data):
            raise ParseError(_(REFUSED))
        return data


def _holds_what_no_text_may(data: Any) -> bool:
    left = [data]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            left += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            left += item
        elif isinstance(item, str) and UNSTORABLE.search(item):
            return True
    return False
