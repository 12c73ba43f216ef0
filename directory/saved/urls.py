"""Addresses of saved searches: of one's account, and those that open without a log-in."""

from django.urls import path

from directory.saved import feed, unsubscribing, views

account_pages = [
    path("", views.saved_searches, name="list"),
    path("new/", views.NewSearch.as_view(), name="new"),
    path("pause/", views.pause_all, name="pause"),
    path("<int:pk>/", views.SearchPage.as_view(), name="detail"),
    path("<int:pk>/frequency/", views.change_frequency, name="frequency"),
    path("<int:pk>/feed/", views.change_feed, name="feed"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
open_pages = [
    path("feed/<str:token>/", feed.feed, name="search-feed"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
