"""What a region lacks of the value chain, and which neighbours have it."""

import pytest

from matching.dossier import value_chain_coverage
from matching.next_door import chain_around
from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    RegionNeighbourFactory,
    SourceFactory,
    StatementFactory,
)


@pytest.fixture
def around(world):
    """Berlin, which holds nothing, with the borders of Małopolska and Auvergne-Rhône-Alpes."""
    for neighbour in (world.malopolska, world.ara):
        RegionNeighbourFactory(region=world.berlin, neighbour=neighbour)
    return world


def chain_of(region):
    return chain_around(region, value_chain_coverage(region))


def storage_of(region):
    (found,) = (row for row in chain_of(region).segments if row.coverage.segment.code == "storage")
    return found


def cover(world, region, kind="hydrogen-valley", *, part=None, is_illustrative=False, **given):
    initiative = InitiativeFactory(kind=kind, **given)
    InitiativeRegionFactory(initiative=initiative, region=region, **(part or {}))
    InitiativeConceptFactory(
        initiative=initiative, concept=world.storage, role="covers", is_illustrative=is_illustrative
    )
    return initiative


def test_a_gap_names_the_neighbours_who_hold_it(around):
    storage = storage_of(around.berlin)
    assert (storage.state, storage.note) == ("near", "Auvergne-Rhône-Alpes")
    assert [(near.region, near.holders) for near in storage.next_door] == [(around.ara, 1)]


def test_the_neighbour_with_most_holders_comes_first(around):
    for _ in range(2):
        held = OrganisationFactory(home_region=around.malopolska)
        StatementFactory(organisation=held, concept=around.storage, role="offers")
    cover(around, around.malopolska)
    storage = storage_of(around.berlin)
    assert storage.note == "2 neighbours"
    first = storage.next_door[0]
    assert (first.region, first.initiatives, first.organisations) == (around.malopolska, 1, 2)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "alliance"},
        {"kind": "event"},
        {"is_illustrative": True},
        {"invented": "source"},
        {"invented": "part"},
    ],
)
def test_nothing_invented_and_no_wider_body_is_held_next_door(around, given):
    invented = given.pop("invented", "")
    source = SourceFactory(slug="invented", standing="illustrative")
    if invented == "source":
        given["source"] = source
    cover(around, around.malopolska, part={"source": source} if invented == "part" else {}, **given)
    made = OrganisationFactory(home_region=around.malopolska, is_illustrative=True)
    StatementFactory(organisation=made, concept=around.storage, role="offers")
    draft = OrganisationFactory(home_region=around.malopolska, status="draft")
    StatementFactory(organisation=draft, concept=around.storage, role="offers")

    assert [near.region for near in storage_of(around.berlin).next_door] == [around.ara]
    assert storage_of(around.malopolska).initiatives == ()


def test_what_is_held_here_names_its_initiatives(around):
    valley = cover(around, around.berlin)
    storage = storage_of(around.berlin)
    assert (storage.state, storage.note) == ("here", "held by 1")
    assert storage.initiatives == (valley,)
    assert storage.box.is_held


def test_the_link_to_who_offers_a_segment_finds_just_these(around, anonymous):
    offers = OrganisationFactory(home_region=around.berlin, name="Offers it")
    needs = OrganisationFactory(home_region=around.berlin, name="Needs it")
    invented = OrganisationFactory(home_region=around.berlin, is_illustrative=True)
    elsewhere = OrganisationFactory(home_region=around.ara)
    for organisation, role in (
        (offers, "offers"),
        (needs, "needs"),
        (invented, "offers"),
        (elsewhere, "offers"),
    ):
        StatementFactory(organisation=organisation, concept=around.storage, role=role)
    # offers something else, and only needs this
    StatementFactory(organisation=needs, role="offers")
    page = anonymous.get(storage_of(around.berlin).organisations_url)
    assert page.context["unknown"] == []
    assert [result.row for result in page.context["results"]] == [offers]


def test_an_example_fills_no_gap_and_a_neighbour_tells_more_than_an_example(around):
    for region in (around.malopolska, around.berlin):
        made = OrganisationFactory(home_region=region, is_illustrative=True)
        StatementFactory(organisation=made, concept=around.storage, role="offers")
    assert storage_of(around.malopolska).state == "example"
    assert storage_of(around.berlin).state == "near"


def test_every_segment_is_counted_once_in_the_legend_and_the_label(around):
    chain = chain_of(around.berlin)
    assert sum(chain.counts.values()) == len(chain.segments) == 2
    assert chain.have_borders
    assert all(meaning in chain.label for _state, meaning in chain.legend)


def test_without_neighbours_nothing_is_near(world):
    chain = chain_of(world.berlin)
    assert {segment.state for segment in chain.segments} == {"absent"}
    assert not chain.has_holders
    assert [segment.href for segment in chain.boxes] == ["", ""]


def test_the_nearest_of_an_island_have_no_border(world):
    RegionNeighbourFactory(region=world.berlin, neighbour=world.ara, km=120)
    assert not chain_of(world.berlin).have_borders


def test_a_region_in_which_nobody_has_declared_anything_has_no_gaps(around, anonymous):
    found = chain_of(around.berlin)
    assert found.is_silent
    assert ("near", "not declared here yet, held next door: 2") in found.legend
    page = anonymous.get(around.berlin.get_absolute_url()).content.decode()
    assert "Nobody in Berlin has declared a segment yet" in page
    assert '<span class="gap">not declared yet</span>' in page
    assert '<span class="gap">gap</span>' not in page


def test_where_one_segment_is_declared_the_others_are_gaps(around, anonymous):
    held = OrganisationFactory(home_region=around.berlin)
    StatementFactory(organisation=held, concept=around.transport, role="offers")
    found = chain_of(around.berlin)
    assert not found.is_silent
    assert ("near", "missing here, held next door: 1") in found.legend
    page = anonymous.get(around.berlin.get_absolute_url()).content.decode()
    assert '<span class="gap">gap</span>' in page
