"""What the steps of a profile have in common: the frame, saving a form, two people at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from matching.profiles.forms import StepForm
from matching.profiles.loading import editor, forget_unsaved, unsaved
from matching.profiles.steps import Step, steps_of
from organisations import editing
from organisations.merging_edits import EditsClash, decided, sealed, unsealed
from organisations.models import Organisation


@dataclass(frozen=True)
class ClashRow:
    """A field that two people changed differently, both values in words."""

    name: str
    label: str
    theirs: str
    mine: str


def form_step(
    request: HttpRequest,
    organisation: Organisation,
    step: Step,
    form_class: type[StepForm],
    template: str,
    more: Callable[[HttpRequest, StepForm], Mapping[str, Any]] = lambda request, form: {},
) -> HttpResponse:
    """A step that is one form over fields of the organisation, with a merge where two save it."""
    about = f"organisation:{organisation.pk}:{step}"
    before = editing.as_edited(organisation)
    opened = sealed({name: before[name] for name in form_class.FIELDS}, about=about)
    clashes: list[Any] = []
    status, restored = HTTPStatus.OK, None
    if request.method == "POST":
        opened = request.POST.get("opened", "")
        form = form_class(request.POST)
        if {"search", "areas"} & request.POST.keys():
            form = form_class(initial=request.POST.dict())
        elif form.is_valid():
            seen = unsealed(opened, about=about)
            choices = {name: request.POST.get(f"decide-{name}", "") for name in form.FIELDS}
            try:
                saved = editing.edit(
                    organisation=organisation,
                    by=editor(request),
                    values=decided(form.values(), opened=seen, choices=choices),
                    opened=seen,
                )
            except EditsClash as clash:
                status = HTTPStatus.CONFLICT
                opened = sealed({name: clash.present[name] for name in form.FIELDS}, about=about)
                form = form_class(resumed(request.POST, clash))
                clashes = clash_rows(form, clash)
            except ValidationError as error:
                add_errors(form, error)
                status = HTTPStatus.BAD_REQUEST
            else:
                forget_unsaved(request)
                tell_taken_over(request, form, saved.taken_over)
                return onward(request, organisation, step)
        else:
            status = HTTPStatus.BAD_REQUEST
    else:
        restored = unsaved(request)
        if restored is not None:
            opened = restored.get("opened", opened)
        form = form_class(restored) if restored is not None else form_class(initial=before)
    return render(
        request,
        f"organisations/profile/{template}.html",
        {
            **step_context(organisation, step),
            "form": form,
            "opened": opened,
            "clashes": clashes,
            "restored": restored is not None,
            **more(request, form),
        },
        status=status,
    )


def clash_rows(form: forms.Form, clash: EditsClash) -> list[ClashRow]:
    """Both values of each field that needs a choice."""
    return [
        ClashRow(
            each.name,
            str(form.fields[each.name].label),
            _in_words(form.fields[each.name], each.theirs),
            _in_words(form.fields[each.name], each.mine),
        )
        for each in clash.clashes
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    given: Any = getattr(field, "choices", ())
    pairs: Any = flatten_choices(given)
    names = {str(key): str(name) for key, name in pairs}
    text = "" if value is None else str(value)
    return names.get(text, text) or _("(empty)")


def resumed(data: QueryDict, clash: EditsClash) -> QueryDict:
    """What was sent, with what somebody else saved where nothing is left to choose."""
    again = data.copy()
    for name, value in clash.settled.items():
        if isinstance(value, list):
            again.setlist(name, value)
        else:
            again[name] = "" if value is None else str(value)
    return again


def step_context(organisation: Organisation, step: Step) -> dict[str, Any]:
    """What the frame of every step shows."""
    return {
        "organisation": organisation,
        "steps": steps_of(organisation, step),
        "step": step,
        "previous": step.previous,
        "following": step.following,
    }


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """The messages of a service beside the fields that they speak of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, found in error.message_dict.items():
        form.add_error(None if name == NON_FIELD_ERRORS or name not in form.fields else name, found)


def tell_taken_over(request: HttpRequest, form: forms.Form, names: tuple[str, ...]) -> None:
    """Say what somebody else changed while the form was open, and that it holds."""
    if names:
        labels = ", ".join(str(form.fields[name].label) for name in names if name in form.fields)
        messages.info(
            request,
            _("Somebody else changed this meanwhile, and it was kept: %(fields)s.")
            % {"fields": labels},
        )


def onward(request: HttpRequest, organisation: Organisation, step: Step) -> HttpResponseRedirect:
    """Where a saved step leads: on, back to itself, or to the overview."""
    if "stay" in request.POST:
        return redirect("organisations:step", organisation.slug, step.value)
    if "leave" in request.POST or step.following is None:
        return redirect("organisations:profile", organisation.slug)
    return redirect("organisations:step", organisation.slug, step.following.value)
