"""Form widgets for long lists."""

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """A drop-down of one choice from a list, flat or in groups, written in one go, and its options
    once for all readers.

    Django renders a template for every option, which takes longer than all the rest of a page
    when the options are the regions of Europe.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _options(tuple(_written(choice) for choice in self.choices))
        chosen = (self.format_value(value) or [""])[0]
        before = _opening(chosen)
        # what is chosen stands once among the options, and nothing is lost where it does not
        options = mark_safe(options.replace(before, before[:-1] + " selected>", 1))
        flat = format_html_join(
            "",
            " {}",
            (
                (format_html("{}", key) if given is True else format_html('{}="{}"', key, given),)
                for key, given in self.build_attrs(self.attrs, attrs).items()
                if given is not False and given is not None
            ),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flat, options)


def _opening(key: str) -> str:
    return f'<option value="{escape(key)}">'


Written = tuple[str, str] | tuple[str, tuple[tuple[str, str], ...]]


def _written(choice: tuple[Any, Any]) -> Written:
    """A choice, or a group's name with its choices, as text."""
    key, label = choice
    if isinstance(label, list | tuple):
        return str(key), tuple((str(one), str(name)) for one, name in label)
    return "" if key is None else str(key), str(label)


@lru_cache(maxsize=64)
def _options(choices: tuple[Written, ...]) -> SafeString:
    return mark_safe(
        "\n".join(
            f"{_opening(key)}{escape(label)}</option>"
            if isinstance(label, str)
            else f'<optgroup label="{escape(key)}">{_options(label)}</optgroup>'
            for key, label in choices
        )
    )
