"""Sources, vocabularies, regions and what is known about them, as tables of files."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q

from accounts.exchange.columns import By, Column, Label, Reference, References
from accounts.exchange.naming import NamedRows
from accounts.exchange.rows import Rows
from regions import concepts
from regions.models import (
    Concept,
    Country,
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    NutsUnit,
    Priority,
    Region,
    RegionContact,
    Source,
    Vocabulary,
)
from regions.querysets import CONCEPT_LANGUAGES


class ByIdentifier:
    """Concepts as addresses and filters write them: ``scheme:code``."""

    def find(self, names: Collection[str]) -> Mapping[str, Model]:
        schemes: dict[str, list[str]] = {}
        for name in names:
            scheme, _colon, code = name.partition(":")
            schemes.setdefault(scheme, []).append(code)
        wanted = Q(pk__in=[])
        for scheme, codes in schemes.items():
            wanted |= Q(vocabulary__scheme=scheme, code__in=codes)
        found = Concept.objects.filter(wanted).select_related("vocabulary")
        return {concept.identifier: concept for concept in found}

    def name(self, row: Any) -> str:
        return str(row.identifier)


class ByNutsCode:
    """NUTS units by their code in NUTS 2021, or as ``2024:PL213`` in another version."""

    def find(self, names: Collection[str]) -> Mapping[str, Model]:
        wanted = Q(pk__in=[])
        for version in NutsUnit.Version:
            codes = [
                name.removeprefix(f"{version.value}:")
                for name in names
                if name.startswith(f"{version.value}:")
                or (":" not in name and version == NutsUnit.Version.V2021)
            ]
            wanted |= Q(version=version, code__in=codes)
        found: dict[str, Model] = {}
        for unit in NutsUnit.objects.filter(wanted).select_related("home_region", "country"):
            found |= {self.name(unit): unit, f"{unit.version}:{unit.code}": unit}
        return found

    def name(self, row: Any) -> str:
        usual = row.version == NutsUnit.Version.V2021
        return str(row.code) if usual else f"{row.version}:{row.code}"


BY_SOURCE = By(Source)
BY_REGION = By(Region)
BY_COUNTRY = By(Country, "code")
BY_CONCEPT = ByIdentifier()
BY_NUTS = ByNutsCode()


class SourceRows(NamedRows):
    slug = Column("slug")
    title = Column("title")
    publisher = Column("publisher")
    url = Column("url")
    licence = Column("licence")
    standing = Column("standing")
    remark = Column("note", column="note")
    named = "title"

    class Meta:
        model = Source
        import_id_fields = ["slug"]


class VocabularyRows(Rows):
    scheme = Column("scheme")
    title = Column("title")
    version = Column("version")
    description = Column("description")
    source = Reference("source", BY_SOURCE)
    fetched = ("source",)

    class Meta:
        model = Vocabulary
        import_id_fields = ["scheme"]


class ConceptRows(Rows):
    """Concepts with a column for each language; broader ones stand before those they are broader
    than, or are there already."""

    vocabulary = Reference("vocabulary", By(Vocabulary, "scheme"))
    code = Column("code")
    label_en = Label("en")
    label_fr = Label("fr")
    label_pl = Label("pl")
    label_de = Label("de")
    label_es = Label("es")
    label_it = Label("it")
    broader = Reference("broader", BY_CONCEPT)
    position = Column("position")
    description = Column("description")
    fetched = ("vocabulary", "broader__vocabulary")

    class Meta:
        model = Concept
        import_id_fields = ["vocabulary", "code"]

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        try:
            concepts.check_broader(row, lock=not self.dry_run)
        except ValidationError as error:
            raise ValidationError({"broader": error.messages}) from error

    def save(self, row: Any, is_new: bool) -> None:
        """A concept of this file can be broader than one further down."""
        super().save(row, is_new)
        broader = self.fields["broader"]
        assert isinstance(broader, Reference)
        broader.found = {**broader.found, row.identifier: row}


class RegionRows(NamedRows):
    slug = Column("slug")
    name = Column("name")
    local_name = Column("local_name")
    kind = Column("kind")
    country = Reference("country", BY_COUNTRY)
    nuts_units = References("nuts_units", BY_NUTS)
    nuts_label = Column("nuts_label")
    capital = Column("capital")
    summary = Column("summary")
    summary_source = Reference("summary_source", BY_SOURCE)
    website = Column("website")
    latitude = Column("latitude")
    longitude = Column("longitude")
    apart = {"country": "country"}
    fetched = ("country", "summary_source")
    prefetched = ("nuts_units",)

    class Meta:
        model = Region
        import_id_fields = ["slug"]


class PriorityRows(Rows):
    region = Reference("region", BY_REGION)
    kind = Column("kind")
    concept = Reference("concept", BY_CONCEPT)
    title = Column("title")
    is_historic = Column("is_historic")
    year = Column("year")
    source = Reference("source", BY_SOURCE)
    fetched = ("region", "concept__vocabulary", "source")

    class Meta:
        model = Priority
        import_id_fields = ["region", "kind", "concept", "title"]


class KeyFigureRows(Rows):
    region = Reference("region", BY_REGION)
    indicator = Reference("indicator", By(Indicator))
    year = Column("year")
    source = Reference("source", BY_SOURCE)
    value = Column("value")
    qualifier = Column("qualifier")
    rank = Column("rank")
    rank_scope = Column("rank_scope")
    rank_of = Column("rank_of")
    remark = Column("note", column="note")
    fetched = ("region", "indicator", "source")

    class Meta:
        model = KeyFigure
        import_id_fields = ["region", "indicator", "year", "source"]


class DistinctionRows(Rows):
    region = Reference("region", BY_REGION)
    title = Column("title")
    year = Column("year")
    awarded_by = Column("awarded_by")
    remark = Column("note", column="note")
    note_source = Reference("note_source", BY_SOURCE)
    source = Reference("source", BY_SOURCE)
    fetched = ("region", "note_source", "source")

    class Meta:
        model = Distinction
        import_id_fields = ["region", "title", "year"]


class RegionContactRows(Rows):
    region = Reference("region", BY_REGION)
    office = Column("office")
    organisation = Column("organisation")
    website = Column("website")
    source = Reference("source", BY_SOURCE)
    fetched = ("region", "source")

    class Meta:
        model = RegionContact
        import_id_fields = ["region", "office"]


class NetworkRows(NamedRows):
    slug = Column("slug")
    name = Column("name")
    description = Column("description")
    website = Column("website")
    source = Reference("source", BY_SOURCE)
    fetched = ("source",)

    class Meta:
        model = Network
        import_id_fields = ["slug"]


class NetworkMembershipRows(Rows):
    network = Reference("network", By(Network))
    region = Reference("region", BY_REGION)
    role = Column("role")
    year = Column("year")
    remark = Column("note", column="note")
    source = Reference("source", BY_SOURCE)
    fetched = ("network", "region", "source")

    class Meta:
        model = NetworkMembership
        import_id_fields = ["network", "region"]


LANGUAGE_COLUMNS = tuple(f"label_{language}" for language in CONCEPT_LANGUAGES)
assert set(LANGUAGE_COLUMNS) < set(ConceptRows.fields), "a language without a column"
