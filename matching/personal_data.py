"""What matching keeps about a person (see `accounts.personal`)."""

from accounts import personal
from matching.feedback.models import Exclusion, Feedback


def register() -> None:
    personal.keeps(
        "feedback",
        Feedback,
        "by",
        "organisation__slug",
        "other__slug",
        "kind",
        "reason",
        "text",
        "created_at",
        "withdrawn_at",
    )
    personal.keeps(
        "left_out_of_suggestions",
        Exclusion,
        "by",
        "organisation__slug",
        "region__slug",
        "kind",
        "created_at",
        "withdrawn_at",
    )
