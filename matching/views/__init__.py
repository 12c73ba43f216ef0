"""Pages that need matching: a region, two regions, an organisation, two of them, an initiative."""

from matching.views.initiatives import InitiativePage
from matching.views.organisations import OrganisationPage, OrganisationPairPage
from matching.views.regions import RegionPage, RegionPairChoice, RegionPairPage

__all__ = [
    "InitiativePage",
    "OrganisationPage",
    "OrganisationPairPage",
    "RegionPage",
    "RegionPairChoice",
    "RegionPairPage",
]
