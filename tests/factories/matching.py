"""Weights, choices, and what the outbox and the digests keep."""

import datetime

import factory
from factory.django import DjangoModelFactory

from matching.models import Change, Exclusion, Feedback, Pruning, ScoringWeights, SuggestionList
from tests.factories.accounts import UserFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.regions import RegionFactory


class ScoringWeightsFactory(DjangoModelFactory[ScoringWeights]):
    """The prior weights; one version is in force at most."""

    class Meta:
        model = ScoringWeights

    version = factory.Sequence(lambda n: f"version-{n}")
    complementarity = 40
    shared_priorities = 15
    value_chain = 10
    track_record = 20
    regional_fit = 10
    experience = 5
    note = "For a test."


class FeedbackFactory(DjangoModelFactory[Feedback]):
    """A partner that was saved, without a score; ``kind="dismissed"`` wants a reason."""

    class Meta:
        model = Feedback

    organisation = factory.SubFactory(OrganisationFactory)
    other = factory.SubFactory(OrganisationFactory)
    kind = Feedback.Kind.SAVED
    by = factory.SubFactory(UserFactory)


class ExclusionFactory(DjangoModelFactory[Exclusion]):
    """A region left out; for a kind, ``region=None, kind="company"``."""

    class Meta:
        model = Exclusion

    organisation = factory.SubFactory(OrganisationFactory)
    region = factory.SubFactory(RegionFactory)
    by = factory.SubFactory(UserFactory)


class ChangeFactory(DjangoModelFactory[Change]):
    """A change to an organisation that is gone; triggers note those of organisations that exist."""

    class Meta:
        model = Change

    organisation_id = factory.Sequence(lambda n: 10**12 + n)


class PruningFactory(DjangoModelFactory[Pruning]):
    """The one row of its table."""

    class Meta:
        model = Pruning
        django_get_or_create = ["id"]

    id = 1
    below = "1"


class SuggestionListFactory(DjangoModelFactory[SuggestionList]):
    """A list of one suggestion."""

    class Meta:
        model = SuggestionList

    organisation = factory.SubFactory(OrganisationFactory)
    index_checksum = "0" * 64
    index_changes = 0
    scoring_version = "version"
    made_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    items = factory.LazyFunction(lambda: [{"id": 1, "score": 0, "signals": {}}])
