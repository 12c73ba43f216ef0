"""Who works for a region."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from regions.models.places import Region


class RegionRole(models.Model):
    """A user who keeps a region's dossier, or moderates the profiles of its organisations."""

    class Role(models.TextChoices):
        EDITOR = "editor", _("keeps the dossier")
        MODERATOR = "moderator", _("moderates profiles")

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="roles"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        on_delete=models.CASCADE,
        related_name="region_roles",
    )
    role = models.CharField(_("role"), max_length=9, choices=Role)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role in a region")
        verbose_name_plural = _("roles in regions")
        ordering = ["region", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "user", "role"],
                name="region_role_unique",
                violation_error_message=_("This user has this role already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.region}"
