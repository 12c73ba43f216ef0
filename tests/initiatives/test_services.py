"""Taking part: who may say so, and that invented and real ones never mix."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from initiatives import services
from initiatives.models import Participation
from regions.models import Source
from tests.factories import InitiativeFactory, OrganisationFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def take_part(**changed):
    values = {
        "initiative": InitiativeFactory(),
        "organisation": OrganisationFactory(),
        "role": Participation.Role.PARTNER,
        "source": SourceFactory(),
        "by": UserFactory(administrator=True),
    } | changed
    return services.take_part(**values), values


def test_it_takes_part():
    organisation = OrganisationFactory(pic="900000001")

    participation, values = take_part(organisation=organisation)

    assert participation.pic == "900000001"
    assert participation.country == organisation.country
    with pytest.raises(ValidationError):
        services.take_part(**values)


def test_only_its_team_and_administrators_may_say_so():
    with pytest.raises(PermissionDenied):
        take_part(by=UserFactory())

    assert not Participation.objects.exists()


@pytest.mark.parametrize("invented", ["initiative", "organisation"])
def test_invented_and_real_never_mix(invented):
    illustrative = SourceFactory(slug="illustrative", standing=Source.Standing.ILLUSTRATIVE)
    changed = {
        "initiative": {"initiative": InitiativeFactory(source=illustrative)},
        "organisation": {"organisation": OrganisationFactory(is_illustrative=True)},
    }[invented]

    with pytest.raises(services.MixesInventedAndReal):
        take_part(**changed)

    assert not Participation.objects.exists()


def test_invented_ones_take_part_together():
    illustrative = SourceFactory(slug="illustrative", standing=Source.Standing.ILLUSTRATIVE)

    take_part(
        initiative=InitiativeFactory(source=illustrative),
        organisation=OrganisationFactory(is_illustrative=True),
    )

    assert Participation.objects.count() == 1
