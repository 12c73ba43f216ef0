"""Initiatives and who takes part in them, as tables of files."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.exchange.columns import By, Column, Reference, References
from accounts.exchange.naming import NamedRows
from accounts.exchange.rows import Rows
from initiatives.models import Initiative, Participation
from initiatives.services import MixesInventedAndReal, check_participant
from organisations.exchange import BY_ORGANISATION, Website
from regions.exchange import BY_COUNTRY, BY_SOURCE
from regions.models import Network

BY_INITIATIVE = By(Initiative)


class InitiativeRows(NamedRows):
    slug = Column("slug")
    kind = Column("kind")
    name = Column("name")
    acronym = Column("acronym")
    description = Column("description")
    status = Column("status")
    start_date = Column("start_date")
    end_date = Column("end_date")
    date_note = Column("date_note")
    place = Column("place")
    total_cost = Column("total_cost")
    max_contribution = Column("max_contribution")
    rcn = Column("rcn")
    grant_id = Column("grant_id")
    call_topics = Column("call_topics")
    website = Website("website")
    part_of = Reference("part_of", BY_INITIATIVE)
    network = Reference("network", By(Network))
    lead = Reference("lead", BY_ORGANISATION)
    lead_name = Column("lead_name")
    source = Reference("source", BY_SOURCE)
    further_sources = References("further_sources", BY_SOURCE)
    own_numbers = ("rcn", "grant_id")
    fetched = ("part_of", "network", "lead", "source")
    prefetched = ("further_sources",)

    class Meta:
        model = Initiative
        import_id_fields = ["slug"]

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        if row.pk is not None and row.part_of_id == row.pk:
            raise ValidationError({"part_of": [_("An initiative is not part of itself.")]})


class ParticipationRows(Rows):
    """Participants with a profile are known by it, others by their PIC or their name."""

    initiative = Reference("initiative", BY_INITIATIVE)
    organisation = Reference("organisation", BY_ORGANISATION)
    pic = Column("pic")
    name = Column("name")
    country = Reference("country", BY_COUNTRY)
    activity_type = Column("activity_type")
    role = Column("role")
    contribution = Column("contribution")
    source = Reference("source", BY_SOURCE)
    fetched = ("initiative__source", "organisation", "country", "source")

    class Meta:
        model = Participation
        import_id_fields = ["initiative", "organisation", "pic", "name"]

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        if row.organisation is None:
            return
        try:
            check_participant(initiative=row.initiative, organisation=row.organisation)
        except MixesInventedAndReal as error:
            raise ValidationError(
                {"organisation": [_("Illustrative and real ones never take part together.")]}
            ) from error
