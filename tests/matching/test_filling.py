"""Who could fill a gap: exactly ranked, public, not inside yet, and never invented for real."""

import pytest

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion, Participation
from matching import filling, index
from matching.filling import ITSELF, as_profile, holders, participants, who_could_fill
from matching.gaps import coverage_of
from matching.index import in_use
from organisations.models import Organisation, Statement
from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
)


@pytest.fixture
def valley(world):
    """It covers transport and lacks storage, which the maker of Lyon offers."""
    initiative = InitiativeFactory(slug="valley", kind=Initiative.Kind.VALLEY)
    InitiativeConceptFactory(
        initiative=initiative, concept=world.transport, role=InitiativeConcept.Role.COVERS
    )
    return initiative


def filled(initiative):
    initiative = Initiative.objects.select_related("source", "lead").get(pk=initiative.pk)
    concepts = list(initiative.coverage.select_related("concept__vocabulary"))
    return who_could_fill(initiative=initiative, coverage=coverage_of(initiative, concepts))


def named(initiative):
    (gap,) = filled(initiative)
    return [filler.organisation.slug for filler in gap.fillers]


def holder(world, slug, region=None, **given):
    made = OrganisationFactory(slug=slug, home_region=region or world.ara, **given)
    StatementFactory(organisation=made, concept=world.storage)
    return made


def test_a_gap_is_filled_by_who_fits_a_participant_with_the_exact_score(valley, world):
    ParticipationFactory(initiative=valley, organisation=world.lab)
    (gap,) = filled(valley)
    (filler,) = gap.fillers
    match = in_use().match(world.lab.pk, world.maker.pk)
    assert filler.organisation == world.maker
    assert filler.points * 100 == match.score
    assert (filler.match.a, filler.match.b) == (world.lab, world.maker)
    assert filler.why.startswith("Lab of Kraków looks for Storage; Maker of Lyon offers it")
    assert (gap.holders, gap.is_asked) == (1, True)


def test_the_best_of_all_participants_counts(valley, world):
    holder(world, "second")
    index.build()
    strangers = [OrganisationFactory(home_region=RegionFactory()) for _ in range(2)]
    index.build()
    for organisation in (*strangers, world.lab):
        ParticipationFactory(initiative=valley, organisation=organisation)
    (gap,) = filled(valley)
    everybody = [
        max(in_use().match(one.pk, other.pk).score for one in (*strangers, world.lab))
        for other in (world.maker, Organisation.objects.get(slug="second"))
    ]
    assert [int(f.points * 100) for f in gap.fillers] == sorted(everybody, reverse=True)
    assert {f.match.a for f in gap.fillers} == {world.lab}


@pytest.mark.parametrize("status", ["draft", "pending", "archived", "rejected"])
def test_one_that_is_not_public_fills_no_gap(valley, world, status):
    ParticipationFactory(initiative=valley, organisation=world.lab)
    hidden = holder(world, "hidden", status=status)
    index.build()
    assert named(valley) == ["maker"]
    assert holders(valley, [world.storage])[world.storage.pk].organisations == (world.maker.pk,)
    hidden.status = "verified"
    hidden.save()
    index.build()
    assert set(named(valley)) == {"maker", "hidden"}


def test_one_withdrawn_since_the_index_was_built_is_not_named(valley, world):
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    assert named(valley) == []
    ParticipationFactory(initiative=valley, organisation=world.lab)
    assert named(valley) == []


def test_a_hidden_participant_is_not_asked(valley, world):
    ParticipationFactory(initiative=valley, organisation=world.lab)
    Organisation.objects.filter(pk=world.lab.pk).update(status="archived")
    assert participants(valley) == []
    (gap,) = filled(valley)
    assert all(filler.match is None for filler in gap.fillers)


def test_who_takes_part_or_leads_is_not_named(valley, world):
    second = holder(world, "second")
    index.build()
    ParticipationFactory(initiative=valley, organisation=world.lab)
    ParticipationFactory(initiative=valley, organisation=OrganisationFactory())
    assert set(named(valley)) == {"maker", "second"}
    valley.lead = second
    valley.save()
    # what the lead offers is no gap any more
    assert filled(valley) == ()
    assert second.pk not in holders(valley, [world.storage])[world.storage.pk].organisations


def test_an_invented_one_is_not_named_for_a_real_initiative(valley, world):
    holder(world, "invented", is_illustrative=True)
    index.build()
    assert named(valley) == ["maker"]
    valley.source = SourceFactory(slug="example", standing="illustrative")
    valley.save()
    assert named(valley) == ["invented"]


@pytest.mark.parametrize("origin", Statement.Origin)
def test_declared_and_demonstrated_offers_both_fill(valley, world, origin):
    Statement.objects.filter(organisation=world.maker, concept=world.storage).update(origin=origin)
    assert named(valley) == ["maker"]


def test_an_initiative_without_known_participants_asks_by_itself(valley, world):
    InitiativeRegionFactory(
        initiative=valley, region=world.malopolska, role=InitiativeRegion.Role.LEAD
    )
    (gap,) = filled(valley)
    (filler,) = gap.fillers
    assert filler.organisation == world.maker
    assert filler.match is None
    assert filler.points > 0
    assert "next to one that the initiative covers" in filler.why


def test_its_own_home_region_is_that_which_leads_it(valley, world):
    for region, role in (
        (world.ara, InitiativeRegion.Role.PARTNER),
        (world.malopolska, InitiativeRegion.Role.LEAD),
    ):
        InitiativeRegionFactory(initiative=valley, region=region, role=role)
    concepts = list(valley.coverage.select_related("concept__vocabulary"))
    profile = as_profile(valley, coverage_of(valley, concepts))
    assert (profile.id, profile.home) == (ITSELF, world.malopolska.pk)
    assert set(profile.needs) == {world.storage.pk}
    assert set(profile.segments) == {world.transport.pk}


def test_one_without_a_region_is_matched_everywhere(valley, world):
    assert named(valley) == ["maker"]


def test_past_partners_of_all_participants_are_not_named(valley, world):
    project = InitiativeFactory()
    for organisation in (world.lab, world.maker):
        ParticipationFactory(initiative=project, organisation=organisation)
    index.build()
    ParticipationFactory(initiative=valley, organisation=world.lab)
    (gap,) = filled(valley)
    assert gap.fillers == ()
    assert (gap.holders, gap.is_asked) == (1, True)


def test_participants_are_asked_the_lead_and_the_coordinator_first(valley, world):
    ParticipationFactory(initiative=valley, organisation=world.lab)
    ParticipationFactory(
        initiative=valley, organisation=world.other, role=Participation.Role.COORDINATOR
    )
    valley.lead = world.institute
    assert participants(valley) == [world.institute.pk, world.other.pk, world.lab.pk]


def test_no_more_than_a_few_participants_are_asked(valley, world, monkeypatch):
    monkeypatch.setattr(filling, "MOST_ASKED", 1)
    ParticipationFactory(initiative=valley, organisation=world.lab)
    ParticipationFactory(
        initiative=valley, organisation=world.institute, role=Participation.Role.COORDINATOR
    )
    (gap,) = filled(valley)
    assert world.lab not in {filler.match.a for filler in gap.fillers}


def test_a_gap_that_nobody_offers_is_told_and_not_asked(valley, world):
    Statement.objects.filter(concept=world.storage, role=Statement.Role.OFFERS).delete()
    (gap,) = filled(valley)
    assert (gap.holders, gap.is_asked, gap.fillers) == (0, False, ())
