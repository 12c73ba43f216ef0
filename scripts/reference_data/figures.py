"""Key figures of every region, summed or averaged over its NUTS units, across NUTS versions.

A unit of NUTS 2016 that went to several regions of NUTS 2021 is divided among them by the census
population of each flow. Rates are means weighted by population: the labour force, which would be
the exact weight of an unemployment rate, is not in the data.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.reference_data.boundaries import Boundaries
from scripts.reference_data.geography import Geography
from scripts.reference_data.tables import rows, write

CENSUS_YEAR = 2021
# Flows below this part of a unit are digitising noise between two crosswalk layers.
NOISE = 0.001

SUMS = {"region_population": ("population", 0), "region_gdp": ("gdp", 2)}
MEANS = {
    "unemployment_rate_t": ("unemployment-rate", 1),
    "life_expectancy_t": ("life-expectancy", 1),
    "disp_income_household": ("household-income", 0),
    "gender_employ_gap": ("gender-employment-gap", 1),
}
# Where the crosswalk's population is not of the 2021 census: 63.0 million for the United Kingdom,
# and the area in km² again for the French overseas regions.
NO_CENSUS = ("UK", "FRY")


@dataclass(frozen=True)
class Figure:
    """One figure of one region, as the committed table holds it."""

    indicator: str
    value: float
    decimals: int
    year: int
    source: str
    qualifier: str = ""
    note: str = ""


class Figures:
    """Figures of every region that the raw tables can give."""

    def __init__(self, shared: Path, geography: Geography, boundaries: Boundaries) -> None:
        self.geography = geography
        self.boundaries = boundaries
        self.values: dict[str, dict[tuple[str, int], float]] = defaultdict(dict)
        for row in rows(shared / "eurostat_nuts2_indicators_2013_2018.csv.gz"):
            self.values[row["indicator"]][row["nuts2_2016"], int(row["year"])] = float(row["value"])
        self.population = self._population()
        self.shares, self.area_2021 = self._crosswalk(shared / "nuts2_2016_to_2021.csv")

    def _population(self) -> dict[str, float]:
        """Return the latest population that Eurostat gives for each unit of NUTS 2016."""
        latest: dict[str, float] = {}
        for (code, _year), value in sorted(self.values["region_population"].items()):
            latest[code] = value
        return latest

    def _crosswalk(self, path: Path) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
        """Return how each 2016 unit is divided among those of 2021, and areas of 2021.

        Units that Eurostat's table lacks altogether are left out (UKN1, which the crosswalk adds
        beside UKN0); units that only Eurostat has (candidate countries) stay themselves.
        """
        flows: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
        areas: dict[str, float] = defaultdict(float)
        for row in rows(path):
            old, new, area = row["nuts2_2016"], row["nuts2_2021"], float(row["area_km2"])
            areas[new] += area
            if old in self.population:
                flows[old][new] = (int(row["population_2021"]), area)
        shares = {code: {code: 1.0} for code in self.population}
        for old, targets in flows.items():
            people = sum(population for population, _area in targets.values())
            surface = sum(area for _population, area in targets.values())
            shares[old] = {
                new: population / people if people else area / surface
                for new, (population, area) in targets.items()
            }
        return shares, areas

    def _weights(self, key: str) -> dict[str, float]:
        """Return the units of NUTS 2016 that make up a region, and which part of each."""
        parts = frozenset(self.geography.parts[key])
        weights = {}
        for old, targets in self.shares.items():
            share = sum(part for new, part in targets.items() if new in parts)
            if share > 1 - NOISE:
                weights[old] = 1.0
            elif share > NOISE:
                weights[old] = share
        return weights

    def _eurostat(self, key: str) -> Iterator[Figure]:
        weights = self._weights(key)
        if not weights:
            return
        divided = any(share < 1 for share in weights.values())
        for name, values in sorted(self.values.items()):
            if name not in SUMS and name not in MEANS:
                continue
            complete = [
                year
                for year in {year for _code, year in values}
                if all((code, year) in values for code in weights)
            ]
            if not complete:
                continue
            year = max(complete)
            if name in SUMS:
                indicator, decimals = SUMS[name]
                value = sum(values[code, year] * share for code, share in weights.items())
                note = (
                    "Estimated: units of NUTS 2016 were divided by population." if divided else ""
                )
            else:
                indicator, decimals = MEANS[name]
                people = {code: self.population[code] * share for code, share in weights.items()}
                value = sum(values[code, year] * people[code] for code in weights)
                value /= sum(people.values())
                note = (
                    f"Mean of {len(weights)} NUTS 2 units, weighted by population."
                    if len(weights) > 1
                    else ("Of the NUTS 2016 unit that the region was part of." if divided else "")
                )
            yield Figure(
                indicator, value, decimals, year, "eurostat-2020", "about" if divided else "", note
            )

    def _census_and_area(self, key: str) -> Iterator[Figure]:
        inside = self.geography.level_3(key)
        flows = [
            (area, people) for old, _new, area, people in self.geography.flows if old in inside
        ]
        if flows:
            people = sum(people for _area, people in flows)
            if people and not key.startswith(NO_CENSUS):
                yield Figure("population", people, 0, CENSUS_YEAR, "jrc-crosswalk", note="Census.")
            area = sum(area for area, _people in flows)
            yield Figure("area", area, 2, CENSUS_YEAR, "jrc-crosswalk")
        elif all(code in self.area_2021 for code in self.geography.parts[key]):
            area = sum(self.area_2021[code] for code in self.geography.parts[key])
            yield Figure("area", area, 2, CENSUS_YEAR, "jrc-crosswalk")
        else:
            version = 2021 if (2021, key) in self.geography.units else 2024
            yield Figure(
                "area",
                self.boundaries.area(key),
                0,
                version,
                "gisco",
                "about",
                "Measured on the boundary.",
            )

    def of(self, key: str) -> list[Figure]:
        """Return the figures of one region, by its key."""
        return [*self._eurostat(key), *self._census_and_area(key)]

    def write(self, output: Path) -> None:
        """Write ``key_figures.csv.gz``."""
        write(
            output / "key_figures.csv.gz",
            "region indicator value qualifier year source note",
            [
                [
                    region.slug,
                    figure.indicator,
                    f"{figure.value:.{figure.decimals}f}",
                    figure.qualifier,
                    figure.year,
                    figure.source,
                    figure.note,
                ]
                for region in self.geography.regions
                for figure in self.of(region.key)
            ],
        )
