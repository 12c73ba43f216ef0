"""Addresses of the REST API, under ``/api/v1/``."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from config.api import NoSuchEndpoint
from config.api_docs import ApiDocsView
from directory.api import SearchView
from initiatives.api import InitiativeViewSet, OrganisationViewSet, ParticipationList
from matching.api import PairView, SuggestionsView
from matching.briefing.api import RegionFitView
from matching.feedback.api import ExclusionList, ExclusionUndo, FeedbackList, FeedbackUndo
from organisations.api_writing import StatementDetail, StatementList, SubmitView
from organisations.me import MeView
from regions.api import ConceptViewSet, RegionViewSet

router = DefaultRouter()
router.include_format_suffixes = False
router.register("regions", RegionViewSet, basename="api-region")
router.register("concepts", ConceptViewSet, basename="api-concept")
router.register("organisations", OrganisationViewSet, basename="api-organisation")
router.register("initiatives", InitiativeViewSet, basename="api-initiative")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("search/", SearchView.as_view(), name="api-search"),
    path("me/", MeView.as_view(), name="api-me"),
    path("docs/", ApiDocsView.as_view(), name="api-docs"),
    path("regions/<slug:slug>/fit/<slug:other>/", RegionFitView.as_view(), name="api-region-fit"),
    path(
        "organisations/<slug:slug>/suggestions/",
        SuggestionsView.as_view(),
        name="api-suggestions",
    ),
    path("organisations/<slug:slug>/feedback/", FeedbackList.as_view(), name="api-feedback"),
    path(
        "organisations/<slug:slug>/feedback/<int:pk>/",
        FeedbackUndo.as_view(),
        name="api-feedback-undo",
    ),
    path("organisations/<slug:slug>/statements/", StatementList.as_view(), name="api-statements"),
    path(
        "organisations/<slug:slug>/statements/<int:pk>/",
        StatementDetail.as_view(),
        name="api-statement",
    ),
    path("organisations/<slug:slug>/submit/", SubmitView.as_view(), name="api-submit"),
    path("organisations/<slug:slug>/exclusions/", ExclusionList.as_view(), name="api-exclusions"),
    path(
        "organisations/<slug:slug>/exclusions/<int:pk>/",
        ExclusionUndo.as_view(),
        name="api-exclusion-undo",
    ),
    path("organisations/<slug:slug>/matches/<slug:other>/", PairView.as_view(), name="api-pair"),
    path(
        "initiatives/<slug:slug>/participations/",
        ParticipationList.as_view(),
        name="api-participations",
    ),
    *router.urls,
    re_path(r"^[\s\S]*/$", NoSuchEndpoint.as_view()),
]
