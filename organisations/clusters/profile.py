"""Rules of writing what only clusters have: their sectors and their label."""

from typing import Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.authorship import written_by
from accounts.models import User
from organisations.membership_rules import locked
from organisations.memberships import BY_BOTH, source
from organisations.models import Organisation, Sector
from regions.models import Concept

MOST_SECTORS: Final = 30


class SectorsFull(ValueError):
    """A cluster that is at home everywhere is at home nowhere."""


@transaction.atomic
def add_sector(*, cluster: Organisation, concept: Concept, by: User) -> Sector:
    """Declare a sector; a second time changes nothing.

    Raises PermissionDenied, or `SectorsFull`.
    """
    cluster = locked(cluster, by)
    present = Sector.objects.filter(organisation=cluster, concept=concept).first()
    if present is not None:
        return present
    if cluster.sectors.count() >= MOST_SECTORS:
        raise SectorsFull(
            _("A cluster has at most %(most)s sectors: remove one first.") % {"most": MOST_SECTORS}
        )
    sector = Sector.objects.create(organisation=cluster, concept=concept, source=source(BY_BOTH))
    _note(cluster, by, _("Sector added: %(sector)s.") % {"sector": concept.label})
    return sector


@transaction.atomic
def remove_sector(*, cluster: Organisation, pk: int, by: User) -> bool:
    """Take a sector away; False if it was gone already."""
    cluster = locked(cluster, by)
    sector = Sector.objects.filter(organisation=cluster, pk=pk).select_related("concept").first()
    if sector is None:
        return False
    sector.delete()
    _note(cluster, by, _("Sector removed: %(sector)s.") % {"sector": sector.concept.label})
    return True


@transaction.atomic
def set_label(
    *, cluster: Organisation, label: str, label_year: int | None, by: User
) -> Organisation:
    """Declare the label of cluster management, or that there is none.

    Raises PermissionDenied, or ValidationError for a label that does not exist.
    """
    cluster = locked(cluster, by)
    cluster.label, cluster.label_year = label, label_year if label else None
    cluster.clean_fields(exclude=[f.name for f in cluster._meta.fields if f.name != "label"])
    written_by(cluster, by).save(update_fields=["label", "label_year", "updated_at"])
    return cluster


def _note(cluster: Organisation, by: User, message: str) -> None:
    """Sectors have no history of their own: the log of the administration pages keeps it."""
    LogEntry.objects.log_actions(by.pk, [cluster], CHANGE, message, single_object=True)
