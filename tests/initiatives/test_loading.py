"""Every fact about initiatives and events is there, with its source; nothing is mixed."""

import html
import re
import shutil

import pytest
from django.core.management import call_command
from django.db import transaction

from initiatives.data import FOLDER
from initiatives.illustrative import load_profiles
from initiatives.loading import load_initiatives
from initiatives.models import Initiative, InitiativeConcept, InitiativeFigure, Participation
from organisations.models import Organisation
from regions.models import Source
from regions.reference import DataFileError, load_reference
from regions.reference.upsert import Change
from tests.factories import OrganisationFactory

P, V = "founding-presentation", "public-source-check"
PILOT, ADRIATIC = "vanguard-hydrogen-pilot", "north-adriatic-hydrogen-valley"
SILESIAN = "silesian-malopolska-hydrogen-valley"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Reference data, profiles and initiatives are in the database, until the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        load_profiles()
        OrganisationFactory(slug="agh", pic="999844573", name="AGH")
        yield load_initiatives()
        transaction.set_rollback(True)


@pytest.fixture
def facts(loaded, db):
    """All initiatives by slug; what a test changes is undone after it."""
    return {each.slug: each for each in Initiative.objects.select_related("source", "part_of")}


FACTS = [
    ("clusters-meet-regions", "event", "Clusters meet Regions", P, V),
    ("accelerate-the-process", "event", "“Accelerate the process” conference", P),
    ("hydrogen-summit", "event", "Hydrogen Summit", P),
    ("vanguard-hydrogen-pilot", "network-pilot", "Hydrogen pilot of the Vanguard Initiative", V),
    ("european-clean-hydrogen-alliance", "alliance", "European Clean Hydrogen Alliance", P, V),
    ("science-meets-regions-hydrogen", "network-pilot", "Science Meets Regions: hydrogen", P),
    (
        "malopolska-hydrogen-centre",
        "centre",
        "Małopolska Center for Innovative Technologies of Hydrogen Storage and Transport",
        P,
        V,
    ),
    (
        "malopolska-hydrogen-working-group",
        "working-group",
        "Regional Working Group for the Development of Hydrogen Technologies",
        P,
        V,
    ),
    (
        "silesian-malopolska-hydrogen-valley",
        "hydrogen-valley",
        "Silesian–Małopolska Region Hydrogen Valley",
        P,
        V,
    ),
    ("zero-emission-valley", "hydrogen-valley", "Zero Emission Valley", V),
    ("north-adriatic-hydrogen-valley", "hydrogen-valley", "North Adriatic Hydrogen Valley", V),
    ("heavenn", "hydrogen-valley", "HEAVENN", V),
    ("basque-hydrogen-corridor", "hydrogen-valley", "Basque Hydrogen Corridor", V),
    ("green-hysland", "hydrogen-valley", "Green Hysland", V),
    ("hyways-for-future", "hydrogen-valley", "HyWays for Future", V),
    ("hydrogen-valley-south-tyrol", "hydrogen-valley", "Hydrogen Valley South Tyrol", V),
    ("clust-er-greentech", "alliance", "Clust-ER Greentech", V),
    ("aragon-hydrogen-foundation", "centre", "Aragón Hydrogen Foundation", V),
    ("baltic-flagship-valley", "hydrogen-valley", "Baltic flagship hydrogen valley", V),
    ("crete-hydrogen-valley", "hydrogen-valley", "Small-scale hydrogen valley of Crete", V),
]


@pytest.mark.parametrize(("slug", "kind", "name", "sources"), [(*f[:3], f[3:]) for f in FACTS])
def test_every_initiative_is_there_with_its_sources(facts, slug, kind, name, sources):
    initiative = facts[slug]

    assert (initiative.kind, initiative.name) == (kind, name)
    assert tuple(source.slug for source in initiative.sources) == sources


@pytest.mark.parametrize(("slug", "sources"), [(f[0], f[3:]) for f in FACTS])
def test_every_initiative_s_page_cites_all_its_sources_at_its_name(facts, anonymous, slug, sources):
    text = anonymous.get(facts[slug].get_absolute_url()).content.decode()

    heading = re.search(r"<h1[^>]*>.*?</h1>", text, re.DOTALL).group()
    cited = re.findall(r'href="#source-(\d+)"', heading)
    assert cited == [str(number + 1) for number in range(len(sources))]
    for number, source in zip(cited, sources, strict=True):
        assert Source.objects.get(slug=source).title in listed(text, number)


