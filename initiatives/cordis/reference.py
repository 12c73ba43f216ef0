"""The reference data an import looks things up in."""

from dataclasses import dataclass
from functools import cache

from initiatives.cordis.errors import FolderError, RowError
from initiatives.cordis.values import country, one_line, shown
from initiatives.data import rows_of
from organisations.models import Organisation
from regions.models import Concept, Country, NutsUnit, Source

KINDS = {
    "HES": Organisation.Kind.UNIVERSITY,
    "REC": Organisation.Kind.RESEARCH,
    "PRC": Organisation.Kind.COMPANY,
    "PUB": Organisation.Kind.PUBLIC_BODY,
    "OTH": Organisation.Kind.OTHER,
}
PROGRAMME_PARTS = "h2020-programme-parts"
EUROSCIVOC = "euroscivoc"
SOURCES = {"H2020": "cordis-h2020", "HORIZON": "cordis-horizon-europe", "": "cordis"}


@dataclass(frozen=True, slots=True)
class Place:
    """A NUTS 3 unit, where the code is of that level, and the home region, where it is certain."""

    nuts3: int | None
    home_region: int | None


class Reference:
    """Countries, NUTS units, concepts and sources by code, read once for each import."""

    def __init__(self) -> None:
        """Raise FolderError if the reference data has not been loaded."""
        self.countries = set(Country.objects.values_list("code", flat=True))
        self.concepts = {
            (scheme, code): pk
            for scheme, code, pk in Concept.objects.filter(
                vocabulary__scheme__in=[PROGRAMME_PARTS, EUROSCIVOC]
            ).values_list("vocabulary__scheme", "code", "pk")
        }
        self.sources = dict(
            Source.objects.filter(slug__in=SOURCES.values()).values_list("slug", "pk")
        )
        if not self.countries or len(self.sources) < len(SOURCES):
            raise FolderError("Load the reference data first: manage.py load_reference.")
        self._places = self._read_places()

    def country(self, value: str, *, missing: frozenset[str] = frozenset({""})) -> str | None:
        """Return the code of a known country, None where it is missing; RowError if unknown."""
        code = country(value)
        if code in missing:
            return None
        if code not in self.countries:
            raise RowError(f"country {shown(code)} is unknown")
        return code

    def place(self, value: str) -> Place | None:
        """Return where a NUTS code of any level lies, in 2021 or else 2024; RowError if unknown.

        A bare country code says nothing that the country does not.
        """
        code = one_line(value).upper()
        if len(code) <= 2:
            return None
        if code not in self._places:
            raise RowError(f"NUTS code {shown(code)} is of neither 2021 nor 2024")
        return self._places[code]

    def source(self, programme: str) -> int:
        """Return the source of a framework programme's data."""
        return self.sources[SOURCES.get(programme, SOURCES[""])]

    def programme_part(self, legal_basis: str) -> int | None:
        """Return the programme part that a legal basis (H2020-EU.3.3.) belongs to, if it is one."""
        for prefix, part in _legal_bases():
            if legal_basis.rstrip(".") == prefix or legal_basis.startswith(f"{prefix}."):
                return self.concepts.get((PROGRAMME_PARTS, part))
        return None

    @staticmethod
    def _read_places() -> dict[str, Place]:
        places: dict[str, Place] = {}
        for version in (NutsUnit.Version.V2021, NutsUnit.Version.V2024):
            larger: dict[str, set[int]] = {}
            units = NutsUnit.objects.filter(version=version, level=3)
            for code, pk, region in units.values_list("code", "pk", "home_region"):
                places.setdefault(code, Place(pk, region))
                for length in (3, 4):
                    larger.setdefault(code[:length], set()).add(region)
            for code, regions in larger.items():
                places.setdefault(code, Place(None, min(regions) if len(regions) == 1 else None))
        return places


@cache
def _legal_bases() -> list[tuple[str, str]]:
    """Legal bases and their programme parts, the longest first."""
    rows = [(row["legal_basis"], row["programme_part"]) for row in rows_of("programme_parts.csv")]
    return sorted(rows, key=lambda row: -len(row[0]))
