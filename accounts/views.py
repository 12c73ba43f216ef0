"""Log in and log out."""

from django.contrib.auth import views

from accounts.forms import LoginForm


class Login(views.LoginView):
    """Log in by e-mail address."""

    authentication_form = LoginForm
    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class Logout(views.LogoutView):
    """Log out; by POST only."""
