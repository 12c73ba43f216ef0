"""The small forms of matching pages; both work by GET and have addresses to share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Country, Region


class RegionChoice(forms.ModelChoiceField):
    """A region by its slug; names are told apart by their country."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.country_id})"


class SuggestionFilter(forms.Form):
    """Where suggested partners may be."""

    region = RegionChoice(
        label=_("Region"),
        queryset=Region.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("Any other region"),
    )
    country = forms.ModelChoiceField(
        label=_("Country"),
        queryset=Country.objects.none(),
        required=False,
        empty_label=_("Any country"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.order_by("name", "pk")
        self.fields["country"].queryset = Country.objects.order_by("labels__en", "pk")


class OtherRegion(forms.Form):
    """The region to put beside this one."""

    other = RegionChoice(
        label=_("Another region"),
        queryset=Region.objects.none(),
        to_field_name="slug",
        empty_label=_("Choose a region"),
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = Region.objects.exclude(pk=region.pk).order_by("name", "pk")
