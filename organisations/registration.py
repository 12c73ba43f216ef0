"""Registering an organisation: ``registration.register(by=…, token=…, name=…)``."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import slugs
from accounts.authorship import written_by
from accounts.models import User
from accounts.slugs import slug_of
from organisations import duplicates, website_checks
from organisations.duplicates import Duplicate
from organisations.models import FormerAddress, Organisation, TeamMember
from organisations.models.invitations import digest_of
from organisations.names import plain
from organisations.refusals import NotPossible
from regions.models import Country

RESERVED: Final = frozenset(
    {
        "register",
        "registered",
        "invitations",
        "invitation",
        "cluster-invitations",
        "members",
        "new",
        "search",
        "api",
        "admin",
        "moderation",
        "import",
        "export",
        "claim",
        "claims",
        "team",
        "teams",
        "logo",
        "logos",
        "compare",
        "pair",
        "with",
        "me",
    }
)
"""Words that an address under ``/organisations/`` begins with, or may begin with one day."""

MOST_DRAFTS: Final = 10
A_DAY: Final = 20
"""Organisations that one person may register in a day, whatever becomes of them."""
FORM: Final = "form"
"""Where ``Organisation.registered`` keeps which sending of the form made the draft."""


class NearDuplicates(Exception):
    """Somebody near is here whom the person has not been shown yet, or who is the same for
    certain."""

    def __init__(self, found: Sequence[Duplicate]) -> None:
        super().__init__(_("Organisations like this one are here already."))
        self.found = found


@transaction.atomic
def register(
    *,
    by: User,
    token: str,
    name: str,
    kind: Organisation.Kind | str,
    country: Country,
    city: str,
    website: str = "",
    short_name: str = "",
    pic: str = "",
    vat_number: str = "",
    seen: Collection[str] = (),
) -> Organisation:
    """Make a draft whose owner is ``by``; the same ``token`` makes it once.

    ``seen`` are the marks of the near-duplicates that the person was shown and says not to be.
    Raises NearDuplicates for any other, NotPossible for a PIC of somebody archived and for too
    many drafts, ValidationError for fields that the profile does not take.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two sendings of one form take turns
    form = digest_of(token)
    own = Organisation.objects.filter(team__user=by)
    made = own.filter(**{f"registered__{FORM}": form}).first()
    if made is not None:
        return made
    drafts = own.filter(team__role=TeamMember.Role.OWNER).exclude(status="verified")
    if drafts.distinct().count() >= MOST_DRAFTS:
        raise NotPossible(
            _("%(most)d organisations of yours are not verified yet. Finish one of them first.")
            % {"most": MOST_DRAFTS}
        )
    today = Organisation.history.filter(
        history_type="+", history_user=by, history_date__gt=timezone.now() - timedelta(days=1)
    )
    if today.count() >= A_DAY:
        raise NotPossible(_("You have registered many organisations today. Go on tomorrow."))
    _check_new(by, seen, name, short_name, city, website, pic, vat_number)
    organisation = Organisation(
        name=name,
        short_name=short_name,
        kind=kind,
        country=country,
        city=city,
        website=website,
        pic=pic or None,
        vat_number=vat_number,
        registered={FORM: form},
    )
    _save(written_by(organisation, by))
    TeamMember.objects.create(organisation=organisation, user=by, role=TeamMember.Role.OWNER)
    website_checks.ask_later(organisation=organisation)
    return organisation


def _check_new(
    by: User,
    seen: Collection[str],
    name: str,
    short_name: str,
    city: str,
    website: str,
    pic: str,
    vat_number: str,
) -> None:
    if pic and Organisation.objects.filter(pic=pic, status="archived").exists():
        raise NotPossible(
            _("An organisation with this PIC was here and is archived. Write to the moderators.")
        )
    found = duplicates.near(
        user=by,
        name=name,
        short_name=short_name,
        city=city,
        website=website,
        pic=pic,
        vat_number=vat_number,
    )
    if any(one.is_certain or one.mark not in seen for one in found):
        raise NearDuplicates(found)


def _save(organisation: Organisation) -> None:
    """Save under the first free address; somebody else may take it at the same moment."""
    organisation.slug = "to-be-found"
    organisation.clean_fields(exclude=["slug"])
    for attempt in range(5):
        organisation.slug = free_slug(organisation.name)
        try:
            with transaction.atomic():
                organisation.validate_constraints(exclude=["slug"])
                organisation.save(force_insert=True)
            return
        except IntegrityError as error:
            if organisation.pic and Organisation.objects.filter(pic=organisation.pic).exists():
                raise ValidationError(
                    {"pic": _("An organisation with this PIC is here already.")}
                ) from error
            if attempt == 4:
                raise


def free_slug(name: str) -> str:
    """An address that nobody has or had, made of the name."""
    (slug,) = free_slugs([name])
    return slug


def free_slugs(names: Sequence[str]) -> list[str]:
    """Such an address for each of the names, all different; a few queries for any number."""
    bases = [slug_of(plain(name), longest=90, otherwise="organisation") for name in names]
    return slugs.free_slugs(bases, _taken)


def _taken(asked: Collection[str]) -> set[str]:
    return {
        *Organisation.objects.filter(slug__in=asked).values_list("slug", flat=True),
        *FormerAddress.objects.filter(slug__in=asked).values_list("slug", flat=True),
        *RESERVED.intersection(asked),
    }
