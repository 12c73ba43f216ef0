"""Form widgets for long lists."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

SELECTED = mark_safe(" selected")


class LongSelect(forms.Select):
    """A drop-down written in one go.

    Django renders a template for every option, which takes longer than all the rest of a page
    when the options are the regions of Europe.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (
                    option["value"],
                    SELECTED if option["selected"] else "",
                    option["label"],
                )
                for _group, group_options, _index in widget["optgroups"]
                for option in group_options
            ),
        )
        flat = format_html_join(
            "",
            " {}",
            (
                (format_html("{}", key) if given is True else format_html('{}="{}"', key, given),)
                for key, given in widget["attrs"].items()
                if given is not False and given is not None
            ),
        )
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flat, options)
