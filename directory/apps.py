from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("directory")

    def ready(self) -> None:
        from directory import filling
        from directory.saved import personal_data
        from regions import bulk

        bulk.written.connect(filling.fill_after_bulk, dispatch_uid="directory")
        personal_data.register()