@pytest.mark.parametrize("region", ["malopolska", "auvergne-rhone-alpes"])
def test_a_region_s_page_cites_both_sources_of_the_event(facts, anonymous, region):
    text = anonymous.get(f"/regions/{region}/").content.decode()

    heading = re.search(r"<h3><a[^>]*>Clusters meet Regions</a>.*?</h3>", text).group()
    cited = " ".join(listed(text, n) for n in re.findall(r'href="#source-(\d+)"', heading))
    for source in (P, V):
        assert Source.objects.get(slug=source).title in cited


def test_malopolska_s_page_cites_where_its_summary_capital_and_mention_come_from(facts, anonymous):
    text = anonymous.get("/regions/malopolska/").content.decode()

    for before, source in (
        ("hydrogen centre, working group and valley.", P),
        ("capital Kraków", P),
        ("not a second title (checked in a public source).</span>", V),
    ):
        cited = re.search(re.escape(before) + r'<sup[^>]*><a href="#source-(\d+)"', text).group(1)
        assert Source.objects.get(slug=source).title in listed(text, cited)


def test_a_real_cluster_s_illustrative_sectors_say_so_on_its_region_s_page(facts, anonymous):
    text = anonymous.get("/regions/auvergne-rhone-alpes/").content.decode()
    (axelera,) = re.findall(r"<li><a[^>]*>Axelera</a>.*?</li>", text, re.DOTALL)

    assert axelera.count("badge-illustrative") == 2
    assert "badge-illustrative" not in axelera.split("</a>")[1].split("–")[0]


def listed(text, number):
    """What the page's list of sources says at this number."""
    found = re.search(rf'<li id="source-{number}">.*?</li>', text, re.DOTALL)
    return html.unescape(found.group())


def test_there_are_no_other_initiatives_than_these_and_the_illustrative_projects(facts):
    real = {slug for slug, each in facts.items() if not each.source.is_illustrative}

    assert real == {slug for slug, *_rest in FACTS}


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        (
            "clusters-meet-regions",
            "“Cluster-Driven Interregional Collaboration in the Framework of the Priorities of "
            "Auvergne-Rhône-Alpes: Green and Digital Transition, Training and Jobs for the Future, "
            "Excellence Sectors”",
        ),
        ("clusters-meet-regions", "Lyon on 12–13 October 2023"),
        ("clusters-meet-regions", "CIMES, Polyméris and Techtera, at Pollutec"),
        ("clusters-meet-regions", "it is probably the same one"),
        ("vanguard-hydrogen-pilot", "Approved in mid-June 2022"),
        ("vanguard-hydrogen-pilot", "led by Małopolska, Lombardy and Slovenia"),
        ("vanguard-hydrogen-pilot", "later 23 regions"),
        (
            "vanguard-hydrogen-pilot",
            "Four demonstration cases: pipelines and vessels; hydrogen replacing fossil fuels in "
            "industry; networks and portfolios; shipping.",
        ),
        ("malopolska-hydrogen-centre", "its present status is unknown"),
        ("malopolska-hydrogen-centre", "press of January 2023"),
        ("malopolska-hydrogen-centre", "Kraków Technology Park"),
        ("malopolska-hydrogen-working-group", "Run by the Marshal’s Office"),
        (
            "malopolska-hydrogen-working-group",
            "Cracow University of Technology, AGH University, Łukasiewicz institutes, Grupa Azoty",
        ),
        (
            "silesian-malopolska-hydrogen-valley",
            "Founded in Katowice in January 2022 by 20 entities, Poland’s second",
        ),
        ("zero-emission-valley", "HYmpulsion"),
        ("zero-emission-valley", "Connecting Europe Facility (CEF)"),
        ("zero-emission-valley", "1,200 vehicles are a target"),
    ],
)
def test_descriptions_state_the_facts(facts, slug, words):
    assert words in facts[slug].description


def test_the_pilot_s_events_are_part_of_it(facts):
    for slug in ("accelerate-the-process", "hydrogen-summit"):
        assert facts[slug].part_of == facts["vanguard-hydrogen-pilot"]


