"""Statements and places: who may write them, and what they must hold."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations import services
from organisations.models import Statement, TeamMember
from tests.factories import (
    ConceptFactory,
    NutsUnitFactory,
    OrganisationFactory,
    TeamMemberFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def editor(organisation):
    return TeamMemberFactory(organisation=organisation, role=TeamMember.Role.EDITOR).user


def test_an_editor_declares(organisation, editor):
    statement = services.add_statement(
        organisation=organisation,
        concept=ConceptFactory(),
        role=Statement.Role.NEEDS,
        by=editor,
        weight=3,
        trl_from=4,
        trl_to=6,
        valid_until=date(2030, 1, 1),
    )

    assert statement.origin == Statement.Origin.DECLARED
    assert Statement.objects.get() == statement


@pytest.mark.parametrize(
    "changed", [{"weight": 4}, {"weight": 0}, {"trl_from": 6, "trl_to": 4}, {"trl_from": 6}]
)
def test_what_a_statement_cannot_hold_is_refused(organisation, editor, changed):
    with pytest.raises(ValidationError):
        services.add_statement(
            organisation=organisation,
            concept=ConceptFactory(),
            role=Statement.Role.OFFERS,
            by=editor,
            **changed,
        )

    assert not Statement.objects.exists()


def test_the_same_statement_twice_is_refused(organisation, editor):
    values = {
        "organisation": organisation,
        "concept": ConceptFactory(),
        "role": Statement.Role.OFFERS,
        "by": editor,
    }
    services.add_statement(**values)

    with pytest.raises(ValidationError, match="states this already"):
        services.add_statement(**values)


def test_strangers_and_viewers_may_not_write(organisation):
    viewer = TeamMemberFactory(organisation=organisation, role=TeamMember.Role.VIEWER).user
    for user in (viewer, UserFactory()):
        with pytest.raises(PermissionDenied):
            services.add_statement(
                organisation=organisation,
                concept=ConceptFactory(),
                role=Statement.Role.OFFERS,
                by=user,
            )
        with pytest.raises(PermissionDenied):
            services.set_place(organisation=organisation, nuts3=None, by=user)


def test_the_home_region_follows_the_place(organisation, editor):
    unit = NutsUnitFactory(latitude=45.75, longitude=4.85)

    moved = services.set_place(organisation=organisation, nuts3=unit, city="Lyon", by=editor)

    moved.refresh_from_db()
    assert (moved.nuts3, moved.home_region, moved.city) == (unit, unit.home_region, "Lyon")
    assert (moved.latitude, moved.longitude) == (45.75, 4.85)


def test_an_unknown_place_has_no_region(organisation, editor):
    moved = services.set_place(organisation=organisation, nuts3=None, by=editor)

    moved.refresh_from_db()
    assert (moved.nuts3, moved.home_region, moved.latitude) == (None, None, None)


def test_a_larger_unit_is_no_seat(organisation, editor):
    with pytest.raises(ValueError, match="level 3"):
        services.set_place(
            organisation=organisation, nuts3=NutsUnitFactory(level=2, home_region=None), by=editor
        )
