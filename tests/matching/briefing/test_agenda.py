"""Which topics a meeting of two regions is suggested, and how strongly."""

import pytest

from matching import index
from matching.briefing import briefing
from matching.briefing.agenda import MOST, PER_KIND, strength
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    PriorityFactory,
    RegionFactory,
    SourceFactory,
    StatementFactory,
)
from tests.matching.conftest import project


def agenda(a, b, pairs=10):
    return briefing(a=a, b=b, pairs=pairs).agenda


def of_kind(topics, kind):
    return [topic for topic in topics if topic.kind == kind]


def test_each_topic_says_why_and_whom_to_bring(world, valley):
    topics = agenda(world.malopolska, world.ara)

    (priority,) = of_kind(topics, "priority")
    assert priority.title == "Shared priority: Green transition"
    assert "2 organisations in Małopolska, 2 organisations in Auvergne" in priority.reason
    assert priority.strength == strength(30, 30, 2, 3) == 42
    assert (world.lab, world.maker) in [(match.a, match.b) for match in priority.pairs]

    (hand_over,) = of_kind(topics, "hand-over")
    assert hand_over.title in (
        "Hand-over: Storage in Auvergne-Rhône-Alpes, Transport in Małopolska",
        "Hand-over: Transport in Małopolska, Storage in Auvergne-Rhône-Alpes",
    )
    assert [(match.a, match.b) for match in hand_over.pairs] == [(world.lab, world.maker)]

    (joining,) = of_kind(topics, "open-initiative")
    assert joining.initiative == valley.initiative
    assert joining.title == "Auvergne-Rhône-Alpes could join Open valley"
    assert world.maker in joining.organisations
    assert [topic.strength for topic in topics] == sorted(
        (topic.strength for topic in topics), reverse=True
    )


def test_joint_projects_and_networks_make_topics(world):
    topics = agenda(world.malopolska, world.berlin)
    (history,) = of_kind(topics, "history")
    assert (
        history.reason == f"1 joint project so far, the latest of them {world.projects[0]} (2016)."
    )
    assert history.organisations == (world.lab, world.institute)
    (network,) = of_kind(topics, "network")
    assert network.title == "Work together in Vanguard Initiative"
    assert [topic.kind for topic in topics] == ["history", "network"]


def test_more_joint_projects_make_a_stronger_topic(world):
    (before,) = of_kind(agenda(world.malopolska, world.berlin), "history")
    for year in (2018, 2019):
        project(year, world.neighbour, world.institute)
    (after,) = of_kind(agenda(world.malopolska, world.berlin), "history")
    assert before.strength < after.strength < 70


@pytest.mark.parametrize(("status", "kinds"), [("running", ["common"]), ("completed", [])])
def test_what_both_are_in_is_a_topic_while_it_lasts(world, status, kinds):
    new, other = RegionFactory(), RegionFactory()
    made = InitiativeFactory(kind="alliance", status=status, start_date=None, end_date=None)
    for region in (new, other):
        InitiativeRegionFactory(initiative=made, region=region)
    assert [topic.kind for topic in agenda(new, other)] == kinds


def test_the_order_of_the_regions_changes_no_topic(world, valley):
    for _ in range(3):
        concept = ConceptFactory()
        for region in (world.malopolska, world.ara):
            PriorityFactory(region=region, concept=concept)

    def told(topics):
        return [
            (
                topic.kind,
                topic.title,
                topic.strength,
                topic.initiative,
                set(topic.organisations),
                [{match.a, match.b} for match in topic.pairs],
            )
            for topic in topics
        ]

    there, back = agenda(world.malopolska, world.ara), agenda(world.ara, world.malopolska)
    assert told(there) == told(back)
    assert len(of_kind(there, "priority")) == PER_KIND


def test_no_more_topics_than_a_meeting_has_time_for(world, valley):
    network = world.berlin.networks.get()
    NetworkMembershipFactory(network=network, region=world.ara)
    project(2018, world.neighbour, world.other)
    for number in range(3):
        made = InitiativeFactory(kind="alliance", status="running", start_date=None, end_date=None)
        for region in (world.malopolska, world.ara):
            InitiativeRegionFactory(initiative=made, region=region)
        concept = ConceptFactory(label=f"Priority {number}")
        for region in (world.malopolska, world.ara):
            PriorityFactory(region=region, concept=concept)
    found = briefing(a=world.malopolska, b=world.ara)
    assert len(found.agenda) == MOST
    assert not found.is_agenda_short


def test_what_rests_on_the_invented_comes_last_and_once(world):
    guess = SourceFactory(slug="guess", standing="illustrative")
    for _ in range(2):
        concept = ConceptFactory()
        for region in (world.malopolska, world.ara):
            PriorityFactory(region=region, concept=concept, source=guess)
    topics = agenda(world.malopolska, world.ara)
    assert [topic.is_illustrative for topic in topics] == [False] * (len(topics) - 1) + [True]


def test_invented_organisations_make_no_priority_stronger(world):
    (before,) = of_kind(agenda(world.malopolska, world.ara), "priority")
    for region in (world.malopolska, world.ara):
        made = OrganisationFactory(home_region=region, is_illustrative=True)
        StatementFactory(organisation=made, concept=world.green, role="interested")
    (after,) = of_kind(agenda(world.malopolska, world.ara), "priority")
    assert after.strength == before.strength


def test_a_narrower_wording_counts_for_its_area(world):
    wording = ConceptFactory()
    ConceptRelationFactory(kind="theme", source=wording, target=world.green)
    (before,) = of_kind(agenda(world.malopolska, world.ara), "priority")
    for region in (world.malopolska, world.ara):
        made = OrganisationFactory(home_region=region)
        StatementFactory(organisation=made, concept=wording, role="offers")
    (after,) = of_kind(agenda(world.malopolska, world.ara), "priority")
    assert after.strength > before.strength


def test_nothing_known_makes_no_topic(db, index_folder):
    index.build()
    found = briefing(a=RegionFactory(), b=RegionFactory())
    assert (found.agenda, found.is_agenda_short) == ((), True)


def test_who_could_join_for_a_segment_is_one_who_offers_it(world, valley):
    """The maker offers storage; another takes part in the talks, but holds nothing of the chain."""
    other = OrganisationFactory(home_region=world.ara, status="verified")
    StatementFactory(organisation=other, concept=world.transport, role="interested")
    (joining,) = of_kind(agenda(world.malopolska, world.ara), "open-initiative")
    assert joining.organisations == (world.maker,)
