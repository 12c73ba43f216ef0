"""All addresses of the site.

The pages of regions, organisations and initiatives show suggestions, so their views stand on the
upper floor; their names stay those of the rooms they are about.
"""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import set_language

from accounts.urls import instead_of_allauth
from config import crawling, views
from config.admin import view_on_site
from config.cards.urls import urlpatterns as card_pages
from config.design.urls import urlpatterns as design_pages
from directory.exporting.views import export
from directory.saved.urls import account_pages as saved_searches
from directory.saved.urls import open_pages as saved_searches_for_all
from directory.views import search_page, suggestions
from matching.briefing.api import BriefingJson
from matching.profiles.urls import urlpatterns as profile_pages
from matching.urls import organisation_pages as choice_pages
from matching.views import (
    ClusterMembers,
    ClusterPage,
    InitiativePage,
    OrganisationPage,
    OrganisationPairPage,
    RegionPage,
    RegionPairChoice,
    RegionPairPage,
    RegionPairPdf,
)
from organisations.clusters.urls import urlpatterns as cluster_pages
from organisations.moderating.urls import organisation_pages as review_pages
from organisations.moderating.urls import urlpatterns as moderation_pages
from organisations.registering.urls import urlpatterns as registering_pages
from regions.dossiers.urls import urlpatterns as dossier_pages

region_pages = [
    path("", search_page, {"directory": "regions"}, name="list"),
    *dossier_pages,
    path("<slug:slug>/", RegionPage.as_view(), name="detail"),
    path("<slug:slug>/with/", RegionPairChoice.as_view(), name="choose"),
    path("<slug:slug>/with/<slug:other>/", RegionPairPage.as_view(), name="pair"),
    path("<slug:slug>/with/<slug:other>.json", BriefingJson.as_view(), name="pair-json"),
    path("<slug:slug>/with/<slug:other>.pdf", RegionPairPdf.as_view(), name="pair-pdf"),
]
organisation_pages = [
    path("", search_page, {"directory": "organisations"}, name="list"),
    # before the slug, which a word of theirs could be
    *registering_pages,
    path("<slug:slug>/", OrganisationPage.as_view(), name="detail"),
    path("<slug:slug>/with/<slug:other>/", OrganisationPairPage.as_view(), name="pair"),
    path("<slug:slug>/dossier/", ClusterPage.as_view(), name="cluster-dossier"),
    path("<slug:slug>/dossier/members/", ClusterMembers.as_view(), name="cluster-members"),
    *choice_pages,
    *profile_pages,
    *cluster_pages,
    *review_pages,
]
initiative_pages = [
    path("", search_page, {"directory": "initiatives"}, name="list"),
    path("<slug:slug>/", InitiativePage.as_view(), name="detail"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("search/", search_page, name="search"),
    path("clusters/", search_page, {"directory": "clusters"}, name="clusters"),
    path("search/names/", suggestions, name="suggestions"),
    path("search/", include(saved_searches_for_all)),
    re_path("^search/export/(?P<kind>csv|xlsx|jsonld)/$", export, name="search_export"),
    path("sources/", views.sources, name="sources"),
    path("regions/", include((region_pages, "regions"))),
    path("organisations/", include((organisation_pages, "organisations"))),
    path("initiatives/", include((initiative_pages, "initiatives"))),
    path("moderation/", include((moderation_pages, "moderation"))),
    path("accounts/", include(instead_of_allauth)),
    path("accounts/", include("allauth.urls")),
    path("account/searches/", include((saved_searches, "searches"))),
    path("account/", include("accounts.urls")),
    path("cards/", include((card_pages, "cards"))),
    path("design/", include((design_pages, "design"))),
    path("robots.txt", crawling.robots, name="robots"),
    path("sitemap.xml", crawling.index, name="sitemap"),
    path("sitemap-<slug:kind>-<int:part>.xml", crawling.part, name="sitemap_part"),
    path("language/", set_language, name="set_language"),
    path("api/v1/", include("config.api_urls")),
    path(
        "admin/r/<int:content_type_id>/<path:object_id>/",
        admin.site.admin_view(view_on_site),
    ),
    path("admin/", admin.site.urls),
]

handler403 = views.no_access
handler429 = "accounts.views.too_many_requests"  # asked for by allauth
