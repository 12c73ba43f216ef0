"""What the database itself refuses."""

import pytest
from django.db import IntegrityError

from matching.models import Feedback
from tests.factories import ExclusionFactory, FeedbackFactory, OrganisationFactory, RegionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "saved"},
        {"kind": "dismissed", "reason": "known"},
        {"kind": "dismissed", "reason": "other", "text": "They moved away."},
        {"score": 0, "weights_version": "1", "rank_shown": 1},
        {"score": 10_000, "weights_version": "1"},
    ],
)
def test_feedback_that_makes_sense_is_kept(fields):
    assert FeedbackFactory(**fields).pk


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "saved", "reason": "known"}, "feedback_reason_of_dismissal"),
        ({"kind": "saved", "text": "Nice."}, "feedback_reason_of_dismissal"),
        ({"kind": "dismissed"}, "feedback_reason_of_dismissal"),
        ({"kind": "dismissed", "reason": "bad-luck"}, "feedback_reason_of_dismissal"),
        ({"kind": "liked"}, "feedback_reason_of_dismissal"),
        ({"kind": "dismissed", "reason": "other"}, "feedback_other_reason_in_words"),
        ({"score": 10_001, "weights_version": "1"}, "feedback_score_with_its_weights"),
        ({"score": 100}, "feedback_score_with_its_weights"),
        ({"weights_version": "1"}, "feedback_score_with_its_weights"),
        ({"rank_shown": 0}, "feedback_rank_from_1"),
    ],
)
def test_feedback_that_makes_no_sense_is_refused(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        FeedbackFactory(**fields)


def test_no_feedback_on_oneself():
    organisation = OrganisationFactory()
    with pytest.raises(IntegrityError, match="feedback_on_another"):
        FeedbackFactory(organisation=organisation, other=organisation)


def test_one_choice_about_a_partner_at_a_time_and_all_that_were_undone():
    first = FeedbackFactory()
    Feedback.objects.filter(pk=first.pk).update(withdrawn_at=first.created_at)
    again = FeedbackFactory(organisation=first.organisation, other=first.other)
    assert again.pk != first.pk
    with pytest.raises(IntegrityError, match="feedback_one_at_a_time"):
        FeedbackFactory(
            organisation=first.organisation, other=first.other, kind="dismissed", reason="known"
        )


@pytest.mark.parametrize(
    "fields",
    [{"kind": "company"}, {"region": None, "kind": ""}, {"region": None, "kind": "cartel"}],
)
def test_an_exclusion_is_of_a_region_or_of_a_kind(fields):
    with pytest.raises(IntegrityError, match="exclusion_of_region_or_kind"):
        ExclusionFactory(**fields)


def test_a_region_is_left_out_once():
    row = ExclusionFactory()
    assert ExclusionFactory(organisation=row.organisation, region=RegionFactory()).pk
    with pytest.raises(IntegrityError, match="exclusion_of_region_once"):
        ExclusionFactory(organisation=row.organisation, region=row.region)


def test_a_kind_is_left_out_once():
    row = ExclusionFactory(region=None, kind="company")
    with pytest.raises(IntegrityError, match="exclusion_of_kind_once"):
        ExclusionFactory(organisation=row.organisation, region=None, kind="company")


def test_rows_say_what_they_are():
    assert str(ExclusionFactory(region=None, kind="sme")).endswith(
        ": small or medium-sized enterprise"
    )
    saved = FeedbackFactory()
    assert str(saved) == f"{saved.organisation} – {saved.other}: saved"
