"""Who an organisation is and whom it looks for, edited field by field, for pages and API alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import (
    MaxLengthValidator,
    ProhibitNullCharactersValidator,
)
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.lines import one_line, refuse_unseen
from accounts.models import User
from organisations import website_checks
from organisations.identifiers import pic_of, vat_number_of
from organisations.merging_edits import EditsClash, merged
from organisations.models import Organisation
from organisations.websites import website_of
from regions.models import NutsUnit, Region

MOST_DESCRIPTION: Final = 4_000

PLAIN: Final = (
    "name",
    "short_name",
    "kind",
    "description",
    "size",
    "website",
    "vat_number",
    "city",
    "languages",
    "wanted_kinds",
)
"""Fields whose values are written as they come."""

FIELDS: Final = (*PLAIN, "pic", "country", "nuts3", "wanted_regions")
"""All that an editor may change, by the names that forms and API use: a country by its code, a
NUTS 3 unit by its code of 2021, regions by their slugs."""

FROZEN: Final = ("kind", "pic")
"""What moderators looked at and others rely on: fixed once a profile is verified."""

REQUIRED: Final = ("name", "kind", "country")


@dataclass(frozen=True)
class Edited:
    """What was saved, and which fields somebody else changed meanwhile."""

    organisation: Organisation
    changed: tuple[str, ...]
    taken_over: tuple[str, ...] = ()


LINES: Final = ("name", "short_name", "city")

CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "website": website_of,
    "vat_number": vat_number_of,
    "pic": pic_of,
}


VALIDATORS: Final[Mapping[str, Callable[[str], None]]] = {
    "description": MaxLengthValidator(MOST_DESCRIPTION),
}
"""What the tables demand as well, here with the field that it is about."""


def as_edited(organisation: Organisation) -> dict[str, Any]:
    """The fields as JSON holds them, in two queries at most: what a form is opened with."""
    unit, regions = organisation.nuts3, organisation.wanted_regions
    return {
        **{name: getattr(organisation, name) for name in PLAIN},
        "pic": organisation.pic or "",
        "country": organisation.country_id or "",
        "nuts3": unit.code if unit else "",
        "wanted_regions": sorted(regions.values_list("slug", flat=True)),
    }


@transaction.atomic
def edit(
    *,
    organisation: Organisation,
    by: User,
    values: Mapping[str, Any],
    opened: Mapping[str, Any] | None = None,
) -> Edited:
    """Change some of `FIELDS`; the others stay as they are.

    ``opened`` is what the person saw when they began: what somebody else changed since is kept, see
    `merging_edits`. Without it, the values hold. A NUTS 3 unit brings its home region, country and
    coordinates along. Raises PermissionDenied, ValidationError by field, and `EditsClash`.
    """
    present = _locked(organisation, by)
    before = as_edited(present)
    # what stands there already is no mistake of this person's
    wanted, unfit = {}, {}
    for name, value in values.items():
        try:
            wanted[name] = (
                value if name in before and value == before[name] else _cleaned(name, value)
            )
        except ValidationError as error:
            unfit[name] = error.messages
    if unfit:
        raise ValidationError(unfit | _errors(wanted))
    merge = merged(opened=before if opened is None else opened, present=before, wanted=wanted)
    if merge.clashes:
        raise EditsClash(merge, before)
    changes = merge.changes
    if not changes:
        return Edited(present, (), merge.taken_over)
    errors = _errors(changes)
    if present.is_public:
        errors |= {
            name: [_("The profile is verified: ask a moderator to change this.")]
            for name in FROZEN
            if before[name] and name in changes
        }
    if errors:
        raise ValidationError(errors)
    for name in PLAIN:
        if name in changes:
            setattr(present, name, changes[name])
    if "pic" in changes:
        present.pic = changes["pic"] or None
    if "nuts3" in changes or "country" in changes:
        _set_place(present, changes)
    present.full_clean(exclude={"country", "nuts3", "home_region", "source", "slug"})
    present.save()
    if "website" in changes:
        website_checks.ask_later(organisation=present)
    if "wanted_regions" in changes:
        present.wanted_regions.set(_regions(changes["wanted_regions"]))
    return Edited(present, tuple(changes), merge.taken_over)


def _locked(organisation: Organisation, by: User) -> Organisation:
    editable = Organisation.objects.editable_by(by)
    found = editable.select_for_update(of=("self",), no_key=True).filter(pk=organisation.pk).first()
    if found is None:
        raise PermissionDenied(_("You may not edit this organisation."))
    return found


def _cleaned(name: str, value: Any) -> Any:
    if name not in FIELDS:
        raise ValueError(f"{name} is not for editors")
    if isinstance(value, str):
        value = value.replace("\r\n", "\n").strip()
        ProhibitNullCharactersValidator()(value)
        if name in LINES:
            value = one_line(value)
            refuse_unseen(value)
        if name in CLEANERS:
            value = CLEANERS[name](value)
    return sorted(set(value)) if isinstance(value, list) else value


def _errors(changes: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {name: [_("This field is required.")] for name in REQUIRED if changes.get(name) == ""}
    for name, validator in VALIDATORS.items():
        if changes.get(name):
            try:
                validator(changes[name])
            except ValidationError as error:
                errors[name] = error.messages
    return errors


def _set_place(organisation: Organisation, changes: Mapping[str, Any]) -> None:
    """The seat: a unit decides on country, home region and coordinates."""
    if "nuts3" in changes:
        unit = _unit(changes["nuts3"]) if changes["nuts3"] else None
        organisation.nuts3 = unit
        organisation.home_region_id = unit.home_region_id if unit else None
        organisation.latitude, organisation.longitude = (
            (unit.latitude, unit.longitude) if unit else (None, None)
        )
        if unit and not changes.get("country"):
            organisation.country_id = unit.country_id
    if changes.get("country"):
        organisation.country_id = changes["country"]
    if organisation.nuts3 and organisation.nuts3.country_id != organisation.country_id:
        raise ValidationError(
            {
                "nuts3": [
                    _("“%(unit)s” is in another country. Choose a place in the country above.")
                    % {"unit": organisation.nuts3.name}
                ]
            }
        )


def _unit(code: str) -> NutsUnit:
    units = NutsUnit.objects.filter(version=NutsUnit.Version.V2021, level=3, code=code)
    unit = units.first()
    if unit is None:
        raise ValidationError({"nuts3": [_("There is no NUTS 3 unit of this code.")]})
    return unit


def _regions(slugs: list[str]) -> list[Region]:
    regions = list(Region.objects.filter(slug__in=slugs))
    unknown = set(slugs) - {region.slug for region in regions}
    if unknown:
        raise ValidationError(
            {
                "wanted_regions": [
                    _("There is no region “%(region)s”.") % {"region": min(unknown)[:40]}
                ]
            }
        )
    return regions
