"""Who in a region holds a segment of the value chain, and who only seems to."""

import pytest

from initiatives.models import Initiative
from matching import dossier
from matching.dossier import Holders
from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    SourceFactory,
    StatementFactory,
)


def covering(world, kind=Initiative.Kind.VALLEY, *, part=None, is_illustrative=False, **given):
    initiative = InitiativeFactory(kind=kind, **given)
    InitiativeRegionFactory(initiative=initiative, region=world.malopolska, **(part or {}))
    InitiativeConceptFactory(
        initiative=initiative,
        concept=world.storage,
        role="covers",
        is_illustrative=is_illustrative,
    )
    return initiative


def held(world):
    return dossier.segments_held(world.malopolska).get(world.storage.pk)


@pytest.mark.parametrize("kind", ["alliance", "network-pilot", "event", "project"])
def test_what_a_wider_body_covers_is_not_held_by_the_region(world, kind):
    covering(world, kind)
    assert held(world) is None


@pytest.mark.parametrize("kind", ["hydrogen-valley", "centre", "working-group"])
def test_what_the_region_takes_part_in_is_held_by_it(world, kind):
    covering(world, kind)
    assert held(world) == Holders(initiatives=1)


def test_illustrative_coverage_initiatives_and_parts_count_apart(world):
    invented = SourceFactory(slug="invented", standing="illustrative")
    covering(world, is_illustrative=True)
    covering(world, source=invented)
    covering(world, part={"source": invented})
    assert held(world) == Holders(illustrative_initiatives=3)

    covering(world)
    assert held(world) == Holders(initiatives=1, illustrative_initiatives=3)


def test_a_segment_held_by_invented_organisations_only_is_a_gap(world):
    for _ in range(2):
        made = OrganisationFactory(home_region=world.malopolska, is_illustrative=True)
        StatementFactory(organisation=made, concept=world.storage, role="offers")
    coverage = {item.segment: item for item in dossier.value_chain_coverage(world.malopolska)}

    assert coverage[world.storage].is_gap
    assert coverage[world.storage].holders == Holders(illustrative_organisations=2)
    assert not coverage[world.transport].is_gap


def test_invented_organisations_are_named_apart_from_the_most_active(world):
    made = OrganisationFactory(home_region=world.malopolska, is_illustrative=True)
    ParticipationFactory(organisation=made)
    most_active, total = dossier.most_active_organisations(world.malopolska)

    assert set(most_active) == {world.lab, world.neighbour}
    assert total == 2
    assert list(dossier.illustrative_organisations(world.malopolska)) == [made]
