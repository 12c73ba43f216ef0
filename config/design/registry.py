"""The examples of every component, in the order in which they were given."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.template import engines

Inputs = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

COMMENT: Final = re.compile(r"{% comment %}(.*?){% endcomment %}", re.DOTALL)
WRAPPERS: Final = {
    "li": "<ul class='plain-list'>{}</ul>",
    "dl": "<dl class='figures'>{}</dl>",
    "tbody": "<table><tbody>{}</tbody></table>",
}
"""What stands around a component that is one item of a list, or a row of a table."""

OF_A_PAGE: Final = ("directory/choice", "directory/facet", "directory/hit")
"""Parts that one page has many times, and that stand beside its template."""


@dataclass(frozen=True)
class Example:
    """One state of a component; ``inputs`` may be made when the page is shown."""

    component: str
    state: str
    inputs: Inputs
    within: str = ""

    def render(self) -> str:
        inputs = self.inputs() if callable(self.inputs) else self.inputs
        template = engines["django"].get_template(name_of(self.component))
        html = template.render({"csrf_token": "example", **inputs}, inputs.get("request"))
        return WRAPPERS[self.within].format(html) if self.within else html


EXAMPLES: Final[list[Example]] = []


def example(
    component: str, state: str, made: Inputs | None = None, /, *, within: str = "", **inputs: Any
) -> None:
    """Add one state of a component: by its inputs, or by what makes them."""
    EXAMPLES.append(Example(component, state, made or inputs, within))


def folder() -> Path:
    return Path(settings.BASE_DIR) / "templates"


def name_of(component: str) -> str:
    """The name of its template."""
    return f"{component}.html" if component in OF_A_PAGE else f"components/{component}.html"


def names() -> list[str]:
    """Every component that there is."""
    found = sorted(path.stem for path in (folder() / "components").glob("*.html"))
    return [*found, *OF_A_PAGE]


@cache
def purpose(component: str) -> str:
    """What the component's opening comment says: its inputs and what it is for."""
    found = COMMENT.search((folder() / name_of(component)).read_text())
    return " ".join(found[1].split()) if found else ""


def by_component() -> dict[str, list[Example]]:
    """The examples of each component by its name; a component without one has an empty list."""
    shown: dict[str, list[Example]] = {name: [] for name in names()}
    for each in EXAMPLES:
        shown.setdefault(each.component, []).append(each)
    return shown
