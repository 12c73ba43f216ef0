from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = _("Organisations")

    def ready(self) -> None:
        """Let every room say how its rows become one's when two organisations are merged."""
        from organisations import personal_data

        personal_data.register()
        autodiscover_modules("merging")
