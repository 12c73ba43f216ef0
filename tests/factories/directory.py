"""Saved searches, what they found, and messages about them."""

import factory
from factory.django import DjangoModelFactory

from directory.models import Digest, SavedSearch, SearchItem
from tests.factories.accounts import UserFactory


class SavedSearchFactory(DjangoModelFactory[SavedSearch]):
    """A row alone, with nothing known; `services.save` saves a search."""

    class Meta:
        model = SavedSearch

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"Search {n}")
    query = factory.Sequence(lambda n: f"q=hydrogen{n}")


class DigestFactory(DjangoModelFactory[Digest]):
    """A message that waits."""

    class Meta:
        model = Digest

    search = factory.SubFactory(SavedSearchFactory)


class SearchItemFactory(DjangoModelFactory[SearchItem]):
    """An organisation that was there from the beginning."""

    class Meta:
        model = SearchItem

    search = factory.SubFactory(SavedSearchFactory)
    of = "organisation"
    object_id = factory.Sequence(lambda n: n)
