import re
from decimal import Decimal

import pytest
from django.utils import timezone

from initiatives.models import Initiative
from matching import index, services
from matching.dossier import Holders
from organisations.models import Organisation
from regions.models import KeyFigure
from tests.factories import (
    DistinctionFactory,
    IndicatorFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    KeyFigureFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    RegionBoundaryFactory,
    RegionContactFactory,
    RegionFactory,
    RegionNeighbourFactory,
    SourceFactory,
    StatementFactory,
)

DOSSIER = "/regions/malopolska/"
PAIR = "/regions/malopolska/with/auvergne-rhone-alpes/"
LAB = "/organisations/lab/"


def text_of(page):
    return page.content.decode()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(page)))


def test_a_dossier_shows_every_fact_with_its_source(anonymous, world):
    region = world.malopolska
    presentation = SourceFactory(
        slug="deck", title="Founding presentation", standing="presentation"
    )
    guess = SourceFactory(slug="guess", title="A guess", standing="illustrative")
    KeyFigureFactory(
        region=region,
        indicator=IndicatorFactory(label="Business entities"),
        value="455000",
        qualifier="over",
        rank=4,
        rank_scope=KeyFigure.Scope.COUNTRY,
        year=2015,
        source=presentation,
    )
    DistinctionFactory(region=region, title="European Entrepreneurial Region 2016")
    PriorityFactory(region=region, title="A guessed priority", source=guess)
    PriorityFactory(region=region, title="An old priority", is_historic=True, year=2013)
    RegionContactFactory(region=region, office="Department of Economy")
    RegionBoundaryFactory(region=region)
    valley = InitiativeFactory(kind=Initiative.Kind.VALLEY, name="Hydrogen valley")
    InitiativeRegionFactory(initiative=valley, region=region)
    InitiativeConceptFactory(initiative=valley, concept=world.storage, role="covers")

    page = anonymous.get(DOSSIER)

    text = words(page)
    for part in (
        "over 455,000",
        "4th in Poland",
        "as of 2015",
        "European Entrepreneurial Region 2016",
        "A guessed priority",
        "historic, 2013",
        "Department of Economy",
        "Hydrogen valley",
        "Vanguard Initiative",
        "Lab of Kraków",
        "Małopolska with Berlin",
        "Founding presentation",
    ):
        assert part in text
    chain = {item.coverage.segment.code: item for item in page.context["chain"].segments}
    assert chain["storage"].coverage.holders == Holders(initiatives=1)
    assert chain["transport"].coverage.holders == Holders(organisations=1)
    assert "Storage Hydrogen valley" in text
    cited = set(re.findall(r'href="#source-(\d+)"', text_of(page)))
    listed = set(re.findall(r'id="source-(\d+)"', text_of(page)))
    assert cited == listed != set()


def test_a_dossier_of_a_region_that_nothing_is_known_of(anonymous, db):
    RegionFactory(slug="new")
    text = text_of(anonymous.get("/regions/new/"))
    for part in ("No figures yet", "No priorities on record", "No organisations yet"):
        assert part in text


def test_a_dossier_tells_the_invented_apart(anonymous, world):
    for name, projects in (("Real Works", 1), ("Invented Works", 2)):
        made = OrganisationFactory(
            name=name, home_region=world.malopolska, is_illustrative=name.startswith("Invented")
        )
        StatementFactory(organisation=made, concept=world.transport, role="offers")
        for _ in range(projects):
            ParticipationFactory(organisation=made)
    StatementFactory(organisation=made, concept=world.storage, role="offers")

    page = anonymous.get(DOSSIER)

    text = words(page)
    assert "Storage gap; illustrative example only 1 organisation illustrative" in text
    assert "Transport 2 organisations 1 organisation illustrative" in text
    assert made not in page.context["organisations"]
    assert "Illustrative profiles: Invented Works illustrative" in text
    assert "All 3 organisations of this region" in text
    assert 'id="segment-storage" class="is-example"' in text_of(page)
    assert 'id="segment-transport" class="is-here"' in text_of(page)


def test_a_pair_counts_the_invented_apart(anonymous, world):
    made = OrganisationFactory(home_region=world.malopolska, is_illustrative=True)
    for concept in (world.storage, world.transport):
        StatementFactory(organisation=made, concept=concept, role="offers")
    StatementFactory(organisation=world.maker, concept=world.transport, role="offers")

    text = words(anonymous.get(PAIR))

    first, second = "Transport (1 real, 1 illustrative)", "Storage (1 illustrative)"
    assert -1 < text.index(first) < text.index(second)


def test_points_are_shown_to_the_hundredth(anonymous, world):
    page = anonymous.get(PAIR)
    assert f"fit with {page.context['fit'].score} of 100 points" in words(page)
    page = anonymous.get(LAB)
    matches = services.suggestions_for(organisation=world.lab)
    unknown = [item for match in matches for item in match.unknown]
    assert unknown
    for item in unknown:
        assert f"up to {item.possible_points} more points" in words(page)


