"""What is kept beside an organisation: its logo, and the addresses that it had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models.organisation import Organisation


class Logo(models.Model):
    """A logo as a small PNG that we drew ourselves from what was uploaded."""

    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="logo",
    )
    png = models.BinaryField(_("image"))
    digest = models.CharField(_("SHA-256"), max_length=64)
    width = models.PositiveSmallIntegerField(_("width"))
    height = models.PositiveSmallIntegerField(_("height"))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return str(self.organisation)


class FormerAddress(models.Model):
    """An address under which an organisation was found before, as after a merge of two.

    ``was`` is the whole of the organisation that is no more, by field.
    """

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="former_addresses",
    )
    was = models.JSONField(_("what it was"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
