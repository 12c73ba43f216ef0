"""The small forms of matching pages; both work by GET and have addresses to share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from regions.widgets import LongSelect


class SuggestionFilter(forms.Form):
    """Where suggested partners may be; one query serves both choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._regions = {
            region.slug: region
            for region in Region.objects.select_related("country").order_by("name", "pk")
        }
        countries = {region.country_id: region.country for region in self._regions.values()}
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"),
            required=False,
            widget=LongSelect,
            choices=[
                ("", _("Any other region")),
                *((slug, _told_apart(region)) for slug, region in self._regions.items()),
            ],
        )
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            required=False,
            widget=LongSelect,
            choices=[
                ("", _("Any country")),
                *sorted(((c.pk, c.label) for c in countries.values()), key=lambda item: item[1]),
            ],
        )

    def clean_region(self) -> Region | None:
        return self._regions.get(self.cleaned_data["region"])


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A region by its slug; names are told apart by their country."""

    def label_from_instance(self, obj: Any) -> str:
        return _told_apart(obj)


class OtherRegion(forms.Form):
    """The region to put beside this one."""

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RegionChoice(
            label=_("Another region"),
            queryset=Region.objects.exclude(pk=region.pk).order_by("name", "pk"),
            to_field_name="slug",
            empty_label=_("Choose a region"),
            widget=LongSelect,
        )


def _told_apart(region: Region) -> str:
    return f"{region.name} ({region.country_id})"
