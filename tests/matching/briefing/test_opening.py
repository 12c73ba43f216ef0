"""Which initiatives one region could join of the other."""

from datetime import date, timedelta

import pytest

from initiatives.models import Initiative
from matching.briefing import briefing
from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    NetworkMembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionContactFactory,
    RegionFactory,
    SourceFactory,
)

TODAY = date(2026, 6, 1)


def opened(world, a=None, b=None):
    a, b = a or world.malopolska, b or world.ara
    return briefing(a=a, b=b, pairs=0, today=TODAY).open_initiatives


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def test_it_says_who_is_in_it_why_it_matters_and_who_leads_it(world, valley):
    (item,) = opened(world)
    assert (item.initiative, item.host, item.guest) == (
        valley.initiative,
        world.malopolska,
        world.ara,
    )
    assert [(reason.kind, reason.is_illustrative) for reason in item.reasons] == [
        ("segment", False)
    ]
    assert item.reasons[0].text == (
        "It covers Transport; Auvergne-Rhône-Alpes holds the neighbouring segment Storage."
    )
    assert (item.lead, item.lead_name, item.office) == (None, "Office of the valley", None)


def test_without_a_lead_the_hosts_office_is_to_be_asked(world, valley):
    office = RegionContactFactory(region=world.malopolska, office="Department of Economy")
    change(valley.initiative, lead_name="")
    (item,) = opened(world)
    assert (item.lead_name, item.office) == ("", office)


def test_a_lead_without_a_public_profile_is_not_linked(world, valley):
    lead = OrganisationFactory(status="pending", home_region=world.malopolska)
    change(valley.initiative, lead=lead)
    (item,) = opened(world)
    assert (item.lead, item.lead_name) == (None, "Office of the valley")


@pytest.mark.parametrize(
    "values",
    [
        {"status": "completed"},
        {"end_date": TODAY - timedelta(days=1)},
        {"kind": "event"},  # without a date
        {"kind": "event", "start_date": TODAY - timedelta(days=9)},
        {"kind": "project", "end_date": TODAY + timedelta(days=90)},
    ],
)
def test_what_is_over_or_nearly_so_is_not_listed(world, valley, values):
    change(valley.initiative, **values)
    assert opened(world) == ()


@pytest.mark.parametrize(
    "values",
    [
        {"status": "planned"},
        {"status": "unknown"},
        {"end_date": TODAY},
        {"kind": "event", "start_date": TODAY},
        {"kind": "project", "end_date": TODAY + timedelta(days=365)},
    ],
)
def test_what_is_not_over_is_listed(world, valley, values):
    change(valley.initiative, **values)
    assert [item.initiative for item in opened(world)] == [valley.initiative]


def test_a_project_without_a_reason_is_not_listed(world, valley):
    change(valley.initiative, kind="project", end_date=TODAY + timedelta(days=365))
    valley.covers.delete()
    assert opened(world) == ()


@pytest.mark.parametrize("way", ["region", "area", "organisation", "pending", "lead"])
def test_nobody_is_invited_to_what_they_are_in(world, valley, way):
    if way in ("region", "area"):
        region = world.ara if way == "region" else world.rhone
        world.ara.nuts_units.set(world.rhone.nuts_units.all())
        InitiativeRegionFactory(initiative=valley.initiative, region=region)
    elif way == "lead":
        change(valley.initiative, lead=world.maker)
    else:
        status = "pending" if way == "pending" else "verified"
        member = OrganisationFactory(home_region=world.ara, status=status)
        ParticipationFactory(initiative=valley.initiative, organisation=member)
    assert opened(world) == ()


def test_an_organisation_seated_there_makes_a_region_the_host(world, valley):
    valley.part.delete()
    assert opened(world) == ()
    ParticipationFactory(initiative=valley.initiative, organisation=world.lab)
    assert [item.host for item in opened(world)] == [world.malopolska]


def test_an_invented_initiative_is_never_listed(world, valley):
    change(valley.initiative, source=SourceFactory(slug="guess", standing="illustrative"))
    assert opened(world) == ()


def test_reasons_on_real_data_come_first(world, valley):
    for name, illustrative in (("A guess", True), ("Z known", False)):
        made = InitiativeFactory(
            kind=Initiative.Kind.CENTRE, name=name, start_date=None, end_date=None, status="running"
        )
        InitiativeRegionFactory(initiative=made, region=world.malopolska)
        for concept, role in ((world.transport, "covers"), (world.green, "topic")):
            InitiativeConceptFactory(
                initiative=made, concept=concept, role=role, is_illustrative=illustrative
            )
    items = opened(world)
    assert [item.initiative.name for item in items] == ["Z known", "Open valley", "A guess"]
    assert [reason.kind for reason in items[0].reasons] == ["priority", "segment"]
    assert items[2].real_reasons == ()


def test_a_network_of_the_guest_is_a_reason(world, valley):
    network = world.berlin.networks.get()
    change(valley.initiative, network=network)
    NetworkMembershipFactory(network=network, region=world.ara)
    (item,) = opened(world)
    assert [reason.kind for reason in item.reasons] == ["segment", "network"]


def test_the_order_of_the_regions_changes_nothing(world, valley):
    made = InitiativeFactory(kind="alliance", start_date=None, end_date=None, status="unknown")
    InitiativeRegionFactory(initiative=made, region=world.ara)
    there, back = opened(world), opened(world, world.ara, world.malopolska)
    assert {item.host for item in there} == {world.malopolska, world.ara}
    assert there == back


@pytest.mark.parametrize(
    ("role", "parts", "led_by"),
    [
        (
            "lead",
            "Małopolska leads, Auvergne-Rhône-Alpes takes no part yet.",
            "Led by Małopolska and Śląskie.",
        ),
        (
            "place",
            "Takes place in Małopolska; Auvergne-Rhône-Alpes takes no part yet.",
            "Led by Śląskie.",
        ),
        (
            "partner",
            "Małopolska takes part, Auvergne-Rhône-Alpes not yet.",
            "Led by Śląskie.",
        ),
    ],
)
def test_it_says_what_part_the_host_has_and_which_regions_lead(world, valley, role, parts, led_by):
    change(valley.initiative, lead_name="")
    change(valley.initiative.region_roles.get(region=world.malopolska), role=role)
    silesia = RegionFactory(name="Śląskie")
    InitiativeRegionFactory(initiative=valley.initiative, region=silesia, role="lead")
    (item,) = opened(world)
    assert (item.parts, item.led_by) == (parts, led_by)
