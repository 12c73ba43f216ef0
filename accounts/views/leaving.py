"""All of one's data, and the end of an account."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from accounts import personal, services
from accounts.forms import DeletionForm
from accounts.models import User

if TYPE_CHECKING:
    FormPage = FormView[DeletionForm]
else:
    FormPage = FormView

Page = Callable[..., HttpResponseBase]
reauthenticated: Callable[[Page], Page] = reauthentication_required(app="allauth.account")


@require_safe
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """What one can do with one's data."""
    return render(request, "accounts/data.html")


@require_safe
@login_required
@reauthenticated
def download(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the reader, as JSON."""
    answer = JsonResponse(
        personal.export(cast(User, request.user)),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="regions-meet-my-data.json"'
    return answer


@method_decorator(reauthenticated, name="dispatch")
class Deletion(LoginRequiredMixin, FormPage):
    """Delete one's account: what happens, and a field to confirm it."""

    form_class = DeletionForm
    template_name = "accounts/delete.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = personal.warnings(cast(User, self.request.user))
        return super().get_context_data(consequences=told, **kwargs)

    def form_valid(self, form: DeletionForm) -> HttpResponse:
        user = cast(User, self.request.user)
        try:
            services.delete_account(user=user, by=user)
        except services.LastAdministrator as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        logout(self.request)
        return redirect("accounts:deleted")

    def form_invalid(self, form: DeletionForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST
        )


@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Good-bye."""
    return render(request, "accounts/deleted.html")
