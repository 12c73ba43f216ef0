from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site as a whole: the home page and the commands that concern every room."""

    name = "config"
    label = "site"
