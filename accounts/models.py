"""The person who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of an address in any letters; addresses are stored in lower case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a login; the e-mail address is the login name.

    Nothing about a person is public unless they say so, field by field, in ``public_fields``.
    """

    class PublicField(models.TextChoices):
        NAME = "name", _("name")
        POSITION = "position", _("position")
        EMAIL = "email", _("e-mail address")
        PHONE = "phone", _("telephone")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
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
        return self.name or self.email


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
