"""Text that a spreadsheet would take for a formula, and back."""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"''*[=+\-@\t\r]")


def escape_formulae(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would compute it.

    What begins with such an apostrophe already gets another one, so that `unescape_formulae` gives
    back every text exactly.
    """
    return f"'{text}" if FORMULA.match(text) else text


def unescape_formulae(text: str) -> str:
    """The text as it was before `escape_formulae`."""
    return text[1:] if ESCAPED.match(text) else text
