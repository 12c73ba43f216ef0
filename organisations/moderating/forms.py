"""Forms of moderators, and of the members who answer them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations import moderation
from organisations.models import Organisation, Review, ReviewAnswer

SCORES = [
    ("", "–"),
    (0, _("0 – nothing said, or against the rules")),
    (1, _("1 – very weak")),
    (2, _("2 – weak")),
    (3, _("3 – fair")),
    (4, _("4 – good")),
    (5, _("5 – excellent")),
]


def score(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=SCORES,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs={"data-score": True}),
    )


class ReviewForm(forms.Form):
    """Four scores, a decision among those possible now, and why."""

    innovation = score(
        _("Innovation and advantages"), _("What is new or better than what partners have already?")
    )
    clarity = score(_("Clarity"), _("Would a reader from another field understand it?"))
    expectations = score(
        _("Expectations of the cooperation"), _("Is it said what partners are wanted for?")
    )
    guidelines = score(
        _("Guidelines and language"), _("True, lawful, no advertising, correct language?")
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Review.Decision.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "The team reads it. Needed unless you publish, and where you decide otherwise than "
            "the scores propose."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = [
            (decision.value, str(decision.label).capitalize())
            for decision, step in moderation.STEP_OF.items()
            if step in organisation.steps
        ]
        chosen = self.fields["decision"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = possible

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        proposed = moderation.proposal(**{name: said[name] for name in Review.CRITERIA})
        if not said["reason"].strip():
            if said["decision"] != Review.Decision.PUBLISH:
                self.add_error("reason", _("Say why the profile is not published."))
            elif said["decision"] != proposed:
                self.add_error(
                    "reason",
                    ValidationError(
                        _("The scores propose to %(proposed)s. Say why you decide otherwise."),
                        params={"proposed": proposed.label},
                    ),
                )
        return said


class AnswerForm(forms.Form):
    """A few words to the other side."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=ReviewAnswer._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ClaimForm(forms.Form):
    """What becomes of a claim; who refuses says why."""

    decision = forms.ChoiceField(choices=[("grant", _("grant")), ("refuse", _("refuse"))])
    answer = forms.CharField(max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("decision") == "refuse" and not said.get("answer", "").strip():
            self.add_error("answer", _("Say why you refuse: the person reads it."))
        return said