@pytest.mark.parametrize(
    ("slug", "role", "regions"),
    [
        ("vanguard-hydrogen-pilot", "lead", "malopolska lombardy slovenia"),
        (
            "vanguard-hydrogen-pilot",
            "named",
            "saxony lower-saxony norte aragon gavleborg asturias galicia scotland wales",
        ),
        ("vanguard-hydrogen-pilot", "partner", ""),
        ("clusters-meet-regions", "place", "auvergne-rhone-alpes"),
        ("clusters-meet-regions", "partner", "malopolska"),
        ("silesian-malopolska-hydrogen-valley", "partner", "malopolska"),
        ("silesian-malopolska-hydrogen-valley", "place", "silesia"),
        ("north-adriatic-hydrogen-valley", "partner", "slovenia friuli-venezia-giulia"),
        ("baltic-flagship-valley", "partner", "southern-finland estonia"),
        ("heavenn", "place", "northern-netherlands"),
        ("basque-hydrogen-corridor", "place", "basque-country"),
        ("green-hysland", "place", "balearic-islands"),
        ("hyways-for-future", "place", "weser-ems"),
        ("hydrogen-valley-south-tyrol", "place", "south-tyrol"),
        ("clust-er-greentech", "place", "emilia-romagna"),
        ("aragon-hydrogen-foundation", "place", "aragon"),
        ("crete-hydrogen-valley", "place", "crete"),
        ("zero-emission-valley", "place", "auvergne-rhone-alpes"),
        ("european-clean-hydrogen-alliance", "partner", "malopolska"),
        ("science-meets-regions-hydrogen", "partner", "malopolska"),
        ("malopolska-hydrogen-centre", "place", "malopolska"),
        ("malopolska-hydrogen-working-group", "lead", "malopolska"),
    ],
)
def test_regions_and_their_roles(facts, slug, role, regions):
    found = facts[slug].region_roles.filter(role=role).values_list("region__slug", flat=True)

    assert set(found) == set(regions.split())


def test_auvergne_rhone_alpes_is_no_member_of_the_pilot(facts):
    roles = facts["vanguard-hydrogen-pilot"].region_roles

    assert not roles.filter(region__slug="auvergne-rhone-alpes").exists()


@pytest.mark.parametrize(
    ("slug", "label", "value", "unit", "qualifier", "nature", "year"),
    [
        (PILOT, "Regions taking part later on", 23, "regions", "", "actual", None),
        (PILOT, "Demonstration cases", 4, "cases", "", "planned", None),
        (SILESIAN, "Founding entities", 20, "entities", "", "actual", 2022),
        ("zero-emission-valley", "Vehicles", 1200, "vehicles", "", "target", None),
        (ADRIATIC, "Grant", 25, "million €", "", "actual", None),
        (ADRIATIC, "Organisations", 34, "organisations", "", "actual", None),
        (ADRIATIC, "Hydrogen", 5000, "t/year", "over", "planned", None),
        (ADRIATIC, "Duration", 72, "months", "", "planned", None),
        (ADRIATIC, "Pilots", 17, "pilots", "", "planned", None),
    ],
)  # fmt: skip
def test_figures(facts, slug, label, value, unit, qualifier, nature, year):
    figure = InitiativeFigure.objects.get(initiative=facts[slug], label=label)

    assert (figure.value, figure.unit, figure.qualifier) == (value, unit, qualifier)
    assert (figure.nature, figure.year, figure.source.slug) == (nature, year, V)


def test_named_participants_are_linked_where_they_are_known(facts):
    group = facts["malopolska-hydrogen-working-group"]
    found = {each.name: each.organisation for each in group.participations.all()}

    assert set(found) == {
        "Marshal’s Office of the Małopolska Region",
        "Cracow University of Technology",
        "AGH University",
        "Łukasiewicz institutes",
        "Grupa Azoty",
    }
    assert found["AGH University"].pic == "999844573"
    assert found["Grupa Azoty"] is None
    assert facts["north-adriatic-hydrogen-valley"].lead_name == "HSE"
    clusters = facts["clusters-meet-regions"].participations.values_list(
        "organisation__slug", flat=True
    )
    assert set(clusters) == {"cimes", "polymeris", "techtera"}


