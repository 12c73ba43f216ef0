"""Addresses of the pictures."""

from django.urls import path

from config.cards import views

urlpatterns = [
    path("region/<slug:slug>.png", views.region, name="region"),
    path("regions/<slug:slug>/<slug:other>.png", views.regions, name="regions"),
    path("organisation/<slug:slug>.png", views.organisation, name="organisation"),
    path("initiative/<slug:slug>.png", views.initiative, name="initiative"),
]
