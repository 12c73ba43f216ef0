"""Addresses of moderation, put together in `config.urls`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
"""Under ``/moderation/``, names in the namespace ``moderation``."""

organisation_pages: list[URLPattern] = []
"""Under ``/organisations/``: what members see of the review of their profile."""
