"""allauth's forms in our words, each password of bounded length, and the forms of our own pages."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.lines import refuse_unseen
from accounts.models import User
from accounts.validators import LONGEST_PASSWORD

LONGEST_EMAIL = User._meta.get_field("email").max_length or 254
EMAIL = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
NEW_PASSWORD_HELP = _("At least 12 characters; several words are easiest to remember.")
CODE = _("Code")


def name_fields(form: forms.Form, **labels: Any) -> None:
    """Give fields our labels, without placeholders; passwords and codes take bounded input."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        if isinstance(field.widget, forms.PasswordInput):
            limit(field, LONGEST_PASSWORD)
        if isinstance(field, forms.EmailField):
            limit(field, LONGEST_EMAIL)
        if name == "code":
            limit(field, 40)
            field.widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


def limit(field: forms.Field, most: int) -> None:
    field.validators.append(MaxLengthValidator(most))
    field.widget.attrs["maxlength"] = str(most)


class SignupForm(account_forms.SignupForm):  # type: ignore[misc]  # no types
    """E-mail address, one password, and consent."""

    field_order = ["email", "password1", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, email=EMAIL, password1=PASSWORD)
        self.fields["password1"].help_text = NEW_PASSWORD_HELP

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account; where the address has one, do as much work and answer the same.

        Two at once are one: the second finds the address taken when it is written.
        """
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
        except IntegrityError:
            return None, prevent_enumeration(request, email=self.cleaned_data["email"])
        return user, response


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]  # no types
    """Log in by e-mail address; capital letters make no difference."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, login=EMAIL, password=PASSWORD)


class ReauthenticateForm(account_forms.ReauthenticateForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, password=PASSWORD)


class AddEmailForm(account_forms.AddEmailForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, email=EMAIL)


class ResetPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, email=EMAIL)


class OneNewPassword:
    """The new password is typed once: a mistake is mended by a code, like a forgotten password."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        name_fields(self, password1=NEW_PASSWORD)  # type: ignore[arg-type]  # a mix-in of forms
        self.fields["password1"].help_text = NEW_PASSWORD_HELP


class ChangePasswordForm(OneNewPassword, account_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, oldpassword=_("Current password"))


class SetPasswordForm(OneNewPassword, account_forms.SetPasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(OneNewPassword, account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class NamedCode:
    """One code to type."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_fields(self, code=CODE)  # type: ignore[arg-type]  # a mix-in of forms


class EmailCodeForm(NamedCode, account_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ResetCodeForm(NamedCode, account_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass


class AuthenticateForm(NamedCode, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class AuthenticatorForm(NamedCode, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateTOTPForm(NamedCode, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    pass


class ProfileForm(forms.Form):
    """What a person says about themselves, and who may read it."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        validators=[refuse_unseen],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    position = forms.CharField(
        label=_("Position"),
        max_length=150,
        required=False,
        validators=[refuse_unseen],
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        validators=[refuse_unseen],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    public_fields = forms.MultipleChoiceField(
        label=_("What everyone may see"),
        help_text=_(
            "Shown beside the organisations that you speak for. Nothing is, unless chosen."
        ),
        choices=User.PublicField.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TokenForm(forms.Form):
    """A new token of the API."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("What it is for, such as “Website of our cluster”."),
    )
    days = forms.TypedChoiceField(
        label=_("Expires after"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        initial=90,
    )


class DeletionForm(forms.Form):
    """Typed confirmation: the address of the account."""

    email = forms.CharField(
        label=_("Your e-mail address, to confirm"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email.strip().lower() != self.user.email:
            raise forms.ValidationError(_("This is not the e-mail address of this account."))
        return email
