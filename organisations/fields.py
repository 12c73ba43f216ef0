"""Fields of forms about organisations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.websites import LONGEST, website_of


class WebsiteField(forms.CharField):
    """The address of a website, by the rule of `website_of`; without a scheme it is https."""

    widget = forms.TextInput(
        attrs={"inputmode": "url", "autocomplete": "url", "autocapitalize": "off"}
    )

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Website"))
        options.setdefault("max_length", LONGEST)
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return website_of(super().to_python(value) or "")
