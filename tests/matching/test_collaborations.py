"""With whom a region did joint projects: each counted once, and by its year of start."""

from matching.collaborations import collaborations
from tests.factories import OrganisationFactory, ParticipationFactory, RegionFactory
from tests.matching.conftest import project


def test_projects_count_once_for_each_region_whatever_their_participants(world):
    second = OrganisationFactory(home_region=world.berlin)
    project(2016, world.lab, world.neighbour, second, world.institute)
    project(2018, world.lab, world.maker, world.institute)
    joint = collaborations(world.malopolska)

    assert [(row.region, row.total) for row in joint.partners] == [
        (world.berlin, 3),
        (world.ara, 1),
    ]
    assert joint.years == (2016, 2017, 2018)
    assert joint.partners[0].numbers == (2, 0, 1)
    assert joint.totals == {world.berlin.pk: 3, world.ara.pk: 1}
    assert joint.projects == 3
    assert (joint.most_with_one, joint.most_in_a_year) == (3, 2)


def test_the_invented_the_unverified_and_those_without_a_region_are_left_out(world):
    for given in (
        {"home_region": world.ara, "is_illustrative": True},
        {"home_region": world.ara, "status": "draft"},
        {"home_region": None},
    ):
        project(2019, world.lab, OrganisationFactory(**given))
    invented = OrganisationFactory(home_region=world.malopolska, is_illustrative=True)
    project(2019, invented, world.maker)
    assert collaborations(world.malopolska).totals == {world.berlin.pk: 1}


def test_what_an_area_shares_territory_with_is_no_other_region(world):
    project(2018, world.maker, world.other)
    assert world.ara.pk not in collaborations(world.rhone).totals
    assert collaborations(world.rhone).totals == {world.berlin.pk: 1}


def test_a_project_without_a_date_counts_in_no_year(world):
    made = project(2016, world.lab, world.institute)
    made.start_date = None
    made.save()
    joint = collaborations(world.malopolska)
    assert joint.partners[0].total == 2
    assert sum(joint.partners[0].numbers) == 1


def test_only_the_first_are_named_and_all_are_counted(world):
    for _ in range(3):
        partner = OrganisationFactory(home_region=RegionFactory())
        ParticipationFactory(organisation=partner, initiative=world.projects[0])
    joint = collaborations(world.malopolska, limit=2)
    assert len(joint.partners) == 2
    assert len(joint.totals) == 4


def test_a_region_without_projects_has_no_collaborations(world):
    joint = collaborations(RegionFactory())
    assert (joint.partners, joint.years, joint.projects) == ((), (), 0)
    assert (joint.most_with_one, joint.most_in_a_year) == (0, 0)
