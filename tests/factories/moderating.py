"""Reviews, claims, invitations, and who moderates a region."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from organisations.models import (
    AccessRequest,
    ClusterInvitation,
    FormerAddress,
    Logo,
    Organisation,
    Review,
    ReviewAnswer,
    TeamInvitation,
    TeamMember,
    WebsiteCheck,
)
from regions.models import RegionRole
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.regions import RegionFactory


class RegionRoleFactory(DjangoModelFactory[RegionRole]):
    """A moderator of a region."""

    class Meta:
        model = RegionRole

    region = factory.SubFactory(RegionFactory)
    user = factory.SubFactory(UserFactory)
    role = RegionRole.Role.MODERATOR


class ReviewFactory(DjangoModelFactory[Review]):
    """A profile put on hold with 8 points."""

    class Meta:
        model = Review

    organisation = factory.SubFactory(OrganisationFactory)
    by = factory.SubFactory(UserFactory)
    innovation = 2
    clarity = 2
    expectations = 2
    guidelines = 2
    decision = Review.Decision.HOLD
    reason = "Say what you look for."


class ReviewAnswerFactory(DjangoModelFactory[ReviewAnswer]):
    class Meta:
        model = ReviewAnswer

    organisation = factory.SubFactory(OrganisationFactory)
    author = factory.SubFactory(UserFactory)
    text = "We look for a partner."


class WebsiteCheckFactory(DjangoModelFactory[WebsiteCheck]):
    class Meta:
        model = WebsiteCheck

    organisation = factory.SubFactory(OrganisationFactory, website="https://lab.example.org/")
    url = "https://lab.example.org/"
    outcome = WebsiteCheck.Outcome.ANSWERS
    checked_at = factory.LazyFunction(timezone.now)


class AccessRequestFactory(DjangoModelFactory[AccessRequest]):
    """A claim that waits."""

    class Meta:
        model = AccessRequest

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    kind = AccessRequest.Kind.CLAIM


class FormerAddressFactory(DjangoModelFactory[FormerAddress]):
    class Meta:
        model = FormerAddress

    slug = factory.Sequence(lambda n: f"former-{n}")
    organisation = factory.SubFactory(OrganisationFactory)


class LogoFactory(DjangoModelFactory[Logo]):
    class Meta:
        model = Logo

    organisation = factory.SubFactory(OrganisationFactory)
    png = b"\x89PNG"
    digest = "0" * 64
    width = 1
    height = 1


class TeamInvitationFactory(DjangoModelFactory[TeamInvitation]):
    """Sent by an administrator, so that it can be accepted."""

    class Meta:
        model = TeamInvitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited-{n}@example.org")
    token_digest = factory.Sequence(lambda n: f"{n:064x}")
    role = TeamMember.Role.EDITOR
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    invited_by = factory.SubFactory(UserFactory, administrator=True)


class ClusterInvitationFactory(DjangoModelFactory[ClusterInvitation]):
    """Sent sixteen days ago."""

    class Meta:
        model = ClusterInvitation

    cluster = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.CLUSTER)
    email = factory.Sequence(lambda n: f"member-{n}@example.org")
    token_digest = factory.Sequence(lambda n: f"{n + 10**9:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    last_sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=16))
    invited_by = factory.SubFactory(UserFactory)
