"""What the data say about a profile that waits, for a moderator to judge by.

Each check is met, not met, or unknown where nobody but a person can tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.models import Organisation, WebsiteCheck

LEAST_MEMBERS = 15
LEAST_KINDS = 2
OLD = timedelta(days=30)


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``met`` is None where it is unknown."""

    label: str
    met: bool | None
    text: str = ""

    @property
    def verdict(self) -> str:
        if self.met is None:
            return _("unknown")
        return _("met") if self.met else _("not met")

    @property
    def tone(self) -> str:
        """The badge's look."""
        return {None: "historic", True: "demonstrated", False: "hydrogen"}[self.met]


def website(organisation: Organisation) -> Check:
    """Whether the website answers to the domain claimed."""
    label = _("Website answers to the domain claimed")
    if not organisation.website:
        return Check(label, False, _("No website is given."))
    check = getattr(organisation, "website_check", None)
    if check is None:
        return Check(label, None, _("Not asked yet."))
    if check.url != organisation.website:
        return Check(label, None, _("The address changed since it was asked: not asked yet."))
    said = _("%(url)s %(outcome)s (asked %(age)s ago).") % {
        "url": check.url,
        "outcome": check.get_outcome_display(),
        "age": timesince(check.checked_at),
    }
    text = " ".join(filter(None, [said, check.detail]))
    if timezone.now() - check.checked_at > OLD:
        return Check(label, None, text)
    return Check(label, check.outcome == WebsiteCheck.Outcome.ANSWERS, text)


def email_domains(organisation: Organisation, addresses: Iterable[str]) -> Check:
    """Whether somebody of the team has an address in the website's domain; domains alone are
    shown."""
    label = _("E-mail address in the domain of the website")
    domains = sorted({address.rpartition("@")[2].lower() for address in addresses})
    if not domains:
        return Check(label, None, _("Nobody is in the team."))
    text = _("Domains of the team: %(domains)s.") % {"domains": ", ".join(domains)}
    own = organisation.website_domain
    if not own:
        return Check(label, None, text)
    return Check(label, any(_is_within(domain, own) for domain in domains), text)


def completeness(
    organisation: Organisation, *, roles: set[str], wishes: bool, has_logo: bool
) -> list[Check]:
    """Which parts of the profile are stated."""
    parts = [
        (_("Description"), bool(organisation.description)),
        (_("Place"), organisation.nuts3_id is not None),
        (_("Website"), bool(organisation.website)),
        (_("Size"), bool(organisation.size)),
        (_("Working languages"), bool(organisation.languages)),
        (_("Offers"), "offers" in roles),
        (_("Needs"), "needs" in roles),
        (_("Interests"), "interested" in roles),
        (_("Partners wanted"), wishes or bool(organisation.wanted_kinds)),
        (_("Logo"), has_logo),
    ]
    return [Check(label, stated) for label, stated in parts]


def cluster_criteria(members: Sequence[str]) -> list[Check]:
    """The criteria of a cluster label; ``members`` are the kinds of its members, one for each."""
    count, kinds = len(members), len(set(members))
    return [
        Check(
            _("At least %(count)s committed members") % {"count": LEAST_MEMBERS},
            count >= LEAST_MEMBERS,
            ngettext("%(count)s member here.", "%(count)s members here.", count) % {"count": count},
        ),
        Check(
            _("At least %(count)s kinds of members") % {"count": LEAST_KINDS},
            kinds >= LEAST_KINDS,
            ngettext("%(count)s kind.", "%(count)s kinds.", kinds) % {"count": kinds},
        ),
        Check(_("Website in English"), None, _("Open the website and look.")),
        Check(
            _("Management team of at least half a full-time post"),
            None,
            _("Ask, or look for the team on the website."),
        ),
        Check(_("Active"), None, _("Look for events or projects of the last two years.")),
    ]


def _is_within(domain: str, own: str) -> bool:
    """Whether one of the two domains is the other or below it."""
    return domain == own or domain.endswith(f".{own}") or own.endswith(f".{domain}")
