"""Everything that a moderator needs beside a profile: the checks, the team, what happened."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language_info

from accounts.models import User
from organisations import duplicates
from organisations.models import Logo, Organisation
from organisations.moderating import checks, timeline
from organisations.querysets import OrganisationQuerySet
from organisations.stated import statements_by_role
from regions.naming import alphabetical_region

MEMBERS_SHOWN = 50


def for_review(rows: OrganisationQuerySet) -> OrganisationQuerySet:
    """Profiles with what the page of a review joins instead of asking for it."""
    logo = Logo.objects.filter(organisation=OuterRef("pk"))
    return rows.select_related("home_region", "country", "source", "website_check").annotate(
        has_logo=Exists(logo)
    )


def what_is_known(organisation: Any, *, reader: User) -> dict[str, Any]:
    """What the page of a review shows a moderator of the profile, a row of `for_review`; a fixed
    number of queries."""
    roles = statements_by_role(organisation)
    stated = {role for role, _label, statements in roles if statements}
    team = list(organisation.team.select_related("user"))
    wanted = list(organisation.wanted_regions.order_by(alphabetical_region(), "pk"))
    near = duplicates.near(
        user=reader,
        name=organisation.name,
        short_name=organisation.short_name,
        city=organisation.city,
        website=organisation.website,
        pic=organisation.pic or "",
        vat_number=organisation.vat_number,
        besides=organisation,
    )
    members = (
        list(organisation.memberships.select_related("member").order_by("member__name", "pk"))
        if organisation.is_cluster
        else []
    )
    former = list(organisation.former_addresses.all())
    return {
        "roles": roles,
        "sectors": organisation.sectors.select_related("concept", "source"),
        "wanted_regions": wanted,
        "wanted_kinds": _labels(organisation.wanted_kinds),
        "languages": [language_name(code) for code in organisation.languages],
        "members": members[:MEMBERS_SHOWN],
        "member_count": len(members),
        "website_check": checks.website(organisation),
        "email_check": checks.email_domains(organisation, [each.user.email for each in team]),
        "completeness": checks.completeness(
            organisation, roles=stated, wishes=bool(wanted), has_logo=organisation.has_logo
        ),
        "cluster_criteria": (
            checks.cluster_criteria([each.member.kind for each in members])
            if organisation.is_cluster
            else []
        ),
        "near": [each for each in near if each.organisation.status != "rejected"],
        "near_rejected": [each for each in near if each.organisation.status == "rejected"],
        "answers": list(organisation.review_answers.select_related("author")),
        "changes": timeline.changes(
            organisation, [each.was["id"] for each in former if "id" in each.was]
        ),
        "former": former,
    }


def _labels(kinds: list[str]) -> list[str]:
    labels = dict(Organisation.Kind.choices)
    return [str(labels[kind]) for kind in kinds if kind in labels]


def language_name(code: str) -> str:
    """A language in the reader's own; its code where Django knows no name of it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
