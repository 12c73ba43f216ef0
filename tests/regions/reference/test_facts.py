"""What is known about regions, as committed: the founding presentation and public sources."""

from decimal import Decimal

import pytest

from regions.models import Distinction, KeyFigure, NetworkMembership, Priority, Region, Source

pytestmark = pytest.mark.usefixtures("reference")

ILLUSTRATED = {
    "lombardy": {"Manufacturing", "Health", "Mobility, transport & automotive"},
    "slovenia": {"Factories of the future", "Circular economy"},
    "friuli-venezia-giulia": {"Maritime industries", "Metal industry", "Health"},
    "south-tyrol": {"Alpine technologies", "Green energy"},
    "emilia-romagna": {"Mechatronics", "Agri-food"},
    "basque-country": {"Industry", "Energy", "Health"},
    "aragon": {"Energy", "Logistics"},
    "asturias": {"Steel", "Materials"},
    "catalonia": {"Industry", "Health", "Mobility, transport & automotive"},
    "balearic-islands": {"Tourism", "Blue economy"},
    "northern-netherlands": {"Energy", "Agri-food"},
    "weser-ems": {"Energy", "Maritime industries"},
    "norte": {"Manufacturing", "Sea"},
    "gavleborg": {"Steel", "Materials"},
    "southern-finland": {"Cleantech", "Digital"},
    "estonia": {"Cleantech", "Digital"},
    "crete": {"Agri-food", "Energy"},
    "silesia": {"Energy", "Mobility, transport & automotive"},
}


def labels(slug, kind):
    return {
        priority.concept.labels["en"]
        for priority in Priority.objects.filter(region__slug=slug, kind=kind).select_related(
            "concept"
        )
    }


@pytest.mark.parametrize(
    ("indicator", "value", "qualifier", "rank"),
    [
        ("population", 3_500_000, "over", None),
        ("area", 15_183, "", None),
        ("business-entities", 455_000, "over", 4),
        ("higher-education-institutions", 26, "", 2),
        ("innovation-support-centres", 45, "", 5),
    ],
)
def test_the_presentation_s_figures_of_malopolska(indicator, value, qualifier, rank):
    figure = KeyFigure.objects.get(
        region__slug="malopolska",
        indicator__slug=indicator,
        source__standing=Source.Standing.PRESENTATION,
    )
    assert (figure.value, figure.qualifier) == (Decimal(value), qualifier)
    assert (figure.rank, figure.rank_scope) == (rank, "country" if rank else "")


def test_malopolska_s_capital_and_its_source():
    region = Region.objects.get(slug="malopolska")
    assert region.capital == "Kraków"
    assert "second largest city in Poland" in region.summary
    assert region.summary_source.standing == Source.Standing.PRESENTATION


def test_malopolska_s_distinctions():
    first, second = Distinction.objects.filter(region__slug="malopolska").order_by("year")
    assert (first.title, first.year) == ("European Entrepreneurial Region 2016", 2016)
    assert second.year == 2023
    assert "Ukrainian business" in second.title
    assert "not a second title" in second.note
    assert {first.source.slug, second.source.slug} == {"founding-presentation"}
    assert (first.note_source, second.note_source.slug) == (None, "public-source-check")


def test_malopolska_s_office_is_an_office():
    (contact,) = Region.objects.get(slug="malopolska").contacts.all()
    assert contact.office == "Department of Ownership Supervision and Economy"


def test_smart_specialisations():
    assert len(labels("malopolska", "specialisation")) == 7
    historic = Priority.objects.filter(region__slug="auvergne-rhone-alpes", kind="specialisation")
    assert historic.count() == 7
    assert all(priority.is_historic and priority.year == 2013 for priority in historic)


@pytest.mark.parametrize("slug", ["malopolska", "auvergne-rhone-alpes"])
def test_the_four_themes_of_the_collaboration(slug):
    assert labels(slug, "theme") == {
        "Green transition",
        "Digital transition",
        "Training and jobs for the future",
        "Excellence sectors",
    }


@pytest.mark.parametrize("slug", ILLUSTRATED)
def test_other_regions_fields_are_labelled_illustrative(slug):
    assert labels(slug, "excellence") == ILLUSTRATED[slug]
    assert all(
        priority.source.is_illustrative
        for priority in Priority.objects.filter(region__slug=slug).select_related("source")
    )


def test_networks():
    vanguard = set(
        NetworkMembership.objects.filter(network__slug="vanguard-initiative").values_list(
            "region__slug", flat=True
        )
    )
    assert vanguard == {
        "malopolska",
        "lombardy",
        "slovenia",
        "saxony",
        "lower-saxony",
        "norte",
        "aragon",
        "gavleborg",
        "asturias",
        "galicia",
        "scotland",
        "wales",
    }
    # named nowhere as a member of the pilot, so not shown as one
    assert "auvergne-rhone-alpes" not in vanguard
    assert set(Region.objects.get(slug="malopolska").networks.values_list("slug", flat=True)) == {
        "vanguard-initiative",
        "european-clean-hydrogen-alliance",
        "science-meets-regions",
    }
