"""Countries, NUTS, home regions and boundaries, as committed."""

import re

import pytest
from django.db.models import Count, Q

from regions.models import Country, NutsUnit, Region, RegionBoundary, RegionNeighbour

pytestmark = pytest.mark.usefixtures("reference")

EUROPE = Q(country__group__in=["eu27", "efta", "uk"])
PATH = re.compile(r"(M-?[\d.]+ -?[\d.]+l(-?[\d.]+[ ]?)+z)+")


def home_of(code, version=2021):
    return NutsUnit.objects.get(version=version, code=code).home_region.slug


def test_both_versions_are_complete():
    levels = {
        (row["version"], row["level"]): row["units"]
        for row in NutsUnit.objects.values("version", "level").annotate(units=Count("pk"))
    }
    assert levels[2021, 2] == 334
    assert levels[2021, 3] == 1514
    assert sum(units for (version, _), units in levels.items() if version == 2021) == 2010
    assert sum(units for (version, _), units in levels.items() if version == 2024) == 1793


def test_every_nuts_3_unit_has_one_home_and_no_area_is_a_home():
    units = NutsUnit.objects.filter(level=3)
    assert not units.filter(home_region__isnull=True).exists()
    assert not units.exclude(home_region__kind=Region.Kind.HOME).exists()


def test_every_home_region_has_units_and_lies_in_their_country():
    assert not Region.objects.homes().filter(home_nuts_units__isnull=True).exists()
    assert not NutsUnit.objects.filter(level=3).exclude(country_id__in=Country.objects.values("pk"))
    for unit in NutsUnit.objects.filter(level=3).select_related("home_region"):
        assert unit.country_id == unit.home_region.country_id


def test_homes_by_their_units_and_homes_by_their_definition_agree():
    """The NUTS 3 units inside a region's defining units are exactly those at home in it."""
    for region in Region.objects.homes():
        at_home = set(region.home_nuts_units.filter(version=2021).values_list("code", flat=True))
        inside = {unit.code for unit in region.nuts3_units() if unit.version == 2021}
        assert inside == at_home, region.slug


def test_the_units_of_2024_cover_the_same_homes_or_are_left_out():
    without = set()
    for region in Region.objects.homes().exclude(country_id="UK"):
        at_home = set(region.home_nuts_units.filter(version=2024).values_list("code", flat=True))
        inside = {unit.code for unit in region.nuts3_units() if unit.version == 2024}
        if not inside:
            without.add(region.slug)
        else:
            assert inside == at_home, region.slug
    assert without == set()


@pytest.mark.parametrize(
    ("version", "code", "home"),
    [
        (2021, "PL213", "malopolska"),
        (2024, "PL213", "malopolska"),
        (2021, "FRK26", "auvergne-rhone-alpes"),
        (2021, "FRK12", "auvergne-rhone-alpes"),
        (2021, "PL911", "masovia"),
        (2021, "PL926", "masovia"),
        (2021, "SI031", "slovenia"),
        (2021, "SI041", "slovenia"),
        (2021, "DE943", "lower-saxony"),
        (2021, "BE211", "flanders"),
        (2021, "UKM75", "scotland"),
        (2021, "FRY40", "reunion"),
        (2021, "NL112", "groningen"),
        (2021, "SE313", "north-middle-sweden"),
        (2021, "HU110", "budapest"),
        (2021, "HU120", "pest"),
        # recoded in 2024: by the crosswalk
        (2024, "PT1A0", "lisbon-metropolitan-area"),
        (2024, "PT1D1", "centro-portugal"),
        (2024, "PT1D3", "alentejo"),
        (2024, "XK001", "kosovo"),
    ],
)
def test_home(version, code, home):
    assert home_of(code, version) == home


def test_every_nuts_2_unit_of_eu_efta_and_uk_is_a_region():
    units = NutsUnit.objects.filter(EUROPE, version=2021, level=2)
    assert units.count() == 299
    assert list(units.filter(regions__isnull=True)) == []


