"""Make the demonstration ready and show its main job."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config import demonstration
from matching import services
from matching.index import in_use
from matching.presentation import suggestions_as_text
from organisations.models import Organisation
from regions.models import Region


class Command(BaseCommand):
    help = (
        "Migrate, load the reference and demonstration data, build the match index, and print "
        "the explained partners of a research organisation and the log-ins."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=5, help="how many partners to print")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        call_command("migrate", verbosity=0)
        loaded = False
        for step, checksum in list(demonstration.outdated_steps()):
            self.stdout.write(self.style.MIGRATE_HEADING(step.title))
            step.load()
            demonstration.remember(step, checksum)
            loaded = True
        if loaded:  # triggers have filled the search, but not in the order that suits it best
            self.stdout.write(self.style.MIGRATE_HEADING("Search"))
            call_command("build_directory", verbosity=0)
        if loaded or not index_is_ready():
            self.stdout.write(self.style.MIGRATE_HEADING("Match index"))
            call_command("build_index")
        demonstration.collect_static()
        self.print_partners(options["limit"])
        self.print_logins()
        self.stdout.write(f"\nReady after {time.monotonic() - began:.1f} s.")

    def print_partners(self, limit: int) -> None:
        organisation = Organisation.objects.select_related("home_region", "country").get(
            pic=demonstration.RESEARCH_ORGANISATION
        )
        region = Region.objects.get(slug=demonstration.PARTNER_REGION)
        self.stdout.write(self.style.MIGRATE_HEADING(f"\nWho fits in {region.name}, and why"))
        for line in suggestions_as_text(
            organisation,
            services.suggestions_for(organisation=organisation, region=region, limit=limit),
        ):
            self.stdout.write(line)

    def print_logins(self) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING("\nLog-ins of this demonstration"))
        for login in demonstration.logins():
            self.stdout.write(f"  {login.role:<13}  {login.email}  {login.password}")
        self.stdout.write(f"  (kept in {settings.DATA_DIR.name}/demo-logins.json)")


def index_is_ready() -> bool:
    """Whether there is a match index that can be read."""
    try:
        in_use()
    except services.IndexNotBuilt:
        return False
    return True