def test_a_participant_known_later_is_linked_by_the_next_load(facts):
    technology = OrganisationFactory(slug="pk", pic="999516519")

    change = load_initiatives()

    assert change == Change(changed=1)
    assert technology.participations.get().name == "Cracow University of Technology"


def test_coverage_that_no_source_states_is_illustrative(facts):
    stated = InitiativeConcept.objects.filter(
        initiative__slug__in=facts, role="covers", is_illustrative=False
    )

    assert set(stated.values_list("initiative__slug", "concept__code")) == {
        ("vanguard-hydrogen-pilot", "transport-distribution"),
        ("vanguard-hydrogen-pilot", "industry"),
        ("vanguard-hydrogen-pilot", "maritime"),
        ("european-clean-hydrogen-alliance", "production"),
        ("european-clean-hydrogen-alliance", "transport-distribution"),
        ("european-clean-hydrogen-alliance", "industry"),
        ("european-clean-hydrogen-alliance", "residential"),
        ("malopolska-hydrogen-centre", "storage"),
        ("malopolska-hydrogen-centre", "transport-distribution"),
        ("zero-emission-valley", "road"),
        ("north-adriatic-hydrogen-valley", "production"),
    }


def test_the_event_is_about_the_four_themes(facts):
    topics = facts["clusters-meet-regions"].coverage.values_list("concept__code", flat=True)

    assert set(topics) == {
        "green-transition",
        "digital-transition",
        "training-and-jobs",
        "excellence-sectors",
    }


def test_illustrative_and_real_never_take_part_together(facts):
    pairs = Participation.objects.exclude(organisation=None).values_list(
        "initiative__source__standing", "organisation__is_illustrative"
    )

    assert {(standing == "illustrative", invented) for standing, invented in pairs} == {
        (True, True),
        (False, False),
    }


def test_a_second_load_changes_nothing(facts):
    assert load_initiatives() == Change()


def test_a_further_source_that_was_lost_comes_back(facts):
    event = facts["clusters-meet-regions"]
    event.further_sources.clear()

    assert load_initiatives() == Change(changed=1)
    assert [source.slug for source in event.further_sources.all()] == [V]


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("initiatives.csv", f"x,valley,X,,,unknown,,,,,,,,,,{V},", "kind is 'valley'"),
        ("initiatives.csv", f"x,event,X,,,unknown,13/1/2020,,,,,,,,,{V},", "start_date"),
        (
            "initiatives.csv",
            f"x,event,X,,,unknown,2020-02-01,2020-01-01,,,,,,,,{V},",
            "__all__: An initiative ends on or after the day it starts.",
        ),
        (
            "initiatives.csv",
            f"x,event,X,,,unknown,,,,,,,,,,{V},{P} hearsay",
            "further_sources 'hearsay' is unknown",
        ),
        ("initiative_regions.csv", f"heavenn,atlantis,lead,,{V}", "region 'atlantis'"),
        ("initiative_concepts.csv", "heavenn,covers,themes,red-transition,no", "concept"),
        ("initiative_figures.csv", f"heavenn,Buses,many,,,actual,,{V}", "value 'many'"),
        (
            "initiative_participants.csv",
            f"heavenn,,example-shipyard,,,partner,{V}",
            "Example Shipyard (illustrative) and HEAVENN: illustrative and real ones never",
        ),
        (
            "initiative_participants.csv",
            f"heavenn,,nobody,,,partner,{V}",
            "organisation 'nobody' is unknown (load_profiles comes first)",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(facts, tmp_path, file, line, reason):
    folder = shutil.copytree(FOLDER, tmp_path / "data", ignore=shutil.ignore_patterns("cordis"))
    before = Initiative.objects.count(), Participation.objects.count()
    with (folder / file).open("a", encoding="utf-8") as data:
        data.write(f"{line}\n")
    lines = (folder / file).read_text(encoding="utf-8").count("\n")

    with pytest.raises(DataFileError) as caught:
        load_initiatives(folder=folder)

    assert (caught.value.file, caught.value.line) == (file, lines)
    assert caught.value.reason.startswith(reason)
    assert (Initiative.objects.count(), Participation.objects.count()) == before


def test_the_command_says_what_it_did(facts, capsys):
    Organisation.objects.filter(slug="agh").update(name="AGH UST")

    call_command("load_initiatives")

    assert "Initiatives: 0 rows added, 0 changed" in capsys.readouterr().out
