"""The versioned weights of the score."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from matching.engine import PERFECT, SIGNALS, Scoring
from matching.feedback.models import Exclusion, Feedback
from matching.outbox.models import Change, Pruning, SuggestionList

__all__ = ["Change", "Exclusion", "Feedback", "Pruning", "ScoringWeights", "SuggestionList"]


class ScoringWeights(models.Model):
    """One version of the six weights, in points; they add up to 100. One version is in force."""

    version = models.CharField(_("version"), max_length=40, unique=True)
    complementarity = models.PositiveSmallIntegerField(_("complementarity"))
    shared_priorities = models.PositiveSmallIntegerField(_("shared priorities"))
    value_chain = models.PositiveSmallIntegerField(_("value chain"))
    track_record = models.PositiveSmallIntegerField(_("track record"))
    regional_fit = models.PositiveSmallIntegerField(_("regional fit"))
    experience = models.PositiveSmallIntegerField(_("experience"))
    note = models.TextField(_("how they were chosen"))
    in_force = models.BooleanField(_("in force"), default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("weights of the score")
        verbose_name_plural = _("weights of the score")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    complementarity=100
                    - F("shared_priorities")
                    - F("value_chain")
                    - F("track_record")
                    - F("regional_fit")
                    - F("experience")
                ),
                name="scoring_weights_sum_to_100",
                violation_error_message=_("The six weights add up to 100 points."),
            ),
            models.UniqueConstraint(
                fields=["in_force"],
                condition=Q(in_force=True),
                name="scoring_weights_one_in_force",
                violation_error_message=_("Another version is in force."),
            ),
        ]

    def __str__(self) -> str:
        return self.version

    def as_scoring(self) -> Scoring:
        """These weights as the engine wants them: hundredths of a point."""
        hundredths = PERFECT // 100
        return Scoring(
            version=self.version,
            weights={signal: getattr(self, signal) * hundredths for signal in SIGNALS},
        )
