"""Addresses of these pages, put together in `config.urls`."""

from django.urls import URLPattern, path

from matching.profiles import discarding, statements, views

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/profile/", views.overview, name="profile"),
    # before the steps, whose names these are not
    path("<slug:slug>/profile/submit/", views.submit, name="submit"),
    path("<slug:slug>/profile/discard/", discarding.discard, name="discard"),
    path("<slug:slug>/profile/statements/<int:pk>/", statements.statement, name="statement"),
    path(
        "<slug:slug>/profile/statements/<int:pk>/remove/",
        statements.remove,
        name="remove-statement",
    ),
    path("<slug:slug>/profile/<slug:step>/", views.step, name="step"),
    path("<slug:slug>/profile/<slug:step>/add/", statements.add, name="add"),
]
