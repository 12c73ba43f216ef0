"""A profile that waits for a moderator of its region, and the pages about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.conftest import signed_in
from tests.factories import OrganisationFactory, RegionRoleFactory, TeamMemberFactory

REVIEW = "/moderation/lab/"
MEMBER = "/organisations/lab/review/"
SCORES = {"innovation": "3", "clarity": "3", "expectations": "2", "guidelines": "2"}


@pytest.fixture
def lab(db):
    return OrganisationFactory(
        slug="lab",
        name="Hydrogen Storage Lab",
        status="pending",
        submitted_at=timezone.now() - timedelta(days=2),
        website="https://www.lab.example.org/",
    )


@pytest.fixture
def regional(lab):
    return signed_in(RegionRoleFactory(region=lab.home_region, user__name="Mo Derator").user)


@pytest.fixture
def owner(lab):
    return signed_in(TeamMemberFactory(organisation=lab, role="owner", user__name="Ow Ner").user)


def verdict(organisation, **fields):
    latest = organisation.reviews.first()
    seen = f"{organisation.status}-{latest.pk if latest else 0}"
    return {**SCORES, "decision": "publish", "reason": "", "seen": seen, **fields}
