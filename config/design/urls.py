"""Addresses of the component page."""

from django.urls import path

from config.design import views

urlpatterns = [
    path("", views.components, name="components"),
    path("schemes.css", views.schemes, name="schemes"),
]
