"""The site as config.wsgi serves it, with the benchmark's own addresses beside its own."""

from django.conf import settings

from config.wsgi import application

settings.ROOT_URLCONF = "benchmarks.web.urls"

__all__ = ["application"]
