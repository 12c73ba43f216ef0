"""Pages that need matching: of regions, organisations, clusters and initiatives."""

from matching.views.briefings import RegionPairPage, RegionPairPdf
from matching.views.clusters import ClusterMembers, ClusterPage
from matching.views.initiatives import InitiativePage
from matching.views.organisations import OrganisationPage, OrganisationPairPage
from matching.views.regions import RegionPage, RegionPairChoice

__all__ = [
    "ClusterMembers",
    "ClusterPage",
    "InitiativePage",
    "OrganisationPage",
    "OrganisationPairPage",
    "RegionPage",
    "RegionPairChoice",
    "RegionPairPage",
    "RegionPairPdf",
]
