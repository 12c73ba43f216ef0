"""The dossier of a cluster: members by segment, themes, sectors, and sister clusters."""

import datetime
import re

import pytest

from matching import cluster_dossier, index
from matching.cluster_dossier import dossier_of
from matching.sisters import sister_clusters
from organisations.models import Organisation, Statement
from regions.chain_segments import State
from tests.factories import (
    ClusterMembershipFactory,
    ConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    SectorFactory,
    StatementFactory,
    VocabularyFactory,
)
from tests.matching.test_initiative_page import words

CLUSTER = Organisation.Kind.CLUSTER
DOSSIER = "/organisations/our-cluster/dossier/"
MEMBERS = DOSSIER + "members/"


@pytest.fixture
def cluster(world):
    made = OrganisationFactory(
        slug="our-cluster", name="Our cluster", kind=CLUSTER, home_region=world.malopolska
    )
    return made


def member(cluster, *concepts, role=Statement.Role.OFFERS, **given):
    made = OrganisationFactory(**given)
    ClusterMembershipFactory(cluster=cluster, member=made)
    for concept in concepts:
        StatementFactory(organisation=made, concept=concept, role=role)
    return made


def sister(world, slug, *concepts, region=None, **given):
    made = OrganisationFactory(
        slug=slug, name=slug, kind=CLUSTER, home_region=region or world.ara, **given
    )
    if concepts:
        member(made, *concepts)
    return made


def segments(cluster):
    return {row.segment.code: row for row in dossier_of(cluster).segments}


def test_members_count_once_in_each_segment_they_offer(cluster, world):
    both = member(cluster, world.storage, world.transport)
    StatementFactory(
        organisation=both, concept=world.storage, origin=Statement.Origin.DEMONSTRATED, weight=3
    )
    member(cluster, world.storage)
    found = segments(cluster)
    assert {code: row.count for code, row in found.items()} == {"storage": 2, "transport": 1}
    assert found["storage"].first[0] == both


@pytest.mark.parametrize(
    "given",
    [
        {"status": "draft"},
        {"status": "archived"},
        {"role": Statement.Role.NEEDS},
        {"role": Statement.Role.INTERESTED},
    ],
)
def test_what_is_hidden_or_not_offered_does_not_count(cluster, world, given):
    member(cluster, world.storage, **given)
    assert segments(cluster) == {}


def test_what_has_expired_does_not_count(cluster, world):
    member(cluster, world.storage)
    Statement.objects.update(valid_until=datetime.date(2020, 1, 1))
    assert segments(cluster) == {}


def test_what_the_cluster_itself_offers_is_told_apart(cluster, world):
    StatementFactory(organisation=cluster, concept=world.storage)
    row = segments(cluster)["storage"]
    assert (row.count, row.is_own) == (0, True)
    item = next(row for row in dossier_of(cluster).chain if row.concept == world.storage)
    assert (item.state, item.words) == (State.COVERED, "the cluster itself")


def test_what_nobody_offers_is_lacking(cluster, world):
    member(cluster, world.storage)
    assert dossier_of(cluster).lacking == (world.transport,)


def test_themes_and_sectors_are_counted_by_members(cluster, world):
    sector = ConceptFactory(vocabulary=VocabularyFactory(scheme="nace"), code="C28")
    for _ in range(2):
        one = member(cluster, world.green, role=Statement.Role.INTERESTED)
    SectorFactory(organisation=one, concept=sector)
    SectorFactory(organisation=member(cluster, status="draft"), concept=sector)
    dossier = dossier_of(cluster)
    assert [(row.concept, row.count) for row in dossier.themes] == [(world.green, 2)]
    assert [(row.concept, row.count) for row in dossier.sectors] == [(sector, 1)]


def test_sister_clusters_come_with_exact_scores_and_shared_segments(cluster, world):
    member(cluster, world.storage)
    there = sister(world, "there", world.storage, world.transport)
    for one in (cluster, there):
        StatementFactory(organisation=one, concept=world.green, role=Statement.Role.INTERESTED)
    index.build()
    (found,) = sister_clusters(cluster=cluster).found
    assert found.cluster == there
    assert found.match.score * 100 == index.in_use().match(cluster.pk, there.pk).score
    assert found.sentence
    assert (found.shared, found.theirs) == ((world.storage,), (world.transport,))


def test_what_members_share_decides_among_equal_scores(cluster, world):
    member(cluster, world.storage)
    first, second = sister(world, "first"), sister(world, "second", world.storage)
    for one in (cluster, first, second):
        StatementFactory(organisation=one, concept=world.green, role=Statement.Role.INTERESTED)
    index.build()
    found = sister_clusters(cluster=cluster).found
    assert [one.cluster for one in found] == [second, first]
    assert found[0].match.score == found[1].match.score


def test_a_cluster_that_only_shares_segments_has_no_score(cluster, world):
    member(cluster, world.storage)
    far = sister(world, "far", world.storage, region=RegionFactory())
    index.build()
    (found,) = sister_clusters(cluster=cluster).found
    assert (found.cluster, found.match, found.sentence) == (far, None, "")


