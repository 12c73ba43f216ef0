"""Log in and log out."""

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse

from accounts.forms import LoginForm
from accounts.throttling import with_status


class Login(views.LoginView):
    """Log in by e-mail address; 429 after too many failures."""

    authentication_form = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        with_status(response)
        return response


class Logout(views.LogoutView):
    """Log out; by POST only."""
