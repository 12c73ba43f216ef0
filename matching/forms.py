"""The small forms of matching pages; both work by GET and have addresses to share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from regions.models.places import localised
from regions.widgets import LongSelect


class SuggestionFilter(forms.Form):
    """Where suggested partners may be, and how many to show; one query serves both places."""

    FEWEST, MORE, MOST = 5, 10, 20

    show = forms.TypedChoiceField(
        choices=[(number, number) for number in (FEWEST, MORE, MOST)],
        coerce=int,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = list(
            Region.objects.order_by("name", "pk").values_list(
                "slug", "name", "country", "country__labels"
            )
        )
        countries = {code: localised(labels) for _slug, _name, code, labels in regions}
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"),
            required=False,
            widget=LongSelect,
            choices=[
                ("", _("Any other region")),
                *((slug, f"{name} ({code})") for slug, name, code, _labels in regions),
            ],
        )
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"),
            required=False,
            widget=LongSelect,
            choices=[
                ("", _("Any country")),
                *sorted(countries.items(), key=lambda item: item[1]),
            ],
        )

    def clean_show(self) -> int:
        return self.cleaned_data["show"] or self.FEWEST

    def clean_region(self) -> Region | None:
        slug = self.cleaned_data["region"]
        return Region.objects.get(slug=slug) if slug else None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.cleaned_data["region"] or self.cleaned_data["country"])

    @property
    def more(self) -> int | None:
        """The next larger number to show; None at the most."""
        return {self.FEWEST: self.MORE, self.MORE: self.MOST}.get(self.cleaned_data["show"])


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A region by its slug; names are told apart by their country."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.country_id})"


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
