"""NUTS units, the home regions and areas that group them, and who is at home where.

The rules are those of docs/adr/0004-home-regions.md.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.reference_data.tables import rows, write

# Countries and single codes whose political region is NUTS level 1.
LEVEL_1_COUNTRIES = frozenset({"BE", "DE", "FR", "UK"})
LEVEL_1_CODES = {"PL91": "PL9", "PL92": "PL9", "SI03": "SI0", "SI04": "SI0"}
# Each French overseas region is a region of its own inside FRY.
LEVEL_2_CODES = frozenset({"FRY"})
# Groupings over home regions or below level 2 that the collaboration speaks of.
EXTRA_AREAS = {"NL1": ("NL11", "NL12", "NL13"), "SE313": ("SE313",)}
# Regions defined by their parts, since the level above is the whole country.
DEFINED_BY_PARTS = frozenset({"SI0", "NL1"})
# Two territories are the same when they share all but this part of their area: two municipalities
# that moved from Marche to Emilia-Romagna (0.6 %) do not make another region of either.
SLIVER = 0.01

# Letters that Unicode does not decompose into a base letter and a mark.
LETTERS = str.maketrans(
    {
        "’": " ",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "ı": "i",
        "ð": "d",
        "þ": "th",
        "œ": "oe",
    }
)


@dataclass(frozen=True)
class Unit:
    """One NUTS unit of one version."""

    version: int
    code: str
    level: int
    country: str
    name: str
    parent: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class RegionRow:
    """One region: its key (the code that names it) and the NUTS units that define it."""

    key: str
    kind: str
    slug: str
    name: str
    local_name: str
    country: str
    units_2021: tuple[str, ...]
    units_2024: tuple[str, ...]
    label: str
    latitude: str
    longitude: str


def slugify(name: str) -> str:
    """Return a name in ASCII letters, digits and hyphens; ł, ø and the like keep their letter."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def tidy(name: str) -> str:
    """Return a NUTS name without the marks that only tell units of two countries apart."""
    return re.sub(r"^Prov\. | \([A-Z]{2}\)$|\*$", "", name).strip()


def read_units(shared: Path) -> dict[tuple[int, str], Unit]:
    """Return every unit of NUTS 2021 and 2024 by version and code."""
    units = {}
    for version in (2021, 2024):
        for row in rows(shared / f"nuts_{version}.csv"):
            units[version, row["nuts_id"]] = Unit(
                version,
                row["nuts_id"],
                int(row["level"]),
                row["country"],
                row["name_latn"],
                row["parent"],
                row["lat"],
                row["lon"],
            )
    return units


def home_code(level_2: str) -> str:
    """Return the code of the home region of a level-2 unit of NUTS 2021."""
    if level_2 in LEVEL_1_CODES:
        return LEVEL_1_CODES[level_2]
    level_1 = level_2[:3]
    if level_2[:2] in LEVEL_1_COUNTRIES and level_1 not in LEVEL_2_CODES:
        return level_1
    return level_2


