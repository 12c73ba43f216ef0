"""Addresses of these pages, put together in `config.urls`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
