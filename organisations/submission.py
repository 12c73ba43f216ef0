"""A profile is handed in for verification: ``submission.submit(organisation=…, by=…)``."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import mail
from accounts.models import User
from organisations import website_checks
from organisations.models import Organisation
from organisations.moderating import messages
from organisations.moderation import StepNotPossible

MINIMUM: Final[dict[str, tuple[Promise | str, Callable[[Organisation], bool]]]] = {
    "name": (gettext_lazy("a name"), lambda one: bool(one.name)),
    "kind": (gettext_lazy("a kind of organisation"), lambda one: bool(one.kind)),
    "country": (gettext_lazy("a country"), lambda one: one.country_id is not None),
    "statements": (
        gettext_lazy("an offer, a need or an interest"),
        lambda one: one.statements.exists(),
    ),
}
"""What a moderator needs to say anything about a profile, in words, and whether it is there."""


class Incomplete(ValueError):
    """The profile lacks what it takes to be verified; ``missing`` says what, by key and in
    words."""

    def __init__(self, missing: dict[str, str]) -> None:
        super().__init__(
            _("Before it can be verified, the profile needs: %(missing)s.")
            % {"missing": "; ".join(missing.values())}
        )
        self.missing = missing


def missing(organisation: Organisation) -> dict[str, str]:
    """What the profile lacks before it may be submitted, by key and in words."""
    return {
        key: str(words) for key, (words, is_there) in MINIMUM.items() if not is_there(organisation)
    }


@transaction.atomic
def submit(*, organisation: Organisation, by: User, address: str = "") -> Organisation:
    """Ask the moderators to verify the profile; sent twice, it is asked once.

    ``address`` is the profile's own, for the message to the person; its moderators get another,
    with a link to its review. Raises PermissionDenied, `StepNotPossible` for a status that does not
    lead there, and `Incomplete`.
    """
    editable = Organisation.objects.editable_by(by)
    present = (
        editable.select_for_update(of=("self",), no_key=True).filter(pk=organisation.pk).first()
    )
    if present is None:
        raise PermissionDenied(_("You may not edit this organisation."))
    sources, target = Organisation.STEPS[Organisation.Step.SUBMIT]
    if present.status == target:
        return present
    if present.status not in sources:
        raise StepNotPossible(
            _("“%(name)s” is “%(status)s”: it cannot be submitted for verification.")
            % {"name": present, "status": present.get_status_display()}
        )
    lacking = missing(present)
    if lacking:
        raise Incomplete(lacking)
    is_again = present.status != Organisation.Status.DRAFT
    present.status = target
    present.submitted_at = timezone.now()
    present.save(update_fields=["status", "submitted_at", "updated_at"])
    website_checks.ask_later(organisation=present)
    mail.send(
        to=by.email,
        language=by.language,
        template="mail/profile_submitted",
        context={"organisation": present, "address": address},
    )
    review = reverse("moderation:review", args=[present.slug])
    page = urljoin(address, review) if address else ""
    messages.tell_of_submission(present, page=page, by=by, is_again=is_again)
    return present
