"""Administration of users; the e-mail address is the login name."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from accounts.models import User

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


@admin.register(User)
class UserAdmin(AdminForUsers):
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
