"""Rules of writing about initiatives, for loaders, pages, API and admin alike."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from initiatives.models import Initiative, Participation
from organisations.models import Organisation
from regions.models import Source


class MixesInventedAndReal(Exception):
    """A real organisation in an illustrative initiative, or the other way round."""


def check_participant(*, initiative: Initiative, organisation: Organisation) -> None:
    """Raise MixesInventedAndReal unless both are illustrative, or neither is."""
    if initiative.source.is_illustrative != organisation.is_illustrative:
        raise MixesInventedAndReal(
            f"{organisation} and {initiative}: illustrative and real ones never take part together"
        )


@transaction.atomic
def take_part(
    *,
    initiative: Initiative,
    organisation: Organisation,
    role: Participation.Role,
    source: Source,
    by: User,
) -> Participation:
    """Record that the organisation takes part; both its team and administrators may say so.

    Raises PermissionDenied if ``by`` may not speak for the organisation, MixesInventedAndReal,
    ValidationError where it takes part already.
    """
    if not Organisation.objects.editable_by(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    check_participant(initiative=initiative, organisation=organisation)
    participation = Participation(
        initiative=initiative,
        organisation=organisation,
        pic=organisation.pic or "",
        country_id=organisation.country_id,
        role=role,
        source=source,
    )
    participation.full_clean()
    participation.save()
    return participation