@pytest.mark.parametrize(
    ("slug", "kind", "label", "units"),
    [
        ("malopolska", "home", "PL21", {"PL21"}),
        ("auvergne-rhone-alpes", "home", "FRK = FRK1 + FRK2", {"FRK"}),
        ("auvergne", "area", "FRK1", {"FRK1"}),
        ("rhone-alpes", "area", "FRK2", {"FRK2"}),
        ("slovenia", "home", "SI03 + SI04", {"SI03", "SI04"}),
        ("northern-netherlands", "area", "NL11 + NL12 + NL13", {"NL11", "NL12", "NL13"}),
        ("weser-ems", "area", "DE94", {"DE94"}),
        ("gavleborg", "area", "SE313", {"SE313"}),
        ("ile-de-france", "home", "FR1 = FR10", {"FR1", "FR10"}),
        ("masovia", "home", "PL9 = PL91 + PL92", {"PL9"}),
    ],
)
def test_region(slug, kind, label, units):
    region = Region.objects.get(slug=slug)
    assert region.kind == kind
    assert region.nuts_label == label
    assert set(region.nuts_units.filter(version=2021).values_list("code", flat=True)) == units


def test_recoded_territories_carry_their_codes_of_2024():
    def codes(slug):
        return set(
            Region.objects.get(slug=slug)
            .nuts_units.filter(version=2024)
            .values_list("code", flat=True)
        )

    assert codes("utrecht") == {"NL35"}
    assert codes("lisbon-metropolitan-area") == {"PT1A", "PT1B"}
    assert codes("alentejo") == {"PT1C", "PT1D3"}
    assert codes("wales") == set()


@pytest.mark.parametrize(
    ("slug", "name", "local_name"),
    [
        ("malopolska", "Małopolska", "Małopolskie"),
        ("lombardy", "Lombardy", "Lombardia"),
        ("silesia", "Silesia", "Śląskie"),
        ("basque-country", "Basque Country", "País Vasco"),
        ("south-tyrol", "South Tyrol", "Provincia Autonoma di Bolzano/Bozen"),
        ("provence-alpes-cote-d-azur", "Provence-Alpes-Côte d’Azur", "Provence-Alpes-Côte d’Azur"),
        ("crete", "Crete", "Kriti"),
        ("lodz", "Łódź", "Łódzkie"),
    ],
)
def test_names(slug, name, local_name):
    region = Region.objects.get(slug=slug)
    assert (region.name, region.local_name) == (name, local_name)


def test_every_region_has_a_boundary_that_svg_can_draw():
    assert list(Region.objects.filter(boundary__isnull=True)) == []
    for boundary in RegionBoundary.objects.all():
        assert PATH.fullmatch(boundary.path), boundary.pk
        assert PATH.fullmatch(boundary.detailed_path), boundary.pk
        assert boundary.min_x < boundary.max_x
        assert boundary.min_y < boundary.max_y


def test_the_map_of_all_home_regions_is_light():
    paths = RegionBoundary.objects.filter(region__kind="home").values_list("path", flat=True)
    assert sum(map(len, paths)) < 120_000


def test_countries_are_named_in_six_languages_and_grouped():
    assert Country.objects.filter(group="eu27").count() == 27
    assert Country.objects.filter(group="efta").count() == 4
    assert Country.objects.get(code="EL").labels == {
        "en": "Greece",
        "fr": "Grèce",
        "pl": "Grecja",
        "de": "Griechenland",
        "es": "Grecia",
        "it": "Grecia",
    }
    assert Country.objects.get(code="UK").group == "uk"
    assert Country.objects.get(code="XK").labels["en"] == "Kosovo"
    assert all(len(country.labels) == 6 for country in Country.objects.all())


@pytest.mark.parametrize(
    ("region", "neighbours"),
    [
        (
            "malopolska",
            {"central-slovakia", "eastern-slovakia", "silesia", "subcarpathia", "swietokrzyskie"},
        ),
        ("berlin", {"brandenburg"}),
        ("corsica", {"sardinia", "tuscany", "liguria"}),
        # an area borders on what is outside of it only
        ("northern-netherlands", {"flevoland", "lower-saxony", "north-holland", "overijssel"}),
        ("french-guiana", set()),
    ],
)
def test_what_lies_next_to_a_region(region, neighbours):
    found = RegionNeighbour.objects.filter(region__slug=region)
    assert set(found.values_list("neighbour__slug", flat=True)) == neighbours


def test_a_border_has_two_sides_and_no_border_has_a_distance():
    of_homes = RegionNeighbour.objects.filter(region__kind="home")
    borders = set(of_homes.filter(km=0).values_list("region", "neighbour"))
    assert borders == {(b, a) for a, b in borders}
    assert RegionNeighbour.objects.exclude(neighbour__kind="home").count() == 0
    with_border = {a for a, _b in borders}
    assert not of_homes.filter(km__gt=0, region__in=with_border)
    assert Region.objects.homes().exclude(neighbours__isnull=False).count() <= 6
