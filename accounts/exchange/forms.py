"""Forms of the pages where tables go out and come in."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.exchange.formats import Format
from accounts.exchange.reading import ENCODINGS, Unreadable, check_size


class ImportForm(forms.Form):
    """A file, and how it is to be read."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"),
        required=False,
        choices=[("", gettext_lazy("as its name says")), *Format.choices],
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=list(ENCODINGS.items()),
        initial="utf-8",
        required=False,
        help_text=gettext_lazy("Of CSV and JSON. A workbook says itself how it is written."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV, XLSX or JSON; at most %(size)s and %(rows)s rows. Commas, semicolons and tabs"
            " are understood as separators."
        ) % {
            "size": filesizeformat(settings.IMPORT_MAX_BYTES),
            "rows": number_format(settings.IMPORT_MAX_ROWS, force_grouping=True),
        }

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        return file

    def clean_encoding(self) -> str:
        return str(self.cleaned_data["encoding"] or "utf-8")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("kind") and "file" in data:
            ending = PurePath(data["file"].name or "").suffix.removeprefix(".").lower()
            if ending not in Format.values:
                self.add_error(
                    "kind",
                    _("The name of the file does not say whether it is CSV, XLSX or JSON."),
                )
            data["kind"] = ending
        return data


class ConfirmForm(forms.Form):
    """The signed word of the preview."""

    ticket = forms.CharField(widget=forms.HiddenInput, max_length=4_000)


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of file"), choices=Format.choices, initial=Format.CSV
    )
