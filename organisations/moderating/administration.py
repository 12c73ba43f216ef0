"""Steps of moderation for many profiles at once: look, give a reason, confirm."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from organisations import moderation
from organisations.models import Organisation

Step = Organisation.Step

SERVICES: dict[Organisation.Step, Callable[..., Organisation]] = {
    Step.VERIFY: moderation.verify,
    Step.HOLD: moderation.hold,
    Step.REJECT: moderation.reject,
    Step.ARCHIVE: moderation.archive,
    Step.REOPEN: moderation.reopen,
}
NEEDS_REASON = {Step.HOLD, Step.REJECT}
MOST_AT_ONCE = 200
"""Each step locks a row and writes to a team: more at once is more than anybody looked at."""


class StepForm(forms.Form):
    """Why a step is taken; the teams read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The owners and editors read it, in the message and on the page."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
    )

    def __init__(self, *args: Any, step: Organisation.Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = step in NEEDS_REASON


def step_page(
    request: HttpRequest,
    chosen: QuerySet[Organisation],
    step: Organisation.Step,
    *,
    action: str,
    site: dict[str, Any],
    tell: Callable[..., None],
) -> HttpResponse | None:
    """What a step would do to the chosen profiles; once confirmed, take it with each that it is
    possible for, name the others, and return None."""
    assert isinstance(request.user, User)
    rows = list(chosen.select_related("home_region").order_by("name", "pk")[: MOST_AT_ONCE + 1])
    if len(rows) > MOST_AT_ONCE:
        said = _("Choose at most %(most)s profiles at once.") % {"most": MOST_AT_ONCE}
        tell(request, said, messages.ERROR)
        return None
    is_confirmed = "confirm" in request.POST
    form = StepForm(request.POST if is_confirmed else None, step=step)
    possible, impossible = sorted_out(rows, step, request.user)
    if is_confirmed and form.is_valid():
        _take(request, step, rows, form.cleaned_data["reason"], tell)
        return None
    context = {
        **site,
        "title": _("%(step)s: chosen profiles") % {"step": str(step.label).capitalize()},
        "opts": Organisation._meta,
        "step": step,
        "action": action,
        "form": form,
        "possible": possible,
        "impossible": impossible,
        "rows": rows,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/organisations/organisation/step.html", context)


def sorted_out(
    rows: list[Organisation], step: Organisation.Step, by: User
) -> tuple[list[Organisation], list[tuple[Organisation, str]]]:
    """The profiles that the step is possible for, and the others with the reason."""
    teams = by.teams.filter(organisation__in=rows).values_list("organisation", flat=True)
    own = set() if by.is_superuser else set(teams)
    possible, impossible = [], []
    for row in rows:
        if row.pk in own:
            impossible.append((row, _("you are in its team")))
        elif step not in row.steps:
            impossible.append((row, row.get_status_display()))
        else:
            possible.append(row)
    return possible, impossible


def _take(
    request: HttpRequest,
    step: Organisation.Step,
    rows: list[Organisation],
    reason: str,
    tell: Callable[..., None],
) -> None:
    done = 0
    for row in rows:
        page = request.build_absolute_uri(reverse("organisations:review", args=[row.slug]))
        try:
            SERVICES[step](organisation=row, by=request.user, reason=reason, page=page)
        except (moderation.StepNotPossible, moderation.ReasonNeeded) as error:
            tell(request, str(error), messages.WARNING)
        except PermissionDenied as error:
            tell(request, f"“{row}”: {error}", messages.WARNING)
        except ValidationError as error:
            tell(request, f"“{row}”: {' '.join(error.messages)}", messages.ERROR)
        except Organisation.DoesNotExist:
            tell(request, _("“%(name)s” is gone.") % {"name": row}, messages.WARNING)
        else:
            done += 1
    if done:
        said = ngettext("%(count)s profile changed.", "%(count)s profiles changed.", done)
        tell(request, said % {"count": done}, messages.SUCCESS)
