"""No link to a part of its own page leads nowhere, whatever the dossier has or lacks."""

import re

import pytest

from initiatives.models import Initiative, InitiativeConcept
from matching import index
from organisations.models import Organisation, Statement
from tests.factories import (
    ClusterMembershipFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    KeyFigureFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionNeighbourFactory,
    StatementFactory,
)


@pytest.fixture
def dossiers(world):
    """Full ones and bare ones: clusters with members, with an offer of their own alone and with
    nothing; initiatives with gaps that somebody fills, that nobody fills, and without any."""
    for slug in ("with-members", "alone", "bare"):
        OrganisationFactory(slug=slug, kind=Organisation.Kind.CLUSTER, home_region=world.malopolska)
    clusters = {each.slug: each for each in Organisation.objects.filter(kind="cluster")}
    member = OrganisationFactory()
    ClusterMembershipFactory(cluster=clusters["with-members"], member=member)
    for holder in (member, clusters["alone"]):
        StatementFactory(organisation=holder, concept=world.storage, role=Statement.Role.OFFERS)
    for slug, concept in (("filled", world.transport), ("unfilled", world.storage)):
        valley = InitiativeFactory(slug=slug, kind=Initiative.Kind.VALLEY)
        InitiativeConceptFactory(
            initiative=valley, concept=concept, role=InitiativeConcept.Role.COVERS
        )
        ParticipationFactory(initiative=valley, organisation=world.lab)
        InitiativeRegionFactory(initiative=valley, region=world.malopolska)
    InitiativeFactory(slug="silent", kind=Initiative.Kind.VALLEY)
    InitiativeFactory(slug="meeting", kind=Initiative.Kind.EVENT)
    KeyFigureFactory(region=world.malopolska)
    RegionNeighbourFactory(region=world.malopolska, neighbour=world.berlin)
    index.build()


@pytest.mark.parametrize(
    "address",
    [
        "/regions/malopolska/",
        "/regions/rhone-alpes/",
        "/regions/berlin/",
        "/regions/malopolska/with/auvergne-rhone-alpes/",
        "/regions/malopolska/with/berlin/",
        "/organisations/with-members/dossier/",
        "/organisations/alone/dossier/",
        "/organisations/bare/dossier/",
        "/organisations/lab/",
        "/organisations/lab/with/maker/",
        "/initiatives/filled/",
        "/initiatives/unfilled/",
        "/initiatives/silent/",
        "/initiatives/meeting/",
    ],
)
def test_each_link_within_a_page_has_its_part(anonymous, dossiers, address):
    page = anonymous.get(address).content.decode()
    linked = set(re.findall(r'href="#([^"]+)"', page))
    assert linked - set(re.findall(r'\sid="([^"]+)"', page)) == set()


def test_a_segment_that_the_cluster_alone_offers_is_listed(anonymous, dossiers):
    page = anonymous.get("/organisations/alone/dossier/").content.decode()
    assert 'href="#segment-storage"' in page
    assert '<li id="segment-storage">' in page
    assert "The cluster itself offers it." in page
