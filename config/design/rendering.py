"""Examples made fit to stand twice on one page, and to do nothing."""

import re
from typing import Final

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

NAMED: Final = re.compile(
    r"\b(id|for|list|aria-describedby|aria-labelledby|aria-controls|name)=\"([^\"]+)\""
)
LED: Final = re.compile(r"\bhref=\"([^\"]*)\"")
SENT: Final = re.compile(r"\s(?:action|formaction|hx-[a-z-]+|autofocus|method)(?:=\"[^\"]*\")?")
PICTURE: Final = re.compile(r"\bsrc=\"/organisations/[^\"]*\"")
FORM: Final = re.compile(r"<form\b")


def harmless(html: str, mark: str) -> SafeString:
    """The same with names of its own, forms that send nothing, links that stay on this page, and a
    picture that is there.

    ``html`` is what a component of ours rendered, so its attributes are quoted as we write them.
    """

    def renamed(found: re.Match[str]) -> str:
        values = " ".join(f"{value}-{mark}" for value in found[2].split())
        return f'{found[1]}="{values}"'

    html = SENT.sub("", html)
    # outside of a dialog, such a form does nothing
    html = FORM.sub('<form method="dialog"', html)
    html = NAMED.sub(renamed, html)
    html = PICTURE.sub(f'src="{static("img/logo.svg")}"', html)
    html = LED.sub('href="#components"', html)
    return mark_safe(html)
