"""Administration of users; the e-mail address is the login name."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from accounts.forms import AdminLoginForm
from accounts.models import User
from accounts.throttling import with_status

if TYPE_CHECKING:
    AdminForUsers = DjangoUserAdmin[User]
    AddForm = AdminUserCreationForm[User]
    ChangeForm = UserChangeForm[User]
else:
    AdminForUsers = DjangoUserAdmin
    AddForm = AdminUserCreationForm
    ChangeForm = UserChangeForm


class LowerCaseEmail:
    """Keeps the address in lower case, as log-in compares it."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


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


RIGHTS = ["is_superuser", "groups", "user_permissions"]


@admin.register(User)
class UserAdmin(AdminForUsers):
    """Accounts. Superusers alone give rights, and change or delete another superuser's account."""

    form = UserForm
    add_form = UserAddForm
    list_display = ["email", "name", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        rights = [] if is_superuser(request) else RIGHTS
        return [*super().get_readonly_fields(request, obj), *rights]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return may_touch(request, obj) and super().has_delete_permission(request, obj)


def is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def may_touch(request: HttpRequest, account: User | None) -> bool:
    return is_superuser(request) or not (account and account.is_superuser)


log_in = admin.site.login


def throttled_log_in(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> HttpResponseBase:
    """The log-in page of the administration pages; 429 after too many failures."""
    return with_status(log_in(request, extra_context))


admin.site.login_form = AdminLoginForm
admin.site.login = throttled_log_in  # type: ignore[method-assign,assignment]  # its own hook is settings
