"""The small forms of matching pages; those of suggestions work by GET and have addresses to
share."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.engine import SIGNALS, Scoring
from matching.exposure import WellKnown
from matching.feedback.models import Feedback
from matching.ranking import MOST, NothingCounts, Ranking, ranking, sliders
from matching.results import SIGNALS as NAMES
from organisations.models import Organisation
from regions.models import Country, Region
from regions.models.places import localised
from regions.naming import alphabetical_region, region_label
from regions.widgets import LongSelect

NOTHING_COUNTS = _(
    "With every weight at zero nothing counts. Move at least one of them up, or go back to ours."
)


class RankingForm(forms.Form):
    """The relative weights of the six signals, each a parameter of its own name, and how much of
    the well-known to show; the same for the page and the API."""

    well_known = forms.ChoiceField(
        label=_("Well-known organisations"),
        choices=[
            (WellKnown.LESS.value, _("less often")),
            (WellKnown.USUAL.value, _("as usual")),
            (WellKnown.MORE.value, _("more often")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, ours: Scoring, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ours = ours
        for signal in SIGNALS:
            self.fields[signal] = forms.IntegerField(
                label=NAMES[signal], min_value=0, max_value=MOST, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["ranking"] = ranking(
                    ours=self.ours,
                    weights={signal: cleaned[signal] for signal in SIGNALS},
                    well_known=WellKnown(cleaned["well_known"] or WellKnown.USUAL),
                )
            except NothingCounts:
                self.add_error(None, forms.ValidationError(NOTHING_COUNTS, code="nothing_counts"))
        return cleaned

    @property
    def ranking(self) -> Ranking:
        """What was asked for; ours where that makes no sense."""
        made: Ranking = self.cleaned_data.get("ranking") or Ranking(self.ours)
        return made


@dataclass(frozen=True)
class Slider:
    """One signal's weight: where its slider stands, and the points it comes to."""

    signal: str
    label: str
    value: int
    points: Decimal


class SuggestionFilter(RankingForm):
    """Where suggested partners may be, how they are ranked, and how many to show."""

    FEWEST, MORE, MOST = 5, 10, 20

    show = forms.TypedChoiceField(
        choices=[(number, number) for number in (FEWEST, MORE, MOST)],
        coerce=int,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_places()

    def add_places(self) -> None:
        """The choices of regions and countries, in two queries."""
        regions = list(
            Region.objects.order_by(alphabetical_region(), "pk").values_list(
                "slug", "name", "country"
            )
        )
        labels = Country.objects.filter(pk__in={code for _slug, _name, code in regions})
        countries = {
            code: localised(translations)
            for code, translations in labels.values_list("pk", "labels")
        }
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"),
            required=False,
            widget=LongSelect,
            choices=[
                ("", _("Any other region")),
                *((slug, f"{region_label(name)} ({code})") for slug, name, code in regions),
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

    @property
    def sliders(self) -> list[Slider]:
        """The six weights as they stand; what was not understood stands at ours."""
        standing = sliders(self.ours)
        weights = self.ranking.scoring.weights
        return [
            Slider(
                signal,
                str(NAMES[signal]),
                standing[signal] if (asked := self.cleaned_data.get(signal)) is None else asked,
                Decimal(weights[signal]).scaleb(-2),
            )
            for signal in SIGNALS
        ]

    @property
    def query(self) -> str:
        """What was asked for, as short as it can be said in an address; "" for nothing special."""
        return self.query_with()

    def query_with(self, **other: Any) -> str:
        """The same with other values; None leaves one out."""
        cleaned = self.cleaned_data
        asked: dict[str, Any] = {
            "region": cleaned["region"].slug if cleaned.get("region") else None,
            "country": cleaned.get("country") or None,
            "well_known": None
            if self.ranking.well_known == WellKnown.USUAL
            else self.ranking.well_known.value,
            **(
                {}
                if self.ranking.is_ours
                else {slider.signal: slider.value for slider in self.sliders}
            ),
            "show": cleaned["show"] if cleaned.get("show", self.FEWEST) != self.FEWEST else None,
        }
        return urlencode({k: v for k, v in (asked | other).items() if v is not None})

    @property
    def query_of_ours(self) -> str:
        """The same places under our weights and in our order."""
        return self.query_with(well_known=None, **dict.fromkeys(SIGNALS))


class EverywhereFilter(SuggestionFilter):
    """The same list where nobody chooses a place: it asks for no names of regions."""

    def add_places(self) -> None:
        for name in ("region", "country"):
            self.fields[name] = forms.ChoiceField(choices=[("", "")], required=False)


class DismissalForm(forms.Form):
    """Why a suggested partner is not for us."""

    reason = forms.ChoiceField(
        label=_("Why not?"),
        choices=Feedback.Reason.choices,
        error_messages={"required": _("Choose why this partner is not for you.")},
    )
    text = forms.CharField(label=_("In your own words"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Feedback.Reason.OTHER and not cleaned.get("text"):
            self.add_error("text", _("Say in a few words what the other reason is."))
        return cleaned


class ShownAt(forms.Form):
    """Where in which list a suggestion was shown when something was chosen about it."""

    rank = forms.IntegerField(min_value=1, max_value=1000, required=False)
    state = forms.CharField(max_length=2000, required=False)


class ExclusionForm(forms.Form):
    """A home region, or a kind of organisation, to suggest nobody of."""

    region = forms.ModelChoiceField(
        Region.objects.filter(kind=Region.Kind.HOME), to_field_name="slug", required=False
    )
    kind = forms.ChoiceField(choices=[("", ""), *Organisation.Kind.choices], required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned["region"]) == bool(cleaned["kind"]):
            raise forms.ValidationError(_("Name either a region or a kind of organisation."))
        return cleaned


class RegionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A region by its slug; names are told apart by their country."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.label} ({obj.country_id})"


class OtherRegion(forms.Form):
    """The region to put beside this one."""

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"] = RegionChoice(
            label=_("Another region"),
            queryset=Region.objects.exclude(pk=region.pk).order_by(alphabetical_region(), "pk"),
            to_field_name="slug",
            empty_label=_("Choose a region"),
            widget=LongSelect,
        )
