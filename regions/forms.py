"""Fields of the administration's forms."""

from typing import Any

from django import forms

from regions.models.places import check_labels


class LabelsField(forms.JSONField):
    """Labels by language, refused before they come near a row; shown again as they were typed."""

    default_validators = [check_labels]

    def prepare_value(self, value: Any) -> Any:
        shown = super().prepare_value(value)
        # half of a surrogate pair cannot be sent: written as the escape that it came as
        return shown.encode("utf-8", "backslashreplace").decode() if shown else shown
