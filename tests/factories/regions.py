"""Regions, their words, and facts about them."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from regions.models import (
    Concept,
    ConceptRelation,
    Country,
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    NutsUnit,
    Priority,
    Region,
    RegionBoundary,
    RegionContact,
    RegionNeighbour,
    Source,
    Vocabulary,
)


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source
        django_get_or_create = ["slug"]

    slug = "public-source"
    title = factory.LazyAttribute(lambda source: source.slug.replace("-", " ").capitalize())
    publisher = "A publisher"
    url = "https://example.org/source"
    licence = "CC BY 4.0"
    standing = Source.Standing.CHECKED


class CountryFactory(DjangoModelFactory[Country]):
    """Poland, unless told otherwise; the same code gives the same country."""

    class Meta:
        model = Country
        django_get_or_create = ["code"]

    code = "PL"
    labels = factory.LazyAttribute(
        lambda country: {"en": {"PL": "Poland", "FR": "France"}.get(country.code, country.code)}
    )
    group = Country.Group.EU


class RegionFactory(DjangoModelFactory[Region]):
    """A home region; ``kind="area"`` makes a grouping that is nobody's home."""

    class Meta:
        model = Region
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"region-{n}")
    name = factory.Sequence(lambda n: f"Region {n}")
    kind = Region.Kind.HOME
    country = factory.SubFactory(CountryFactory)
    latitude = 50.06
    longitude = 19.94

    @factory.post_generation
    def nuts_units(self: Any, create: bool, units: Any, **kwargs: Any) -> None:
        if units:
            self.nuts_units.set(units)


class NutsUnitFactory(DjangoModelFactory[NutsUnit]):
    """A NUTS 3 unit of 2021 with a home region of its own; give ``level`` for a larger one."""

    class Meta:
        model = NutsUnit

    version = NutsUnit.Version.V2021
    code = factory.Sequence(lambda n: f"X{n:04}")
    level = 3
    country = factory.SubFactory(CountryFactory)
    name = factory.LazyAttribute(lambda unit: f"Unit {unit.code}")
    home_region = factory.Maybe(
        factory.LazyAttribute(lambda unit: unit.level == 3),
        factory.SubFactory(RegionFactory, country=factory.SelfAttribute("..country")),
        None,
    )


class RegionBoundaryFactory(DjangoModelFactory[RegionBoundary]):
    class Meta:
        model = RegionBoundary

    region = factory.SubFactory(RegionFactory)
    path = "M0 0L10 0L10 10Z"
    detailed_path = "M0 0L5 0L10 0L10 10Z"
    min_x = 0.0
    min_y = 0.0
    max_x = 10.0
    max_y = 10.0


class RegionNeighbourFactory(DjangoModelFactory[RegionNeighbour]):
    """Two regions with a common border, as seen from one of them."""

    class Meta:
        model = RegionNeighbour

    region = factory.SubFactory(RegionFactory)
    neighbour = factory.SubFactory(RegionFactory)
    km = 0


class VocabularyFactory(DjangoModelFactory[Vocabulary]):
    """The themes, unless another scheme is named; the same scheme gives the same vocabulary."""

    class Meta:
        model = Vocabulary
        django_get_or_create = ["scheme"]

    scheme = "themes"
    title = factory.LazyAttribute(lambda vocabulary: vocabulary.scheme.capitalize())
    version = "1"
    source = factory.SubFactory(SourceFactory)


class ConceptFactory(DjangoModelFactory[Concept]):
    """A concept; ``label="Storage"`` sets its English label."""

    class Meta:
        model = Concept

    class Params:
        label = factory.Sequence(lambda n: f"Concept {n}")

    vocabulary = factory.SubFactory(VocabularyFactory)
    code = factory.Sequence(lambda n: f"concept-{n}")
    labels = factory.LazyAttribute(lambda concept: {"en": concept.label})


class ConceptRelationFactory(DjangoModelFactory[ConceptRelation]):
    class Meta:
        model = ConceptRelation

    kind = ConceptRelation.Kind.THEME
    source = factory.SubFactory(ConceptFactory)
    target = factory.SubFactory(ConceptFactory)
    reason = "A reviewer's reason"


class PriorityFactory(DjangoModelFactory[Priority]):
    class Meta:
        model = Priority

    region = factory.SubFactory(RegionFactory)
    concept = factory.SubFactory(ConceptFactory)
    kind = Priority.Kind.THEME
    source = factory.SubFactory(SourceFactory)


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator
        django_get_or_create = ["slug"]

    slug = "population"
    label = factory.LazyAttribute(lambda indicator: indicator.slug.capitalize())
    unit = "people"


class KeyFigureFactory(DjangoModelFactory[KeyFigure]):
    class Meta:
        model = KeyFigure

    region = factory.SubFactory(RegionFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    value = "3500000.00"
    year = 2018
    source = factory.SubFactory(SourceFactory)


class DistinctionFactory(DjangoModelFactory[Distinction]):
    class Meta:
        model = Distinction

    region = factory.SubFactory(RegionFactory)
    title = factory.Sequence(lambda n: f"Distinction {n}")
    year = 2016
    source = factory.SubFactory(SourceFactory)


class NetworkFactory(DjangoModelFactory[Network]):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"network-{n}")
    name = factory.Sequence(lambda n: f"Network {n}")
    source = factory.SubFactory(SourceFactory)


class NetworkMembershipFactory(DjangoModelFactory[NetworkMembership]):
    class Meta:
        model = NetworkMembership

    network = factory.SubFactory(NetworkFactory)
    region = factory.SubFactory(RegionFactory)
    source = factory.SubFactory(SourceFactory)


class RegionContactFactory(DjangoModelFactory[RegionContact]):
    class Meta:
        model = RegionContact

    region = factory.SubFactory(RegionFactory)
    office = factory.Sequence(lambda n: f"Department {n}")
    source = factory.SubFactory(SourceFactory)
