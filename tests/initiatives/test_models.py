"""What the database holds: one valid object, and one refusal for each broken direction."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeFigureFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    SourceFactory,
    StatementEvidenceFactory,
)

pytestmark = pytest.mark.django_db
EARLY, LATE = date(2020, 1, 1), date(2020, 12, 31)


@pytest.mark.parametrize(
    ("start", "end"), [(EARLY, LATE), (EARLY, EARLY), (EARLY, None), (None, LATE), (None, None)]
)
def test_valid_periods(start, end):
    InitiativeFactory(start_date=start, end_date=end)


@pytest.mark.parametrize("field", ["start_date", "end_date"])
@pytest.mark.parametrize("day", [date(202, 6, 1), date(1949, 12, 31), date(2101, 1, 1)])
def test_a_date_that_is_not_of_our_time_is_refused(field, day):
    initiative = InitiativeFactory.build(source=SourceFactory())
    initiative.start_date = initiative.end_date = None
    setattr(initiative, field, day)
    with pytest.raises(ValidationError) as refused:
        initiative.full_clean()
    assert field in refused.value.message_dict


def test_an_end_before_the_start_is_refused():
    with pytest.raises(IntegrityError, match="initiative_ends_after_start"):
        InitiativeFactory(start_date=LATE, end_date=EARLY)


@pytest.mark.parametrize(("field", "value"), [("slug", "one"), ("rcn", 1001), ("grant_id", 643001)])
def test_an_initiative_is_known_once(field, value):
    InitiativeFactory(**{field: value})
    InitiativeFactory()

    with pytest.raises(IntegrityError, match=field):
        InitiativeFactory(**{field: value})


@pytest.mark.parametrize(
    "values",
    [
        {"pic": "", "name": ""},
        {"organisation": None, "pic": "999844573", "name": ""},
        {"organisation": None, "pic": "", "name": "Known by name"},
    ],
)
def test_valid_participations(values):
    ParticipationFactory(**values)


def test_a_participation_of_nobody_is_refused():
    with pytest.raises(IntegrityError, match="participation_has_participant"):
        ParticipationFactory(organisation=None, pic="", name="")


def test_an_organisation_takes_part_once():
    first = ParticipationFactory()
    ParticipationFactory(initiative=first.initiative)

    with pytest.raises(IntegrityError, match="participation_organisation_unique"):
        ParticipationFactory(initiative=first.initiative, organisation=first.organisation)


def test_a_pic_takes_part_once_and_names_alone_may_repeat():
    initiative = InitiativeFactory()
    for _ in range(2):
        ParticipationFactory(initiative=initiative, organisation=None, pic="", name="A name")
    ParticipationFactory(initiative=initiative, organisation=None, pic="999844573")

    with pytest.raises(IntegrityError, match="participation_pic_unique"):
        ParticipationFactory(
            initiative=initiative, organisation=OrganisationFactory(), pic="999844573"
        )


def test_a_figure_without_a_year_is_still_recorded_once():
    first = InitiativeFigureFactory(year=None)
    InitiativeFigureFactory(initiative=first.initiative, label=first.label, year=2020)

    with pytest.raises(IntegrityError, match="initiative_figure_unique"):
        InitiativeFigureFactory(initiative=first.initiative, label=first.label, year=None)


@pytest.mark.parametrize(
    ("factory", "names", "constraint"),
    [
        (InitiativeRegionFactory, ("initiative", "region"), "initiative_region_unique"),
        (InitiativeConceptFactory, ("initiative", "concept", "role"), "initiative_concept_unique"),
        (StatementEvidenceFactory, ("statement", "initiative"), "statement_evidence_unique"),
    ],
)
def test_the_same_fact_only_once(factory, names, constraint):
    first = factory()
    factory(**{names[0]: getattr(first, names[0])})

    with pytest.raises(IntegrityError, match=constraint):
        factory(**{name: getattr(first, name) for name in names})
