"""The sentence that says what scale points are on, wherever the first of them are shown."""

import pytest

from initiatives.models import Initiative, InitiativeConcept
from matching import index, regional
from organisations.models import Organisation, Statement
from tests.factories import (
    ClusterMembershipFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    StatementFactory,
)
from tests.matching.test_initiative_page import words

OF_TWO = "Points are a sum of named parts, 100 at most;"
OF_REGIONS = (
    "Points are a sum of named parts: shared priorities 40 at most, networks in common 20, "
    "joint projects 40."
)


def test_the_sentence_says_what_the_parts_are():
    shares = regional.PRIORITIES, regional.NETWORKS, regional.HISTORY
    assert shares == (4_000, 2_000, 4_000)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/organisations/lab/with/maker/", OF_TWO),
        ("/organisations/lab/", OF_TWO),
        ("/regions/malopolska/with/auvergne-rhone-alpes/", OF_REGIONS),
        ("/regions/malopolska/with/auvergne-rhone-alpes/", OF_TWO),
        ("/regions/malopolska/", OF_REGIONS),
    ],
)
def test_pages_with_points_say_their_scale(anonymous, world, address, said):
    assert said in words(anonymous.get(address))


def test_an_initiative_and_a_cluster_say_the_scale_of_their_points(anonymous, world):
    valley = InitiativeFactory(slug="valley", kind=Initiative.Kind.VALLEY)
    InitiativeConceptFactory(
        initiative=valley, concept=world.transport, role=InitiativeConcept.Role.COVERS
    )
    ParticipationFactory(initiative=valley, organisation=world.lab)
    for slug, region in (("ours", world.malopolska), ("theirs", world.ara)):
        cluster = OrganisationFactory(slug=slug, kind=Organisation.Kind.CLUSTER, home_region=region)
        member = OrganisationFactory()
        ClusterMembershipFactory(cluster=cluster, member=member)
        StatementFactory(organisation=member, concept=world.storage, role=Statement.Role.OFFERS)
    index.build()
    assert OF_TWO in words(anonymous.get("/initiatives/valley/"))
    assert OF_TWO in words(anonymous.get("/organisations/ours/dossier/"))


def test_where_nothing_has_points_no_scale_is_told(anonymous, world):
    InitiativeFactory(slug="valley", kind=Initiative.Kind.VALLEY)
    assert "Points are" not in words(anonymous.get("/initiatives/valley/"))
