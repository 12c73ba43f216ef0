"""Pages of moderators: the queue, a profile with its checks, and the claims that wait."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from organisations import claims, moderation, website_checks
from organisations.models import AccessRequest, Organisation, Review, TeamMember
from organisations.moderating import changed, queue
from organisations.moderating.forms import AnswerForm, ClaimForm, ReviewForm
from organisations.moderating.profile import for_review, what_is_known
from regions.listing import FilteredListView, found

Named = ParamSpec("Named")


class QueuePage(AccessMixin, FilteredListView):
    """What waits for this moderator."""

    template_name = "moderation/queue.html"
    filterset_class = queue.QueueFilter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return self.handle_no_permission()
        if not queue.is_moderator(request.user):
            raise PermissionDenied(_("Only moderators see what waits for verification."))
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> QuerySet[Any]:
        return queue.waiting(self.moderator)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        edited = list(changed.queue(self.moderator)[: changed.SHOWN + 1])
        claimed = list(claims.pending_for(self.moderator)[: queue.CLAIMS_SHOWN + 1])
        return super().get_context_data(
            counts=queue.counts(self.moderator),
            claims=claimed[: queue.CLAIMS_SHOWN],
            more_claims=len(claimed) > queue.CLAIMS_SHOWN,
            changed=changed.described(edited[: changed.SHOWN]),
            more_changed=len(edited) > changed.SHOWN,
            **kwargs,
        )

    @property
    def moderator(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user


def for_moderators(
    view: Callable[Concatenate[HttpRequest, Organisation, User, Named], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """For a profile that the user moderates: who merely reads it is refused, and to everyone else
    it does not exist."""

    @wraps(view)
    def checked(
        request: HttpRequest, slug: str, *args: Named.args, **named: Named.kwargs
    ) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        rows = moderation.with_rights(Organisation.objects.visible_to(request.user), request.user)
        organisation: Any = found(for_review(rows), slug)
        if not organisation.is_moderated:
            raise PermissionDenied(_("Only its moderators see this page."))
        return view(request, organisation, request.user, *args, **named)

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def review(request: HttpRequest, organisation: Organisation, user: User) -> HttpResponse:
    """A profile as everyone would see it, beside what the data say, and the verdict to be given."""
    if request.method != "POST":
        return review_page(request, organisation, user)
    form = ReviewForm(request.POST, organisation=organisation)
    if not form.is_valid():
        if _is_stale(form, organisation):
            return _decided_meanwhile(request, organisation, user)
        return review_page(request, organisation, user, form=form)
    said = form.cleaned_data
    try:
        moderation.review(
            organisation=organisation,
            by=user,
            **{name: said[name] for name in Review.CRITERIA},
            decision=Review.Decision(said["decision"]),
            reason=said["reason"],
            seen=said["seen"],
            page=request.build_absolute_uri(
                reverse("organisations:review", args=[organisation.slug])
            ),
        )
    except moderation.DecidedMeanwhile:
        return _decided_meanwhile(request, organisation, user)
    except moderation.ReasonNeeded as error:
        form.add_error("reason", str(error))
        return review_page(request, organisation, user, form=form)
    except moderation.StepNotPossible as error:
        form.add_error(None, str(error))
        return review_page(request, organisation, user, form=form)
    messages.success(
        request,
        _("“%(name)s” is now: %(status)s. Its team is told.")
        % {"name": organisation.name, "status": organisation.get_status_display()},
    )
    return redirect("moderation:queue")


def _is_stale(form: ReviewForm, organisation: Organisation) -> bool:
    """Whether the moderator looked at another state of the profile than the present one."""
    seen = form.data.get("seen")
    return bool(seen) and seen != moderation.state_of(organisation, organisation.reviews.first())


def _decided_meanwhile(
    request: HttpRequest, organisation: Organisation, user: User
) -> HttpResponse:
    """Show what somebody decided meanwhile; the user's own decision, sent twice, is no conflict."""
    organisation.refresh_from_db(fields=["status", "submitted_at"])
    latest = organisation.reviews.select_related("by").first()
    if latest is not None and latest.by_id == user.pk and _is_same(latest, request):
        messages.info(request, _("You have decided this already."))
        return redirect("moderation:queue")
    return review_page(request, organisation, user, meanwhile=True, status=HTTPStatus.CONFLICT)


def _is_same(latest: Review, request: HttpRequest) -> bool:
    said = request.POST
    return said.get("decision") == latest.decision and all(
        said.get(name) == str(getattr(latest, name)) for name in Review.CRITERIA
    )


