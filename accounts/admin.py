"""Administration of users; the e-mail address is the login name."""

from typing import TYPE_CHECKING, Any, cast

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.administration import DerivedAdmin
from accounts.models import ApiToken, Consent, User

if TYPE_CHECKING:
    AdminForUsers = DjangoUserAdmin[User]
    AddForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
    PasswordForm = AdminPasswordChangeForm[User]
else:
    AdminForUsers = DjangoUserAdmin
    AddForm = AdminUserCreationForm
    ChangeForm = UserChangeForm
    PasswordForm = AdminPasswordChangeForm


class LowerCaseEmail:
    """Keeps the address in lower case, as log-in compares it, and refuses another account's."""

    cleaned_data: dict[str, Any]
    instance: User

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if services.is_taken(email=email, user=self.instance):
            raise forms.ValidationError(_("An account with this e-mail address exists."))
        return email


class UserAddForm(LowerCaseEmail, AddForm):
    class Meta:
        model = User
        fields = ["email", "name"]


class UserForm(LowerCaseEmail, ChangeForm):
    class Meta:
        model = User
        fields = [
            "email",
            "name",
            "password",
            "is_active",
            "is_staff",
            "is_superuser",
            "groups",
            "user_permissions",
        ]


class UserPasswordForm(PasswordForm):
    """A new password, or none: tokens of the API end with the old one, and the person hears it."""

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        user = super().save(commit=commit)
        services.revoke_all_tokens(user=user)
        services.tell_of_password(user=user)
        return user


RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]


@admin.register(User)
class UserAdmin(AdminForUsers):
    """Accounts. Superusers alone give rights, and touch the accounts of those who have any: who
    could move their address or password could log in as them."""

    form = UserForm
    add_form = UserAddForm
    change_password_form = UserPasswordForm
    list_display = ["email", "name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups", "emailaddress__verified"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (
            _("What they may do"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "name", "usable_password", "password1", "password2"],
            },
        )
    ]

    def save_model(
        self, request: HttpRequest, obj: User, form: "forms.ModelForm[User]", change: bool
    ) -> None:
        """An address that an administrator typed counts as verified; others stay what they are.

        The person hears of it at the address that they had.
        """
        super().save_model(request, obj, form, change)
        if not change or "email" in form.changed_data:
            services.verified_address(user=obj)
        if change:
            services.tell_of_address(user=obj, before=str(form.initial["email"]))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        rights = [] if is_superuser(request) else RIGHTS
        return [*super().get_readonly_fields(request, obj), *rights]

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        allowed = may_touch(request, obj) or obj == request.user
        return allowed and super().has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers alone, and never the last one."""
        if obj is not None and (obj.is_deleted or services.is_last_administrator(obj)):
            return False
        return is_superuser(request) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """As when the person does it: the row is emptied, and the record of what they did stays."""
        services.delete_account(user=obj, by=cast(User, request.user))


def is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def may_touch(request: HttpRequest, account: User | None) -> bool:
    """Whether the account is no stronger than the one of a person who is no superuser."""
    return is_superuser(request) or account is None or not services.has_rights(account)


@admin.register(Consent)
class ConsentAdmin(DerivedAdmin):
    list_display = ["user", "document", "version", "language", "given_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]


@admin.register(ApiToken)
class ApiTokenAdmin(DerivedAdmin):
    """Tokens as their owners see them; an account that is made inactive has none that opens."""

    list_display = ["user", "name", "beginning", "created", "expiry"]
    list_select_related = ["user"]
    search_fields = ["user__email", "name"]
    fields = ["user", "name", "beginning", "created", "expiry"]
    ordering = ["-created"]


# what would show or set secrets and sessions of other people; addresses follow the account
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)


def own_password(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """One's own password is changed where everyone changes theirs, with a message about it."""
    return redirect("account_change_password")


# log-in by way of allauth, so that its limits and second factors hold here, too
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.password_change = own_password  # type: ignore[method-assign,assignment]
