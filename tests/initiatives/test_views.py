import datetime

from initiatives.models import Initiative, InitiativeConcept, InitiativeFigure
from tests.factories import (
    ConceptFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeFigureFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    SourceFactory,
)


def test_an_initiative_says_what_it_is_and_where_each_figure_is_from(anonymous, db):
    valley = InitiativeFactory(
        slug="valley",
        kind=Initiative.Kind.VALLEY,
        name="North Adriatic Hydrogen Valley",
        date_note="since autumn 2023",
        lead_name="HSE",
    )
    source = SourceFactory(slug="press", title="Press of January")
    InitiativeFigureFactory(
        initiative=valley,
        label="hydrogen",
        qualifier="over",
        nature=InitiativeFigure.Nature.PLANNED,
        source=source,
        year=2015,
    )
    InitiativeConceptFactory(
        initiative=valley,
        concept=ConceptFactory(label="Storage"),
        role=InitiativeConcept.Role.COVERS,
        is_illustrative=True,
    )
    InitiativeRegionFactory(initiative=valley, region__name="Norte")
    ParticipationFactory(initiative=valley, organisation__name="Port authority")
    ParticipationFactory(initiative=valley, organisation=None, name="", pic="123456789")

    text = anonymous.get("/initiatives/valley/").content.decode()

    for part in (
        "since autumn 2023",
        "HSE",
        "5,000",
        "planned",
        "as of 2015",
        "Press of January",
        "Storage",
        'badge-illustrative">illustrative',
        "Norte",
        "Port authority",
        "Participant with PIC 123456789",
    ):
        assert part in text


def test_a_participant_that_is_not_public_has_no_link(anonymous, db):
    hidden = OrganisationFactory(slug="hidden", status="draft")
    initiative = ParticipationFactory(organisation=hidden).initiative
    assert (
        "/organisations/hidden/"
        not in anonymous.get(initiative.get_absolute_url()).content.decode()
    )


def test_an_event_has_its_own_page(anonymous, db):
    event = InitiativeFactory(
        kind=Initiative.Kind.EVENT,
        name="Clusters meet Regions",
        place="Lyon",
        start_date=datetime.date(2023, 10, 12),
        end_date=datetime.date(2023, 10, 13),
    )
    for slug in ("malopolska", "auvergne-rhone-alpes"):
        InitiativeRegionFactory(initiative=event, region__slug=slug)
    page = anonymous.get(event.get_absolute_url())
    assert page.templates[0].name == "initiatives/event.html"
    text = page.content.decode()
    assert "12 October 2023 – 13 October 2023" in text
    assert "Lyon" in text
    assert "Briefing:" in text


def test_an_initiative_costs_the_same_for_1_and_50_participants(anonymous, db, connection_queries):
    initiative = ParticipationFactory().initiative
    one = connection_queries(anonymous, initiative.get_absolute_url())
    for _ in range(49):
        ParticipationFactory(initiative=initiative)
    assert connection_queries(anonymous, initiative.get_absolute_url()) == one <= 10


def test_an_unknown_initiative_is_not_found(anonymous, db):
    page = anonymous.get("/initiatives/none/")
    assert page.status_code == 404
    assert "There is no initiative at this address." in page.content.decode()
