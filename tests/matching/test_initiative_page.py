"""The page of an initiative: its gaps with who could fill them, its map, and whom to contact."""

import html
import re

import pytest

from initiatives.models import Initiative, InitiativeConcept, InitiativeRegion, Participation
from matching import index
from organisations.models import Organisation
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionBoundaryFactory,
    RegionContactFactory,
    RegionFactory,
    StatementFactory,
)

VALLEY = "/initiatives/valley/"


@pytest.fixture
def valley(world):
    initiative = InitiativeFactory(
        slug="valley", kind=Initiative.Kind.VALLEY, status=Initiative.Status.RUNNING
    )
    InitiativeConceptFactory(
        initiative=initiative, concept=world.transport, role=InitiativeConcept.Role.COVERS
    )
    ParticipationFactory(initiative=initiative, organisation=world.lab)
    return initiative


def words(page):
    text = re.sub(r"<svg.*?</svg>", " ", page.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def test_a_gap_says_why_it_is_one_and_who_could_fill_it(anonymous, valley, world):
    page = anonymous.get(VALLEY)
    said = words(page)
    assert "Gaps, and who could fill them" in said
    assert "Next to Transport, which it covers. A reviewer's reason" in said
    assert "Offers Storage. Fits Lab of Kraków : Lab of Kraków looks for Storage" in said
    assert "1 organisation that does not take part offers it." in said
    text = page.content.decode()
    assert 'href="/organisations/lab/with/maker/"' in text
    assert 'href="/organisations/?offers=hydrogen-value-chain%3Astorage"' in text
    assert 'id="gap-storage"' in text
    assert 'href="#gap-storage"' in text


def test_the_diagram_has_words_and_a_table(anonymous, valley):
    text = anonymous.get(VALLEY).content.decode()
    label = re.search(r'<svg class="chain-svg chain-svg-wide"[^>]*aria-label="([^"]*)"', text)[1]
    assert "covered: Transport." in label
    assert "gap: Storage." in label
    rows = re.findall(r'<th scope="row"><a href="#gap-storage">Storage</a></th>.*?</tr>', text)
    assert len(rows) == 1
    assert "<td>gap</td>" in rows[0]


def test_an_ended_project_names_them_for_a_next_one(anonymous, valley):
    Initiative.objects.update(status=Initiative.Status.COMPLETED)
    assert "Gaps, and who could fill them in a next project" in words(anonymous.get(VALLEY))


def test_without_an_index_the_gaps_are_told_all_the_same(anonymous, valley, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "none"
    page = anonymous.get(VALLEY)
    assert page.status_code == 200
    said = words(page)
    assert "Suggestions are being prepared" in said
    assert "Storage" in said
    assert "nobody has declared it yet" not in said


def test_an_initiative_without_any_data_says_so(anonymous, world):
    InitiativeFactory(slug="valley", kind=Initiative.Kind.VALLEY)
    said = words(anonymous.get(VALLEY))
    assert "No part of the hydrogen value chain on record" in said
    assert "No participant on record" in said
    assert "No lead or office on record." in said
    assert "who could fill" not in said


def test_regions_of_participants_are_shaded_and_listed(anonymous, valley, world):
    for place, region in enumerate((world.malopolska, world.ara)):
        RegionBoundaryFactory(
            region=region, min_x=3000 + place, max_x=3100, min_y=-3000, max_y=-2900
        )
    RegionBoundaryFactory(min_x=3000, max_x=3100, min_y=-3000, max_y=-2900)
    for _ in range(2):
        ParticipationFactory(
            initiative=valley, organisation=OrganisationFactory(home_region=world.ara)
        )
    ParticipationFactory(
        initiative=valley, organisation=None, name="A port", country=world.berlin.country
    )
    text = anonymous.get(VALLEY).content.decode()
    shown = re.search(r'<svg class="map".*?</svg>', text, re.S)[0]
    assert shown.count("<a ") == 2
    assert "<title>Auvergne-Rhône-Alpes, France: 2</title>" in shown
    assert 'class="level-2"' in shown
    assert shown.count("<path") == 3
    places = [
        (place.region.name if place.region else str(place.country), place.count)
        for place in anonymous.get(VALLEY).context["places"]
    ]
    assert places == [("Auvergne-Rhône-Alpes", 2), ("Małopolska", 1), ("DE", 1)]


def test_a_hidden_participant_is_not_placed_in_its_region(anonymous, valley, world):
    Organisation.objects.filter(pk=world.lab.pk).update(status="draft")
    page = anonymous.get(VALLEY)
    assert page.context["places"] == []
    assert "Lab of Kraków" not in page.content.decode()


@pytest.mark.parametrize("status", ["draft", "pending", "archived"])
def test_no_hidden_organisation_is_named(anonymous, valley, world, status):
    hidden = OrganisationFactory(
        name="A secret holder", slug="secret", home_region=world.ara, status=status
    )
    StatementFactory(organisation=hidden, concept=world.storage)
    valley.lead = hidden
    valley.save()
    index.build()
    text = anonymous.get(VALLEY).content.decode()
    assert "A secret holder" not in text
    assert "/organisations/secret/" not in text
    assert "1 organisation that does not take part offers it." in words(anonymous.get(VALLEY))


def test_whom_to_contact_is_the_lead_and_offices_of_leading_regions(anonymous, valley, world):
    valley.lead = world.institute
    valley.save()
    ParticipationFactory(
        initiative=valley, organisation=world.other, role=Participation.Role.COORDINATOR
    )
    InitiativeRegionFactory(
        initiative=valley, region=world.malopolska, role=InitiativeRegion.Role.LEAD
    )
    InitiativeRegionFactory(initiative=valley, region=world.ara)
    RegionContactFactory(region=world.malopolska, office="Department of Economy")
    RegionContactFactory(region=world.ara, office="Office of a mere partner")
    said = words(anonymous.get(VALLEY))
    assert "Institute leads" in said
    assert "Other of Auvergne coordinator" in said
    assert "Department of Economy" in said
    assert "Office of a mere partner" not in said


def test_the_page_costs_the_same_for_few_and_many(anonymous, valley, world, connection_queries):
    RegionBoundaryFactory(region=world.ara, min_x=3000, max_x=3100, min_y=-3000, max_y=-2900)
    for _ in range(2):
        ParticipationFactory(
            initiative=valley, organisation=OrganisationFactory(home_region=world.ara)
        )
    index.build()
    few = connection_queries(anonymous, VALLEY)
    for number in range(20):
        ParticipationFactory(initiative=valley)
        holder = OrganisationFactory(home_region=RegionFactory(), slug=f"holder-{number}")
        StatementFactory(organisation=holder, concept=world.storage)
        StatementFactory(organisation=holder, concept=world.green, role="interested")
    index.build()
    assert connection_queries(anonymous, VALLEY) <= few <= 30


def test_what_is_covered_outside_of_the_chain_is_named(anonymous, valley):
    InitiativeConceptFactory(
        initiative=valley, concept=ConceptFactory(label="Robots"), role="covers"
    )
    assert "It also covers Robots" in words(anonymous.get(VALLEY))


def test_an_event_asks_nobody(anonymous, valley, world):
    Initiative.objects.update(kind=Initiative.Kind.EVENT)
    page = anonymous.get(VALLEY)
    assert page.templates[0].name == "initiatives/event.html"
    assert "Maker of Lyon" not in page.content.decode()


def test_where_nobody_who_takes_part_has_declared_anything_no_gap_is_told(anonymous, world):
    silent = InitiativeFactory(slug="valley", kind=Initiative.Kind.VALLEY)
    InitiativeConceptFactory(
        initiative=silent, concept=world.transport, role=InitiativeConcept.Role.COVERS
    )
    ParticipationFactory(initiative=silent, organisation=OrganisationFactory())
    index.build()
    page = anonymous.get(VALLEY)
    said = words(page)
    assert "Not declared yet, and who could bring it" in said
    assert "Nobody who takes part has declared yet what it offers" in said
    assert "gap" not in said.lower().replace("gap-", "")
    assert 'class="chain-box is-undeclared"' in page.content.decode()


def test_what_nobody_offers_anywhere_is_told_as_not_declared(anonymous, valley, world):
    lone = ConceptFactory(vocabulary=world.storage.vocabulary, code="lone", label="Lone")
    ConceptRelationFactory(kind="neighbour", source=world.transport, target=lone, weight=3)
    assert "Lone nobody has declared it yet" in words(anonymous.get(VALLEY))


def test_the_heading_of_gaps_beside_illustrative_coverage_is_marked(anonymous, valley):
    heading = re.compile(r'<h2 id="gaps">.*?</h2>', re.S)
    assert "illustrative" not in heading.search(anonymous.get(VALLEY).content.decode())[0]
    InitiativeConcept.objects.update(is_illustrative=True)
    page = anonymous.get(VALLEY)
    assert "illustrative" in heading.search(page.content.decode())[0]
    assert "gap (illustrative)" in words(page)


def test_points_that_rest_on_invented_coverage_in_part_say_so(anonymous, valley, world):
    said = "Some of what it covers is invented; so is that part of the points which rests on it."
    valley.participations.all().delete()
    assert said not in words(anonymous.get(VALLEY))
    lone = ConceptFactory(vocabulary=world.storage.vocabulary, code="lone", label="Lone")
    InitiativeConceptFactory(
        initiative=valley,
        concept=lone,
        role=InitiativeConcept.Role.COVERS,
        is_illustrative=True,
    )
    page = words(anonymous.get(VALLEY))
    assert said in page
    ParticipationFactory(initiative=valley, organisation=world.lab)
    assert said not in words(anonymous.get(VALLEY))
