"""What an initiative covers, what its participants hold, and what is missing beside it."""

import datetime

import pytest

from initiatives.models import Initiative, InitiativeConcept
from matching.gaps import coverage_of
from organisations.models import Organisation, Statement
from regions.chain_segments import State
from regions.models import ConceptRelation
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    StatementFactory,
    VocabularyFactory,
)


@pytest.fixture
def chain(db):
    vocabulary = VocabularyFactory(scheme="hydrogen-value-chain")

    def segment(code, position, broader=None):
        return ConceptFactory(
            vocabulary=vocabulary, code=code, label=code, broader=broader, position=position
        )

    made = {"production": segment("production", 1)}
    made["electrolysis"] = segment("electrolysis", 2, made["production"])
    made["biomass"] = segment("biomass", 3, made["production"])
    made["storage"] = segment("storage", 4)
    made["transport"] = segment("transport", 5)
    made["refuelling"] = segment("refuelling", 6)
    for one, other, weight in (
        ("electrolysis", "storage", 3),
        ("biomass", "storage", 3),
        ("storage", "transport", 5),
        ("transport", "refuelling", 3),
        ("electrolysis", "refuelling", 1),
        ("production", "storage", 2),
        ("storage", "refuelling", 2),
    ):
        ConceptRelationFactory(
            kind=ConceptRelation.Kind.NEIGHBOUR,
            source=made[one],
            target=made[other],
            weight=weight,
            reason=f"{one} and {other}",
        )
    return made


@pytest.fixture
def valley(chain):
    return InitiativeFactory(kind=Initiative.Kind.VALLEY)


def covers(initiative, concept, **given):
    role = given.pop("role", InitiativeConcept.Role.COVERS)
    return InitiativeConceptFactory(initiative=initiative, concept=concept, role=role, **given)


def found(initiative):
    rows = initiative.coverage.select_related("concept__vocabulary")
    return coverage_of(initiative, list(rows))


def codes(initiative):
    return [gap.concept.code for gap in found(initiative).gaps]


def state_of(initiative, code):
    return {row.concept.code: row.state for row in found(initiative).chain}.get(code)


def test_gaps_are_the_neighbours_of_what_is_covered_the_closest_first(valley, chain):
    covers(valley, chain["storage"])
    assert codes(valley) == ["transport", "electrolysis", "biomass"]
    gap = found(valley).gaps[0]
    assert [(n.segment.code, n.reason) for n in gap.beside] == [
        ("storage", "storage and transport")
    ]
    assert state_of(valley, "storage") == State.COVERED
    assert state_of(valley, "transport") == State.UNDECLARED
    assert state_of(valley, "refuelling") == State.BEYOND


def test_a_gap_is_one_only_where_somebody_who_takes_part_has_declared_anything(valley, chain):
    covers(valley, chain["storage"])
    assert not found(valley).is_declared
    member = ParticipationFactory(initiative=valley).organisation
    StatementFactory(organisation=member, concept=chain["storage"])
    assert found(valley).is_declared
    assert state_of(valley, "transport") == State.GAP


def test_several_weak_ties_make_a_gap_and_one_does_not(valley, chain):
    covers(valley, chain["electrolysis"])
    assert "refuelling" not in codes(valley)
    covers(valley, chain["storage"])
    assert "refuelling" in codes(valley)


def test_a_stage_covered_as_a_whole_leaves_no_gap_inside_it(valley, chain):
    covers(valley, chain["production"])
    covers(valley, chain["storage"])
    assert codes(valley) == ["transport"]
    item = next(row for row in found(valley).chain if row.concept.code == "production")
    assert item.is_whole
    assert item.state == State.COVERED
    inside = next(row for row in found(valley).chain if row.concept.code == "biomass")
    assert (inside.state, inside.words) == (State.BEYOND, "not named by itself")


def test_a_stage_is_a_gap_as_a_whole_only_where_no_part_of_it_speaks(valley, chain):
    ConceptRelation.objects.filter(target=chain["storage"], weight=3).delete()
    ConceptRelation.objects.filter(source=chain["production"]).update(weight=3)
    covers(valley, chain["storage"])
    assert codes(valley) == ["transport", "production"]
    covers(valley, chain["biomass"])
    assert "production" not in codes(valley)


def test_what_a_participant_offers_is_held_and_no_gap(valley, chain):
    covers(valley, chain["storage"])
    member = ParticipationFactory(initiative=valley).organisation
    for origin in Statement.Origin:
        StatementFactory(organisation=member, concept=chain["transport"], origin=origin)
    assert "transport" not in codes(valley)
    item = next(row for row in found(valley).chain if row.concept.code == "transport")
    assert (item.state, item.words) == (State.HELD, "1 participant")


def test_what_the_lead_offers_is_held(valley, chain):
    covers(valley, chain["storage"])
    valley.lead = OrganisationFactory()
    StatementFactory(organisation=valley.lead, concept=chain["transport"])
    assert "transport" not in codes(valley)


@pytest.mark.parametrize(
    ("status", "role", "valid_until"),
    [
        (Organisation.Status.DRAFT, Statement.Role.OFFERS, None),
        (Organisation.Status.ARCHIVED, Statement.Role.OFFERS, None),
        (Organisation.Status.VERIFIED, Statement.Role.NEEDS, None),
        (Organisation.Status.VERIFIED, Statement.Role.OFFERS, datetime.date(2020, 1, 1)),
    ],
)
def test_what_is_hidden_needed_or_expired_fills_nothing(valley, chain, status, role, valid_until):
    covers(valley, chain["storage"])
    member = ParticipationFactory(initiative=valley, organisation__status=status).organisation
    StatementFactory(
        organisation=member, concept=chain["transport"], role=role, valid_until=valid_until
    )
    assert "transport" in codes(valley)


def test_a_gap_beside_illustrative_coverage_alone_is_illustrative(valley, chain):
    covers(valley, chain["storage"], is_illustrative=True)
    assert all(gap.is_illustrative for gap in found(valley).gaps)
    assert not found(valley).is_partly_illustrative
    covers(valley, chain["electrolysis"])
    assert found(valley).is_partly_illustrative
    beside = {gap.concept.code: gap for gap in found(valley).gaps}
    assert not beside["refuelling"].is_illustrative
    assert beside["transport"].is_illustrative


@pytest.mark.parametrize(
    ("kind", "expected"), [(Initiative.Kind.PROJECT, ["lasers"]), (Initiative.Kind.VALLEY, [])]
)
def test_a_project_calls_for_the_technologies_it_is_about(chain, kind, expected):
    initiative = InitiativeFactory(kind=kind)
    technologies = VocabularyFactory(scheme="advanced-technologies")
    lasers = ConceptFactory(vocabulary=technologies, code="lasers")
    robots = ConceptFactory(vocabulary=technologies, code="robots")
    for concept in (lasers, robots, ConceptFactory(code="a-theme")):
        covers(initiative, concept, role=InitiativeConcept.Role.TOPIC)
    member = ParticipationFactory(initiative=initiative).organisation
    StatementFactory(organisation=member, concept=robots)
    assert codes(initiative) == expected


def test_an_initiative_without_any_data_has_no_gap(valley):
    nothing = found(valley)
    assert nothing.gaps == ()
    assert {row.state for row in nothing.chain} == {State.BEYOND}
