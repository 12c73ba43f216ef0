"""Addresses of moderation, put together in `config.urls`."""

from django.urls import path

from organisations.moderating import member_views, views

urlpatterns = [
    path("", views.QueuePage.as_view(), name="queue"),
    path("claims/<int:pk>/", views.claim, name="claim"),
    path("<slug:slug>/", views.review, name="review"),
    path("<slug:slug>/answer/", views.answer, name="answer"),
    path("<slug:slug>/seen/", views.seen, name="seen"),
    path("<slug:slug>/website/", views.ask_website, name="website"),
]
"""Under ``/moderation/``, names in the namespace ``moderation``."""

organisation_pages = [
    path("<slug:slug>/review/", member_views.member_review, name="review"),
]
"""Under ``/organisations/``: what members see of the review of their profile."""
