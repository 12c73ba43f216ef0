"""Tokens of the API."""

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts import services
from accounts.forms import TokenForm
from accounts.models import ApiToken, User

if TYPE_CHECKING:
    FormPage = FormView[TokenForm]
else:
    FormPage = FormView


class Tokens(LoginRequiredMixin, FormPage):
    """One's tokens, and a form for a new one, which is shown this once."""

    form_class = TokenForm
    template_name = "accounts/tokens.html"

    @method_decorator(reauthentication_required(app="allauth.account"))
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tokens = ApiToken.objects.filter(user=self.request.user, expiry__gt=timezone.now())
        return super().get_context_data(
            **{"secret": "", "tokens": list(tokens), "most": services.MOST_TOKENS, **kwargs}
        )

    def form_valid(self, form: TokenForm) -> HttpResponse:
        user, life = cast(User, self.request.user), timedelta(days=form.cleaned_data["days"])
        try:
            _token, secret = services.make_token(
                user=user, by=user, name=form.cleaned_data["name"], life=life
            )
        except services.TooManyTokens as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        # shown in the answer itself: a redirect would have to keep it somewhere meanwhile
        return self.render_to_response(self.get_context_data(form=TokenForm(), secret=secret))

    def form_invalid(self, form: TokenForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST
        )


@require_POST
@login_required
def revoke_token(request: HttpRequest, beginning: str) -> HttpResponse:
    """End one of one's tokens."""
    user = cast(User, request.user)
    token = get_object_or_404(ApiToken, user=user, token_key=beginning)
    services.revoke_token(token=token, by=user)
    messages.success(request, _("The token is revoked: it opens nothing any more."))
    return redirect("accounts:tokens")
