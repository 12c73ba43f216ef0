"""What the site remembers about itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DataLoad(models.Model):
    """One set of committed data that was loaded, by the checksum of its files and loaders.

    A demonstration that starts again skips what is loaded already.
    """

    name = models.SlugField(_("name"), max_length=60, unique=True)
    checksum = models.CharField(_("checksum"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded"), auto_now=True)

    class Meta:
        verbose_name = _("loaded data")
        verbose_name_plural = _("loaded data")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
