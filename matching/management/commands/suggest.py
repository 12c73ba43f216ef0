"""Print the explained partners of one organisation."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from matching import services
from matching.facts import scoring_in_force
from matching.feedback.hidden import choices_of
from matching.presentation import suggestions_as_text
from matching.ranking import Ranking
from matching.serializers import suggestions_as_json
from organisations.lookup import NotFound, organisation_named, region_named
from organisations.models import Organisation

USAGE_ERROR = 2
MAX_LIMIT = 1000


class Command(BaseCommand):
    help = "Print the best partners of one organisation in other regions, and why they fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "organisation", metavar="NAME-OR-ID", help="its name or part of it, id, PIC or slug"
        )
        parser.add_argument("--region", help="only partners in this region or area (slug or name)")
        parser.add_argument("--limit", type=int, default=10, help="how many (default: 10)")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["limit"] <= MAX_LIMIT:
            raise CommandError(f"--limit is from 1 to {MAX_LIMIT}", returncode=USAGE_ERROR)
        try:
            organisation = organisation_named(
                options["organisation"], among=Organisation.objects.verified()
            )
            region = region_named(options["region"]) if options["region"] else None
        except NotFound as error:
            nearest = "".join(f"\n  {line}" for line in error.nearest)
            raise CommandError(
                f"{error} The nearest:{nearest}" if nearest else str(error),
                returncode=USAGE_ERROR,
            ) from error
        hidden = choices_of(organisation=organisation).hidden
        try:
            ranking = Ranking(scoring_in_force())
            matches = services.suggestions_for(
                organisation=organisation,
                limit=options["limit"],
                region=region,
                ranking=ranking,
                hidden=hidden,
            )
        except services.IndexNotBuilt as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            answer = suggestions_as_json(organisation, matches, ranking=ranking, hidden=hidden)
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for line in suggestions_as_text(organisation, matches, hidden=len(hidden)):
                self.stdout.write(line)
