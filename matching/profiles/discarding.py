"""The page on which an owner discards a draft."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from matching.feedback.models import Feedback
from matching.profiles.loading import editor, for_editors
from organisations import discarding
from organisations.models import Organisation
from organisations.refusals import NotPossible


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def discard(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What goes with the draft, and the button; where it is none to discard, why."""
    if not Organisation.objects.owned_by(editor(request)).filter(pk=organisation.pk).exists():
        raise PermissionDenied(_("Only an owner may discard this draft."))
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            discarding.discard(organisation=organisation, by=editor(request))
        except NotPossible:
            status = HTTPStatus.BAD_REQUEST
        else:
            messages.success(
                request, _("The draft of “%(name)s” is discarded.") % {"name": organisation.name}
            )
            return redirect("organisations:register")
    refused = discarding.refusal(organisation)
    return render(
        request,
        "organisations/profile/discard.html",
        {
            "organisation": organisation,
            "refused": refused,
            "lines": [] if refused else _lines(request, organisation),
        },
        status=status,
    )


def _lines(request: HttpRequest, organisation: Organisation) -> list[str]:
    lines = list(discarding.what_goes(organisation, by=editor(request)))
    chosen = Feedback.objects.active().filter(organisation=organisation).count()
    if chosen:
        words = ngettext(
            "%(count)d partner that you saved or dismissed.",
            "%(count)d partners that you saved or dismissed.",
            chosen,
        )
        lines.append(words % {"count": chosen})
    return lines
