"""The log-in forms, of the site and of its administration pages."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.throttling import REFUSED, Attempt
from accounts.validators import LONGEST_PASSWORD


class ThrottledForm(AuthenticationForm):
    """Logs in by e-mail address and password, unless that failed too often before."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        email, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if not (email and password):
            return self.cleaned_data
        attempt = Attempt(self.request, email)
        if not attempt.is_allowed():
            raise ValidationError(
                _("Too many attempts to log in. Wait 15 minutes, then try again."), code=REFUSED
            )
        super().clean()
        attempt.succeeded()
        return self.cleaned_data


class LoginForm(ThrottledForm):
    """Logs in by e-mail address; capital letters make no difference."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The e-mail address or the password is not right."),
    }


class AdminLoginForm(ThrottledForm, AdminAuthenticationForm):
    """Logs an administrator in."""