def test_a_dossier_of_an_area_names_what_it_shares(anonymous, world):
    text = text_of(anonymous.get("/regions/rhone-alpes/"))
    assert "/regions/auvergne-rhone-alpes/" in text
    assert "Maker of Lyon" in text


def test_a_dossier_stays_within_its_budget(anonymous, world, connection_queries):
    RegionNeighbourFactory(region=world.malopolska, neighbour=world.ara)
    one = connection_queries(anonymous, DOSSIER)
    for year in range(2001, 2011):
        ParticipationFactory(organisation=OrganisationFactory(home_region=world.malopolska))
        KeyFigureFactory(region=world.malopolska, year=year)
        partner = OrganisationFactory(home_region=RegionFactory())
        ParticipationFactory(organisation=partner, initiative=world.projects[0])
        RegionNeighbourFactory(region=world.malopolska, neighbour=partner.home_region)
        StatementFactory(organisation=partner, concept=world.storage, role="offers")
    assert connection_queries(anonymous, DOSSIER) == one <= 30


def test_a_dossier_says_at_a_glance_how_old_its_figures_are(anonymous, world):
    this_year = timezone.localdate().year
    for label, years in (("Inhabitants", 2), ("Exports", 9), ("Patents", 0)):
        KeyFigureFactory(
            region=world.malopolska,
            indicator=IndicatorFactory(label=label, slug=label.lower()),
            value="17",
            year=this_year - years,
        )
    page = anonymous.get(DOSSIER)
    glance = text_of(page).split('id="figures"')[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", glance))
    assert f"{this_year - 2}, 2 years old" in text
    assert f"{this_year - 9}, 9 years old" in text
    assert glance.count('class="stale"') == glance.count("brief-stale") == 1
    assert "0 years old" not in text


def test_a_dossier_names_the_neighbours_who_hold_what_is_missing(anonymous, world):
    RegionNeighbourFactory(region=world.malopolska, neighbour=world.ara)
    text = words(anonymous.get(DOSSIER))
    assert "Next door, with a common border: Auvergne-Rhône-Alpes" in text
    assert "missing here, held next door: 1" in text
    assert "Storage gap Auvergne-Rhône-Alpes (1)" in text


def test_a_dossier_lists_the_regions_of_its_joint_projects(anonymous, world):
    page = anonymous.get(DOSSIER)
    assert "1 funded project so far has organisations of other regions." in words(page)
    assert "They come from 1 region." in words(page)
    assert 'href="/regions/malopolska/with/berlin/"' in text_of(page)


def test_two_regions_together(anonymous, world):
    joint = InitiativeFactory(acronym="JOINT")
    for organisation in (world.lab, world.other):
        ParticipationFactory(initiative=joint, organisation=organisation)
    text = words(anonymous.get(PAIR))
    for part in (
        "Lab of Kraków with Maker of Lyon",
        "Green transition",
        "Storage",
        "JOINT",
        "Joint projects by year of start",
    ):
        assert part in text


def test_two_regions_in_either_order_say_the_same(anonymous, world):
    there = anonymous.get(PAIR).context["fit"]
    back = anonymous.get("/regions/auvergne-rhone-alpes/with/malopolska/").context["fit"]
    assert there.score == back.score
    assert [m.score for m in there.pairs] == [m.score for m in back.pairs]
    assert {(c.a_segment, c.b_segment) for c in there.complements} == {
        (c.b_segment, c.a_segment) for c in back.complements
    }


def test_one_region_twice_asks_for_another(anonymous, world):
    page = anonymous.get("/regions/malopolska/with/malopolska/")
    assert page.status_code == 200
    assert "This is Małopolska twice." in words(page)


def test_choosing_another_region_leads_to_the_two(anonymous, world):
    page = anonymous.get("/regions/malopolska/with/", {"other": "berlin"})
    assert page["Location"] == "/regions/malopolska/with/berlin/"
    assert anonymous.get("/regions/malopolska/with/").status_code == 200
    refused = anonymous.get("/regions/malopolska/with/", {"other": "none"})
    assert refused.status_code == 400
    assert 'id="id_other_error"' in text_of(refused)


def test_suggestions_say_why(anonymous, world):
    page = anonymous.get(LAB)
    assert page.context["shown"][0].pk == world.maker.pk
    text = words(page)
    assert f"{services.match_of(a=world.lab, b=world.maker).score} of 100 points" in text
    assert "Both work on the green transition" in text
    assert "/organisations/lab/with/maker/" in text_of(page)
    assert "Institute" in text
    assert "more points" in text


def test_suggestions_narrowed_to_a_region_and_a_country(anonymous, world):
    for query in ({"region": "auvergne-rhone-alpes"}, {"country": "FR"}):
        found = anonymous.get(LAB, query).context["shown"]
        assert {one.pk for one in found} == {world.maker.pk, world.other.pk}
    own = anonymous.get(LAB, {"region": "malopolska"})
    assert "This is its own region" in words(own)
    nobody = anonymous.get(LAB, {"country": "PL"})
    assert "Try another region or country." in words(nobody)


@pytest.mark.parametrize("query", [{"region": "none"}, {"country": "XX"}])
def test_malformed_choices_are_a_400_with_the_message_at_the_field(anonymous, world, query):
    page = anonymous.get(LAB, query)
    assert page.status_code == 400
    assert f'id="id_{next(iter(query))}_error"' in text_of(page)
    assert "Lab of Kraków" in text_of(page)


def test_an_illustrative_organisation_says_so(anonymous, world):
    Organisation.objects.filter(pk=world.maker.pk).update(is_illustrative=True)
    for address in (LAB, "/organisations/maker/", "/organisations/lab/with/maker/"):
        assert 'badge-illustrative">illustrative' in text_of(anonymous.get(address))
    assert "This organisation is invented." in words(anonymous.get("/organisations/maker/"))


def test_the_suggestion_page_stays_within_its_budget(anonymous, world, connection_queries):
    anonymous.get(LAB)
    one = connection_queries(anonymous, LAB)
    for _ in range(20):
        ParticipationFactory(organisation=world.lab)
    assert connection_queries(anonymous, LAB) <= one < 15


def test_more_suggestions_are_a_link_away(anonymous, world):
    for number in range(6):
        other = OrganisationFactory(slug=f"french-{number}", home_region=world.ara)
        StatementFactory(organisation=other, concept=world.storage)
    index.build()
    page = anonymous.get(LAB, {"country": "FR"})
    assert len(page.context["shown"]) == 5
    assert "?country=FR&amp;show=10#suggestions" in text_of(page)
    assert len(anonymous.get(LAB, {"country": "FR", "show": "10"}).context["shown"]) == 8
    assert anonymous.get(LAB, {"show": "1000000"}).status_code == 400


def test_a_pair_adds_up(anonymous, world):
    page = anonymous.get("/organisations/lab/with/maker/")
    match = page.context["match"]
    assert match.score == sum((part.points for part in match.parts), Decimal(0))
    text = words(page)
    for part in match.parts:
        assert str(part.points) in text
        for term in part.terms:
            assert term.label in text.replace("&#x27;", "'")
    assert f"{match.score} of 100 points" in text


def test_a_pair_that_works_together_says_so(anonymous, world):
    page = anonymous.get("/organisations/lab/with/institute/")
    assert "They already work, or have worked, together" in words(page)


def test_a_pair_of_one_region_says_so(anonymous, world):
    page = anonymous.get("/organisations/lab/with/neighbour/")
    assert "Both are at home in the same region" in words(page)


def test_no_organisation_is_paired_with_itself(anonymous, world):
    page = anonymous.get("/organisations/lab/with/lab/")
    assert page.status_code == 404
    assert "not paired with itself" in words(page)


@pytest.mark.parametrize(
    "address",
    [
        "/regions/none/",
        "/regions/none/with/",
        "/regions/malopolska/with/none/",
        "/regions/none/with/malopolska/",
        "/organisations/none/",
        "/organisations/lab/with/none/",
        "/organisations/none/with/lab/",
    ],
)
def test_unknown_slugs_are_not_found(anonymous, world, address):
    page = anonymous.get(address)
    assert page.status_code == 404
    assert "at this address." in words(page)


@pytest.mark.parametrize("address", [DOSSIER, PAIR, LAB, "/organisations/lab/with/maker/"])
def test_odd_addresses_are_refused_politely(anonymous, db, address):
    for query in ("q=%00", "q=" + "x" * 10_000):
        assert anonymous.get(f"{address}?{query}").status_code == 400


def test_drafts_show_to_their_team_only(
    anonymous, stranger, viewer, administrator, organisation, index_folder
):
    Organisation.objects.update(status="draft")
    answers = [
        client.get(organisation.get_absolute_url()).status_code
        for client in (anonymous, stranger, viewer, administrator)
    ]
    assert answers == [404, 404, 200, 200]
    assert "This profile is not public: draft." in words(
        viewer.get(organisation.get_absolute_url())
    )


def test_pages_before_the_index_is_built(anonymous, world, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "no-index-yet"
    assert "Suggestions are being prepared." in words(anonymous.get(LAB))
    assert "Suggestions are being prepared." in words(anonymous.get(PAIR))
    page = anonymous.get("/organisations/lab/with/maker/")
    assert page.status_code == 503
    assert "The match index is not built yet." in words(page)


def test_an_organisation_newer_than_the_index(anonymous, world):
    OrganisationFactory(slug="newcomer", home_region=world.berlin)
    assert "Suggestions are being prepared." in words(anonymous.get("/organisations/newcomer/"))
    index.build()
    assert "Suggestions are being prepared." not in words(anonymous.get("/organisations/newcomer/"))
