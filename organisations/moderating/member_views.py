"""What the team of a profile sees of its review, and answers."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from organisations.models import Organisation, TeamMember
from organisations.moderating.forms import AnswerForm
from organisations.moderating.views import write
from regions.listing import found

WRITERS = {TeamMember.Role.OWNER, TeamMember.Role.EDITOR}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def member_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The verdicts with their scores and reasons, and the conversation about them.

    For the team, and for the moderators as the team sees it. Moderators have no names here: they
    speak for the site.
    """
    assert isinstance(request.user, User)
    visible = Organisation.objects.visible_to(request.user)
    organisation = found(visible.select_related("home_region"), slug)
    role = organisation.team.filter(user=request.user).values_list("role", flat=True).first()
    moderates = (
        role is None
        and Organisation.objects.moderated_by(request.user).filter(pk=organisation.pk).exists()
    )
    if role is None and not moderates:
        raise PermissionDenied(_("Only the team of the organisation sees how it was reviewed."))
    form, status = AnswerForm(), HTTPStatus.OK
    if request.method == "POST":
        if role not in WRITERS:
            raise PermissionDenied(_("Owners and editors answer."))
        form = AnswerForm(request.POST)
        page = request.build_absolute_uri(reverse("moderation:review", args=[organisation.slug]))
        if write(form, organisation, request.user, page):
            messages.success(request, _("Your answer is sent to the moderators."))
            return redirect(reverse("organisations:review", args=[organisation.slug]) + "#thread")
        status = HTTPStatus.BAD_REQUEST
    return render(
        request,
        "moderation/member_review.html",
        {
            "organisation": organisation,
            "reviews": list(organisation.reviews.all()),
            "answers": list(organisation.review_answers.select_related("author")),
            "answer_form": form,
            "may_write": role in WRITERS,
            "may_submit": role in WRITERS and Organisation.Step.SUBMIT in organisation.steps,
            "moderates": moderates,
        },
        status=status,
    )
