"""Vocabularies, their concepts, and the relations between concepts."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from regions.models.facts import Source
from regions.models.places import check_labels, localised
from regions.own_texts import said


class Vocabulary(models.Model):
    """A code list of the field: NACE, the hydrogen value chain, the industrial ecosystems …"""

    scheme = models.SlugField(_("scheme"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=160)
    version = models.CharField(_("version"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="vocabularies"
    )

    class Meta:
        verbose_name = _("vocabulary")
        verbose_name_plural = _("vocabularies")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Its title in the reader's language."""
        return said(self.title)


class Concept(models.Model):
    """One entry of one vocabulary: an offer, need, priority, sector, segment or theme."""

    vocabulary = models.ForeignKey(
        Vocabulary, verbose_name=_("vocabulary"), on_delete=models.PROTECT, related_name="concepts"
    )
    code = models.CharField(_("code"), max_length=80)
    labels = models.JSONField(
        _("labels"), help_text=_("By language; English at least."), validators=[check_labels]
    )
    broader = models.ForeignKey(
        "self",
        verbose_name=_("broader concept"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    description = models.TextField(_("description"), blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("concept")
        verbose_name_plural = _("concepts")
        ordering = ["vocabulary", "position", "code"]
        indexes = [GinIndex(fields=["labels"], name="concept_labels")]
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "code"],
                name="concept_code_unique",
                violation_error_message=_("This vocabulary has this code already."),
            ),
            models.CheckConstraint(
                condition=models.Q(labels__has_key="en"),
                name="concept_has_english_label",
                violation_error_message=_("A concept needs an English label."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return localised(self.labels)

    @property
    def identifier(self) -> str:
        """The vocabulary's scheme and the code, as addresses and filters write a concept."""
        return f"{self.vocabulary.scheme}:{self.code}"


class ConceptRelation(models.Model):
    """A relation between two concepts, with the reason a reviewer gave for it.

    *Theme*: working on the source (a programme part, sector, ecosystem or segment) is working on
    the target theme. *Ecosystem*: the source belongs to the target industrial ecosystem.
    *Neighbour*: the two value-chain segments are next to each other, so an organisation in one is
    complementary to an organisation in the other; stored once for each unordered pair.
    """

    class Kind(models.TextChoices):
        THEME = "theme", _("works on the theme")
        ECOSYSTEM = "ecosystem", _("belongs to the ecosystem")
        NEIGHBOUR = "neighbour", _("is next to")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.ForeignKey(
        Concept, verbose_name=_("from"), on_delete=models.CASCADE, related_name="relations"
    )
    target = models.ForeignKey(
        Concept, verbose_name=_("to"), on_delete=models.CASCADE, related_name="inverse_relations"
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    reason = models.CharField(_("reason"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("relation between concepts")
        verbose_name_plural = _("relations between concepts")
        ordering = ["kind", "source", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "target"],
                name="concept_relation_unique",
                violation_error_message=_("This relation is recorded already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")),
                name="concept_relation_of_two",
                violation_error_message=_("A concept has no relation with itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, 9)),
                name="concept_relation_weight_1_to_9",
                violation_error_message=_("A relation's weight is from 1 to 9."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} – {self.target}"
