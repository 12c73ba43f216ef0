"""How profiles are verified: reviews, what members answer, and what their websites said."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models.organisation import Organisation

HIGHEST_SCORE = 5


def criterion(label: Any) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(label, validators=[MaxValueValidator(HIGHEST_SCORE)])


class Review(models.Model):
    """A moderator's verdict on a profile: four criteria scored 0 to 5, and a decision.

    The scores propose a decision: 10 and more publish, 5 to 9 hold, below 5 reject, and any 0
    holds (the profile review of partnering databases). A moderator who decides otherwise says why.
    """

    class Decision(models.TextChoices):
        PUBLISH = "publish", _("publish")
        HOLD = "hold", _("put on hold")
        REJECT = "reject", _("reject")

    CRITERIA = ("innovation", "clarity", "expectations", "guidelines")

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="reviews",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    innovation = criterion(_("innovation and advantages"))
    clarity = criterion(_("clarity"))
    expectations = criterion(_("expectations of the cooperation"))
    guidelines = criterion(_("guidelines and language"))
    decision = models.CharField(_("decision"), max_length=7, choices=Decision)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    innovation__lte=HIGHEST_SCORE,
                    clarity__lte=HIGHEST_SCORE,
                    expectations__lte=HIGHEST_SCORE,
                    guidelines__lte=HIGHEST_SCORE,
                ),
                name="review_scores_0_to_5",
                violation_error_message=_("Each criterion is scored from 0 to 5."),
            ),
            models.CheckConstraint(
                condition=models.Q(decision="publish") | ~models.Q(reason=""),
                name="review_says_why",
                violation_error_message=_("Say why the profile is not published."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_decision_display()}"

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in self.CRITERIA)


class ReviewAnswer(models.Model):
    """What a member answers to a review, or a moderator to the member."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        related_name="review_answers",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    is_moderator = models.BooleanField(_("written as a moderator"), default=False)
    text = models.TextField(_("text"), max_length=2000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer to a review")
        verbose_name_plural = _("answers to reviews")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.text[:40]}"


class WebsiteCheck(models.Model):
    """What an organisation's website answered when it was last asked."""

    class Outcome(models.TextChoices):
        ANSWERS = "answers", _("answers")
        ELSEWHERE = "elsewhere", _("leads to another domain")
        FAILS = "fails", _("does not answer")
        REFUSED = "refused", _("is not asked: the address is not public")

    organisation = models.OneToOneField(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="website_check",
    )
    url = models.URLField(_("website"), max_length=300)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    checked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("check of a website")
        verbose_name_plural = _("checks of websites")

    def __str__(self) -> str:
        return f"{self.url}: {self.get_outcome_display()}"
