"""Addresses of these pages, put together in `config.urls`."""

from django.urls import URLPattern, path

from regions.dossiers import facts, views

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/edit/", views.dossier, name="dossier"),
    path("<slug:slug>/edit/about/", views.about, name="dossier-about"),
    path("<slug:slug>/edit/<slug:section>/add/", facts.add, name="dossier-add"),
    path("<slug:slug>/edit/<slug:section>/<int:pk>/", facts.change, name="dossier-change"),
    path("<slug:slug>/edit/<slug:section>/<int:pk>/delete/", facts.delete, name="dossier-delete"),
]
