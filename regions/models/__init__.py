"""Countries, NUTS, regions, vocabularies, and what is known about regions."""

from regions.models.facts import (
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    Priority,
    RegionContact,
    Source,
)
from regions.models.places import Country, NutsUnit, Region, RegionBoundary, RegionNeighbour
from regions.models.roles import RegionRole
from regions.models.vocabularies import Concept, ConceptRelation, Vocabulary

__all__ = [
    "Concept",
    "ConceptRelation",
    "Country",
    "Distinction",
    "Indicator",
    "KeyFigure",
    "Network",
    "NetworkMembership",
    "NutsUnit",
    "Priority",
    "Region",
    "RegionBoundary",
    "RegionContact",
    "RegionNeighbour",
    "RegionRole",
    "Source",
    "Vocabulary",
]
