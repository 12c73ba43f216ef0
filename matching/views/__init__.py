"""Pages that need matching: a region, two regions, an organisation, two organisations."""

from matching.views.briefings import RegionPairPage, RegionPairPdf
from matching.views.organisations import OrganisationPage, OrganisationPairPage
from matching.views.regions import RegionPage, RegionPairChoice

__all__ = [
    "OrganisationPage",
    "OrganisationPairPage",
    "RegionPage",
    "RegionPairChoice",
    "RegionPairPage",
    "RegionPairPdf",
]
