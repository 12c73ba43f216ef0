"""Rules of writing about organisations, for pages, API and admin alike."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from organisations.models import Organisation, Statement
from regions.models import Concept, NutsUnit


@transaction.atomic
def add_statement(
    *,
    organisation: Organisation,
    concept: Concept,
    role: Statement.Role,
    by: User,
    weight: int = 2,
    text: str = "",
    trl_from: int | None = None,
    trl_to: int | None = None,
    valid_until: date | None = None,
) -> Statement:
    """Declare that the organisation offers, needs or is interested in the concept.

    Raises PermissionDenied if ``by`` may not speak for the organisation, ValidationError for a
    weight or TRL out of range, or where the organisation declares this already.
    """
    _check_editable(organisation, by)
    statement = Statement(
        organisation=organisation,
        concept=concept,
        role=role,
        origin=Statement.Origin.DECLARED,
        weight=weight,
        text=text,
        trl_from=trl_from,
        trl_to=trl_to,
        valid_until=valid_until,
    )
    statement.full_clean()
    statement.save()
    return statement


@transaction.atomic
def set_place(
    *, organisation: Organisation, nuts3: NutsUnit | None, by: User, city: str = ""
) -> Organisation:
    """Move the seat to a NUTS 3 unit, and with it the home region; None: the place is unknown.

    Raises PermissionDenied if ``by`` may not speak for the organisation, ValueError for a unit of
    another level.
    """
    _check_editable(organisation, by)
    if nuts3 is not None and nuts3.home_region_id is None:
        raise ValueError(f"{nuts3} is not of level 3")
    place = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    place.nuts3 = nuts3
    place.home_region_id = nuts3.home_region_id if nuts3 else None
    if nuts3 is not None:
        place.country_id = nuts3.country_id
    place.latitude, place.longitude = (nuts3.latitude, nuts3.longitude) if nuts3 else (None, None)
    place.city = city
    place.save()
    return place


def _check_editable(organisation: Organisation, by: User) -> None:
    if not Organisation.objects.editable_by(by).filter(pk=organisation.pk).exists():
        raise PermissionDenied