@pytest.mark.parametrize(
    "given",
    [
        {"status": "draft"},
        {"status": "archived"},
        {"is_illustrative": True},
        {"region": "own"},
    ],
)
def test_no_hidden_invented_or_neighbouring_cluster_is_a_sister(cluster, world, given):
    member(cluster, world.storage)
    if given.get("region") == "own":
        given = {"region": world.malopolska}
    there = sister(world, "there", world.storage, **given)
    for one in (cluster, there):
        StatementFactory(organisation=one, concept=world.green, role=Statement.Role.INTERESTED)
    index.build()
    assert sister_clusters(cluster=cluster).found == ()


def test_one_withdrawn_since_the_build_is_no_sister(cluster, world):
    member(cluster, world.storage)
    there = sister(world, "there", world.storage)
    for one in (cluster, there):
        StatementFactory(organisation=one, concept=world.green, role=Statement.Role.INTERESTED)
    index.build()
    Organisation.objects.filter(pk=there.pk).update(status="archived")
    assert sister_clusters(cluster=cluster).found == ()


def test_clusters_that_worked_together_are_no_sisters(cluster, world):
    member(cluster, world.storage)
    there = sister(world, "there", world.storage)
    project = InitiativeFactory()
    for one in (cluster, there):
        ParticipationFactory(initiative=project, organisation=one)
    index.build()
    assert sister_clusters(cluster=cluster).found == ()


def test_the_dossier_names_a_few_members_and_leads_to_all(anonymous, cluster, world, monkeypatch):
    monkeypatch.setattr(cluster_dossier, "MEMBERS_SHOWN", 2)
    for number in range(3):
        member(cluster, world.storage, name=f"Tank maker {number}")
    index.build()
    page = anonymous.get(DOSSIER)
    said = words(page)
    assert "Tank maker 1" in said
    assert "Tank maker 2" not in said
    assert "All 3 who offer Storage" in said
    link = re.search(r'href="([^"]+)">All 3 who', page.content.decode())[1].replace("&amp;", "&")
    members = anonymous.get(link)
    assert [row.name for row in members.context["page_obj"]] == [
        f"Tank maker {number}" for number in range(3)
    ]


def test_the_list_of_members_is_paged_and_hides_what_is_not_public(anonymous, cluster):
    for number in range(30):
        member(cluster, name=f"Member {number:02}")
    member(cluster, name="Hidden", status="draft")
    first, second = anonymous.get(MEMBERS), anonymous.get(MEMBERS, {"page": 2})
    assert first.context["page_obj"].paginator.count == 30
    assert [row.name for row in second.context["page_obj"]] == [
        f"Member {number}" for number in range(25, 30)
    ]
    assert anonymous.get(MEMBERS, {"concept": "x"}).status_code == 400
    assert anonymous.get(MEMBERS, {"page": 9}).status_code == 404


@pytest.mark.parametrize("address", [DOSSIER, MEMBERS])
def test_a_hidden_cluster_is_not_found(anonymous, stranger, administrator, cluster, address):
    Organisation.objects.filter(pk=cluster.pk).update(status="draft")
    assert anonymous.get(address).status_code == 404
    assert stranger.get(address).status_code == 404
    assert administrator.get(address).status_code == 200


@pytest.mark.parametrize("path", ["dossier/", "dossier/members/"])
def test_only_clusters_have_one(anonymous, world, path):
    assert anonymous.get(f"/organisations/lab/{path}").status_code == 404


def test_a_cluster_without_anything_says_so(anonymous, cluster):
    said = words(anonymous.get(DOSSIER))
    assert "No members on record" in said
    assert "0 members" in words(anonymous.get(MEMBERS))


def test_without_an_index_the_members_are_shown_all_the_same(
    anonymous, cluster, world, settings, tmp_path
):
    member(cluster, world.storage, name="Tank maker")
    settings.MATCH_INDEX_DIR = tmp_path / "none"
    said = words(anonymous.get(DOSSIER))
    assert "Tank maker" in said
    assert "Suggestions are being prepared" in said


def test_the_dossier_costs_the_same_for_few_and_many(anonymous, cluster, world, connection_queries):
    def grow(number):
        for _ in range(number):
            one = member(cluster, world.storage, world.transport)
            StatementFactory(organisation=one, concept=world.green, role="interested")
            SectorFactory(organisation=one)
            there = sister(world, f"sister-{Organisation.objects.count()}", world.storage)
            StatementFactory(organisation=there, concept=world.green, role="interested")
        index.build()

    StatementFactory(organisation=cluster, concept=world.green, role="interested")
    grow(2)
    few = [connection_queries(anonymous, address) for address in (DOSSIER, MEMBERS)]
    grow(20)
    assert [connection_queries(anonymous, address) for address in (DOSSIER, MEMBERS)] == few
    assert few[0] <= 32
    assert few[1] <= 6


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/organisations/our-cluster/", "Clusters"),
        (DOSSIER, "Clusters"),
        (MEMBERS, "Clusters"),
        ("/organisations/lab/", "Organisations"),
    ],
)
def test_the_navigation_tells_where_a_page_is(anonymous, cluster, path, expected):
    page = anonymous.get(path)
    assert page.status_code == 200
    marked = re.findall(r'aria-current="true">([^<]*)</a></li>', page.content.decode())
    assert marked == [expected]
