"""The person who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from accounts.lines import LineField

GONE = "@deleted.invalid"
"""How the address of a deleted account ends; nobody can have such a one (RFC 2606)."""


class UserManager(BaseUserManager["User"]):
    """Makes users whose login name is their e-mail address, compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator made on the server itself: the address counts as verified."""
        user = self.create_user(email, password, **fields, is_staff=True, is_superuser=True)
        addresses = user.emailaddress_set  # type: ignore[attr-defined]  # of allauth, without types
        addresses.create(email=user.email, verified=True, primary=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of an address in any letters; addresses are stored in lower case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of knox
    """A person with a login; the e-mail address is the login name.

    Nothing about a person is public unless they say so, field by field, in ``public_fields``.
    """

    class PublicField(models.TextChoices):
        NAME = "name", _("name")
        POSITION = "position", _("position")
        EMAIL = "email", _("e-mail address")
        PHONE = "phone", _("telephone")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = LineField(_("name"), max_length=150, blank=True)
    position = LineField(_("position"), max_length=150, blank=True)
    phone = LineField(_("telephone"), max_length=40, blank=True)
    public_fields = ArrayField(
        models.CharField(max_length=8, choices=PublicField),
        verbose_name=_("public"),
        default=list,
        blank=True,
    )
    language = models.CharField(_("language of messages"), max_length=5, default="en")
    is_staff = models.BooleanField(
        _("administrator"), default=False, help_text=_("May use the administration pages.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Unset this instead of deleting an account.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("An account with this e-mail address exists."),
            )
        ]

    def __str__(self) -> str:
        if self.is_deleted:
            return gettext("deleted account")
        return self.name or self.email

    @property
    def is_deleted(self) -> bool:
        """Whether the person has gone, and only the row that records point to is left."""
        return self.email.endswith(GONE)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a new password, by whatever way, every token of the API ends: who stole the old
        password may have made some."""
        is_new = self._state.adding
        has_new_password = self._password is not None  # type: ignore[attr-defined]  # of Django, undeclared
        super().save(*args, **kwargs)
        if has_new_password and not is_new:
            ApiToken.objects.filter(user=self).delete()

    def public_profile(self) -> dict[str, str]:
        """What everyone may know of the person: the fields that they chose and filled in."""
        if not self.is_active:
            return {}
        chosen = {field: str(getattr(self, field)) for field in self.PublicField.values}
        return {
            field: value for field, value in chosen.items() if value and field in self.public_fields
        }


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # no types
    """A token of the REST API; only its digest is kept, and its beginning, to tell it by."""

    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("token of the API")
        verbose_name_plural = _("tokens of the API")
        ordering = ["-created", "digest"]

    def __str__(self) -> str:
        return self.name or self.beginning

    @property
    def beginning(self) -> str:
        """The first letters, as its owner finds them in their own copy."""
        return f"{self.token_key[:8]}…"


class Consent(models.Model):
    """A person agreed to a document of ours, in one of its versions."""

    class Document(models.TextChoices):
        PRIVACY = "privacy", _("how we use personal data")

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="consents"
    )
    document = models.CharField(_("document"), max_length=7, choices=Document)
    version = models.CharField(_("version"), max_length=10)
    language = models.CharField(_("language"), max_length=5)
    given_at = models.DateTimeField(_("given"), auto_now_add=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_document_display()} {self.version}"
