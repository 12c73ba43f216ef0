"""Form widgets for long lists."""

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """A drop-down of one choice from a flat list, written in one go, and its options once for all
    readers.

    Django renders a template for every option, which takes longer than all the rest of a page
    when the options are the regions of Europe.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = _options(
            tuple(("" if key is None else str(key), str(label)) for key, label in self.choices)
        )
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


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...]) -> SafeString:
    return mark_safe(
        "\n".join(f"{_opening(key)}{escape(label)}</option>" for key, label in choices)
    )