def review_page(
    request: HttpRequest,
    organisation: Organisation,
    user: User,
    *,
    form: ReviewForm | None = None,
    answer_form: AnswerForm | None = None,
    meanwhile: bool = False,
    status: int | None = None,
) -> HttpResponse:
    """The page as a whole; a form that was not understood makes it a 400."""
    refused = any(each is not None and each.errors for each in (form, answer_form))
    reviews = list(organisation.reviews.select_related("by"))
    latest = reviews[0] if reviews else None
    may_judge = bool(getattr(organisation, "may_be_judged", False))
    decisions = [d for d, step in moderation.STEP_OF.items() if step in organisation.steps]
    awaits = organisation.status in queue.AWAITS_DECISION
    if form is None:
        seen = moderation.state_of(organisation, latest)
        form = ReviewForm(organisation=organisation, initial={"seen": seen})
    context = {
        "organisation": organisation,
        "form": form,
        "answer_form": answer_form or AnswerForm(),
        "reviews": reviews,
        "latest": latest,
        "meanwhile": meanwhile,
        "may_judge": may_judge,
        "changed": changed.of(organisation),
        "may_review": may_judge and awaits and bool(decisions),
        **what_is_known(organisation, reader=user),
    }
    status = status or (HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK)
    return render(request, "moderation/review.html", context, status=status)


@require_POST
@for_moderators
def answer(request: HttpRequest, organisation: Organisation, user: User) -> HttpResponse:
    """Write to the team."""
    form = AnswerForm(request.POST)
    page = request.build_absolute_uri(reverse("organisations:review", args=[organisation.slug]))
    if write(form, organisation, user, page):
        messages.success(request, _("Your message is sent to the owners and editors."))
        return redirect(reverse("moderation:review", args=[organisation.slug]) + "#thread")
    return review_page(request, organisation, user, answer_form=form)


@require_POST
@for_moderators
def seen(request: HttpRequest, organisation: Organisation, user: User) -> HttpResponse:
    """Mark the changes of a verified profile as seen."""
    try:
        is_new = changed.seen(organisation=organisation, by=user, mark=request.POST.get("mark", ""))
    except moderation.DecidedMeanwhile as error:
        messages.warning(request, str(error))
        return redirect("moderation:review", organisation.slug)
    said = _("The changes of “%(name)s” are marked as seen.")
    if not is_new:
        said = _("The changes of “%(name)s” were marked as seen already.")
    messages.success(request, said % {"name": organisation.name})
    return redirect(reverse("moderation:queue") + "#changed")


@require_POST
@for_moderators
def ask_website(request: HttpRequest, organisation: Organisation, user: User) -> HttpResponse:
    """Have the profile's website asked once more."""
    if website_checks.ask_again(organisation=organisation):
        messages.success(
            request, _("The website is asked now. Load this page again in a minute to see it.")
        )
    else:
        messages.info(
            request,
            _("There is no website, or it was asked a few minutes ago: it is not asked again yet."),
        )
    return redirect(reverse("moderation:review", args=[organisation.slug]) + "#checks-title")


def write(form: AnswerForm, organisation: Organisation, user: User, page: str) -> bool:
    """Send the answer of a form, or let the form say why it is not sent."""
    if not form.is_valid():
        return False
    try:
        moderation.answer(
            organisation=organisation, by=user, text=form.cleaned_data["text"], page=page
        )
    except moderation.TooManyAnswers as error:
        form.add_error("text", str(error))
        return False
    return True


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Grant or refuse a claim: the person becomes an owner. A wish to join a team without an owner
    makes an editor: who rules it is claimed."""
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(reverse("moderation:queue"))
    if not queue.is_moderator(user):
        raise PermissionDenied
    wanted = get_object_or_404(queue.claims_of_any_status(user), pk=pk)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        told = {"heading": _("The claim is not answered yet"), "reason": " ".join(reasons)}
        return render(request, "400.html", told, status=HTTPStatus.BAD_REQUEST)
    try:
        if form.cleaned_data["decision"] == "grant":
            page = request.build_absolute_uri(wanted.organisation.get_absolute_url())
            role = (
                TeamMember.Role.OWNER
                if wanted.kind == AccessRequest.Kind.CLAIM
                else TeamMember.Role.EDITOR
            )
            claims.grant(request=wanted, by=user, role=role, page=page)
            said = _("%(person)s is now in the team of “%(name)s”.")
        else:
            claims.refuse(request=wanted, by=user, answer=form.cleaned_data["answer"])
            said = _("The claim of %(person)s on “%(name)s” is refused.")
    except (ValueError, ValidationError) as error:
        messages.warning(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        names = {"person": wanted.user, "name": wanted.organisation.name}
        messages.success(request, said % names)
    return redirect(reverse("moderation:queue") + "#claims")
