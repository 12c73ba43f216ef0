"""Forms and their fields, as they come, and after something in them was wrong."""

from decimal import Decimal
from types import SimpleNamespace as Made
from typing import Any

from django import forms

from config.design.registry import example
from config.design.world import NORTH, UNIVERSITY
from matching.results import SIGNALS


class _Form(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="As it is registered.")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Any"), ("sme", "SME")], required=False)
    about = forms.CharField(label="About", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label="I have read it", required=False)


class _Search(forms.Form):
    """A list's filters."""

    q = forms.CharField(label="Search", widget=forms.TextInput(attrs={"type": "search"}))
    country = forms.ChoiceField(label="Country", choices=[("", "All countries"), ("PL", "Poland")])
    since = forms.IntegerField(label="Since")


class _Other(forms.Form):
    other = forms.ChoiceField(label="Other region", choices=[("south", "Exemple-du-Sud")])


class _Source(forms.Form):
    """A source to choose, or a new one."""

    source = forms.ChoiceField(
        label="Source", choices=[("", "–"), ("1", "Regional statistics")], required=False
    )
    new_title = forms.CharField(label="Title", required=False)
    new_publisher = forms.CharField(label="Publisher", required=False)
    new_url = forms.URLField(label="Address", required=False, assume_scheme="https")


class _Ranking(forms.Form):
    """How suggestions are ranked."""

    FEWEST = 10
    region = forms.ChoiceField(label="Region", choices=[("", "All regions")], required=False)
    country = forms.ChoiceField(label="Country", choices=[("", "All")], required=False)
    well_known = forms.ChoiceField(
        choices=[("less", "less often"), ("", "as usual"), ("more", "more often")], required=False
    )
    show = forms.IntegerField(required=False)

    def __init__(self, *args: Any, is_usual: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ranking = Made(is_usual=is_usual, well_known="")
        self.sliders = [
            Made(signal=signal, label=label, value=20, points=Decimal("16.67"))
            for signal, label in SIGNALS.items()
        ]
        self.is_valid()


def _refused() -> _Form:
    form = _Form({"kind": "none"})
    form.is_valid()
    form.add_error(None, "An organisation with this name is there already.")
    return form


for name in _Form.base_fields:
    example("field", name, lambda name=name: {"field": _Form()[name]})
example("field", "refused", lambda: {"field": _refused()["name"]})
example("field", "refused choice", lambda: {"field": _refused()["kind"]})
example("form_errors", "of fields and of all", lambda: {"form": _refused()})
example("account_form", "as it comes", lambda: {"form": _Form(), "button": "Save"})
example("account_form", "refused", lambda: {"form": _refused(), "button": "Save"})
example(
    "filters",
    "closed",
    lambda: {"form": _Search(), "action": "/regions/", "is_open": False},
)


def _bad_filters() -> dict[str, Any]:
    form = _Search({"q": "wind", "country": "XX", "since": ""})
    form.is_valid()
    return {"form": form, "action": "/regions/", "is_open": True}


example("filters", "not understood", _bad_filters)
example("other_region", "always", lambda: {"form": _Other(), "region": NORTH})
example("source_fields", "a known source", lambda: {"form": _Source(initial={"source": "1"})})
example("source_fields", "a new one", lambda: {"form": _Source()})
for state, is_usual in (("as usual", True), ("under own weights", False)):
    example(
        "ranking_form",
        state,
        lambda is_usual=is_usual: {
            "form": _Ranking({}, is_usual=is_usual),
            "organisation": UNIVERSITY,
        },
    )
