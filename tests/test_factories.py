import inspect

import pytest
from factory.django import DjangoModelFactory

from tests import factories

FACTORIES = [
    value
    for value in vars(factories).values()
    if inspect.isclass(value) and issubclass(value, DjangoModelFactory) and value._meta.model
]


@pytest.mark.django_db
@pytest.mark.parametrize("make", FACTORIES, ids=lambda make: make.__name__)
def test_factory_makes_two_valid_objects(make):
    first, second = make(), make()
    for made in (first, second):
        made.full_clean()
    unique_by_key = bool(make._meta.django_get_or_create)
    assert (first == second) is unique_by_key