class Geography:
    """The regions and the home of every NUTS 3 unit, worked out from the raw tables."""

    def __init__(self, shared: Path, names: Path) -> None:
        self.units = read_units(shared)
        self.english = {row["code"]: row["name"] for row in rows(names)}
        self.local = {row["code"]: row["local_name"] for row in rows(names)}
        self.flows = [
            (
                row["nuts3_2021"],
                row["nuts3_2024"],
                float(row["area_km2"]),
                int(row["population_2021"]),
            )
            for row in rows(shared / "nuts3_2021_to_2024.csv")
        ]
        self.parts = self._parts()
        self.home_of_unit = self._homes_of_units()
        self.regions = sorted(self._regions(), key=lambda region: (region.country, region.key))
        self.slug = {region.key: region.slug for region in self.regions}
        slugs = [region.slug for region in self.regions]
        if len(set(slugs)) != len(slugs):
            twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
            raise ValueError(f"slugs used twice: {twice}")
        unknown = self.english.keys() - self.slug.keys()
        if unknown:
            raise ValueError(f"names of no region: {sorted(unknown)}")

    def _parts(self) -> dict[str, tuple[str, ...]]:
        """Return the level-2 (or, for one area, level-3) units of every region by its key."""
        parts: dict[str, list[str]] = defaultdict(list)
        for (version, code), unit in sorted(self.units.items()):
            if version == 2021 and unit.level == 2:
                parts[home_code(code)].append(code)
        # Not in NUTS 2021 at all.
        parts["XK00"] = ["XK00"]
        for home in list(parts):
            if len(parts[home]) > 1:
                parts.update({code: [code] for code in parts[home]})
        parts.update({key: list(codes) for key, codes in EXTRA_AREAS.items()})
        return {key: tuple(codes) for key, codes in parts.items()}

    def is_home(self, key: str) -> bool:
        """Tell a home region from an area."""
        return key not in EXTRA_AREAS and home_code(key) == key

    def _homes_of_units(self) -> dict[tuple[int, str], str]:
        """Return the home region's key of every NUTS 3 unit of both versions.

        A unit of 2024 belongs where most of its people live by the crosswalk (by area where
        nobody lives), and by its own code where the crosswalk is silent.
        """
        homes = {
            (2021, code): home_code(code[:4])
            for (version, code), unit in self.units.items()
            if version == 2021 and unit.level == 3
        }
        share: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
        for old, new, area, population in self.flows:
            home = homes[2021, old]
            people, surface = share[new].get(home, (0, 0.0))
            share[new][home] = (people + population, surface + area)
        for (version, code), unit in self.units.items():
            if version == 2024 and unit.level == 3:
                if code in share:
                    homes[version, code] = max(share[code], key=lambda home: share[code][home])
                elif (2021, code) in homes:
                    homes[version, code] = homes[2021, code]
                elif code[:4] in self.parts:
                    homes[version, code] = home_code(code[:4])
                else:
                    raise ValueError(f"NUTS 2024 unit {code} has no home region")
        return homes

    def _defining(self, key: str) -> tuple[str, ...]:
        """Return the codes of NUTS 2021 that define a region."""
        parts = self.parts[key]
        if key in DEFINED_BY_PARTS or key in parts:
            return parts
        return (key, *parts) if len(parts) == 1 else (key,)

    def _same_in_2024(self, codes: Iterable[str], level_3: frozenset[str]) -> tuple[str, ...]:
        """Return the codes of NUTS 2024 that cover the same territory, or nothing.

        The same codes if they still do; else the smallest set of units, none inside another,
        that together are the region.
        """
        if not any(old in level_3 for old, *_ in self.flows):
            return tuple(code for code in codes if (2024, code) in self.units)
        inside: dict[str, float] = defaultdict(float)
        whole: dict[str, float] = defaultdict(float)
        total = 0.0
        for old, new, area, _population in self.flows:
            total += area if old in level_3 else 0
            for level in (3, 4, 5):
                whole[new[:level]] += area
                inside[new[:level]] += area if old in level_3 else 0
        same = {
            code
            for code, area in inside.items()
            if area > (1 - SLIVER) * whole[code] and (2024, code) in self.units
        }
        kept = tuple(code for code in codes if code in same)
        if (
            kept
            and sum(whole[code] for code in kept if code[:-1] not in kept) > (1 - SLIVER) * total
        ):
            return kept
        top = tuple(sorted(code for code in same if code[:-1] not in same))
        return top if sum(whole[code] for code in top) > (1 - SLIVER) * total else ()

    def level_3(self, key: str) -> frozenset[str]:
        """Return the NUTS 3 units (2021) of a region."""
        return frozenset(
            code
            for (version, code), unit in self.units.items()
            if version == 2021 and unit.level == 3 and code.startswith(self.parts[key])
        )

    def _regions(self) -> Iterable[RegionRow]:
        for key, parts in self.parts.items():
            version = 2021 if (2021, key) in self.units else 2024
            unit = self.units[version, key]
            codes = self._defining(key)
            name = self.english.get(key) or tidy(unit.name)
            joined = " + ".join(parts)
            yield RegionRow(
                key=key,
                kind="home" if self.is_home(key) else "area",
                slug=slugify(name),
                name=name,
                local_name=self.local.get(key) or tidy(unit.name),
                country=unit.country,
                units_2021=() if version == 2024 else codes,
                units_2024=codes
                if version == 2024
                else self._same_in_2024(codes, self.level_3(key)),
                label=joined if key in parts or key in DEFINED_BY_PARTS else f"{key} = {joined}",
                latitude=unit.latitude,
                longitude=unit.longitude,
            )

    def write(self, output: Path) -> None:
        """Write ``nuts.csv.gz`` and ``regions.csv``."""
        write(
            output / "nuts.csv.gz",
            "version code level country name parent latitude longitude home",
            [
                [
                    unit.version,
                    unit.code,
                    unit.level,
                    unit.country,
                    unit.name,
                    unit.parent,
                    unit.latitude,
                    unit.longitude,
                    self.slug[self.home_of_unit[place]] if unit.level == 3 else "",
                ]
                for place, unit in sorted(self.units.items())
            ],
        )
        write(
            output / "regions.csv",
            "slug kind name local_name country nuts_2021 nuts_2024 nuts_label latitude longitude",
            [
                [
                    region.slug,
                    region.kind,
                    region.name,
                    region.local_name,
                    region.country,
                    " ".join(region.units_2021),
                    " ".join(region.units_2024),
                    region.label,
                    region.latitude,
                    region.longitude,
                ]
                for region in self.regions
            ],
        )
