"""The overview of one's account, and what people are told about their data."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts import consent, services
from accounts.forms import ProfileForm
from accounts.models import User

if TYPE_CHECKING:
    FormPage = FormView[ProfileForm]
else:
    FormPage = FormView

WAIT = 60
"""Seconds until one may try again, at the least."""


class Home(LoginRequiredMixin, FormPage):
    """What I say about myself, what is public of it, and the way to everything else."""

    form_class = ProfileForm
    template_name = "accounts/home.html"
    success_url = reverse_lazy("accounts:home")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.request.user, name) for name in ProfileForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        public = cast(User, self.request.user).public_profile()
        labels = dict(User.PublicField.choices)
        return super().get_context_data(
            public=[(labels[field], value) for field, value in public.items()], **kwargs
        )

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        user = cast(User, self.request.user)
        services.change_profile(user=user, by=user, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)

    def form_invalid(self, form: ProfileForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST
        )


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people, why, for how long, and who sees it."""
    return render(
        request,
        "accounts/privacy.html",
        {
            "version": consent.PRIVACY_VERSION,
            "days": services.UNVERIFIED_FOR.days,
            "operator": settings.OPERATOR,
            "operator_email": settings.OPERATOR_EMAIL,
        },
    )


@require_POST
@login_required
def give_consent(request: HttpRequest) -> HttpResponse:
    """Agree to a new version, and go back to where one was asked."""
    consent.give(user=cast(User, request.user))
    consent.settle(request)
    messages.success(request, _("Thank you."))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect("accounts:home")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """What allauth answers once one of its limits is reached."""
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(WAIT)
    return response
