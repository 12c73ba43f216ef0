"""What a list of members would do, row by row, and doing exactly that.

Each row means an organisation (by PIC, then website, then exact name, then
exact short name), or becomes an invitation.
An organisation with a team is asked; one without is recorded as the cluster's own word, for the
reasons in `organisations.memberships`. All or nothing: with one faulty row nothing is stored, and
where the world changed since the preview, nothing is stored either and the new preview is shown.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from accounts.mail import deliver
from accounts.models import User
from organisations import membership_mail as mail
from organisations.clusters.reading import Line
from organisations.membership_rules import MembershipRefused, check_room, locked
from organisations.memberships import BY_CLUSTER, VALID_FOR, Link, source
from organisations.models import ClusterInvitation, ClusterMembership, Organisation, TeamMember
from regions.lookups import Unaccented


class Outcome(models.TextChoices):
    """What happens to a row."""

    RECORD = "record", gettext_lazy("recorded as a member, declared by the cluster")
    ASK = "ask", gettext_lazy("its owners are asked")
    INVITE = "invite", gettext_lazy("invited by e-mail")
    MEMBER = "member", gettext_lazy("is a member already: nothing happens")
    WAITING = "waiting", gettext_lazy("is invited already: nothing happens")
    SAME = "same", gettext_lazy("stands in the list already: nothing happens")
    ERROR = "error", gettext_lazy("error")


SENDS: Final = (Outcome.ASK, Outcome.INVITE)
CHANGES: Final = (Outcome.RECORD, *SENDS)


@dataclass(frozen=True)
class Planned:
    """One row, the organisation that it means, and what would happen."""

    line: Line
    outcome: Outcome
    organisation: Organisation | None = None
    note: str = ""


class PlanChanged(Exception):
    """The world is not as it was previewed; ``plan`` is what would happen now."""

    def __init__(self, plan: list[Planned]) -> None:
        super().__init__("the plan changed")
        self.plan = plan


def plan(*, cluster: Organisation, lines: Sequence[Line], by: User) -> list[Planned]:
    """What the rows would do now, in their order; costs the same few queries for any number."""
    found = _Known(cluster, lines, by)
    rows: list[Planned] = []
    first: dict[object, int] = {}
    for line in lines:
        row = found.planned(line)
        key: object = row.organisation.pk if row.organisation else line.email
        if row.outcome != Outcome.ERROR:
            if key in first:
                note = _("the same as line %(line)s") % {"line": first[key]}
                row = Planned(line, Outcome.SAME, row.organisation, note)
            else:
                first[key] = line.number
        rows.append(row)
    return rows


def fingerprint(rows: Iterable[Planned]) -> str:
    """What was previewed, in a form to compare."""
    said = [
        (row.line.number, row.outcome.value, row.organisation.pk if row.organisation else None)
        for row in rows
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def refusal(cluster: Organisation, rows: Iterable[Planned]) -> str:
    """Why a plan without faulty rows cannot be carried out; empty if it can."""
    wanted = sum(row.outcome in SENDS for row in rows)
    try:
        if wanted:
            check_room(cluster, wanted)
    except MembershipRefused as error:
        return str(error)
    return ""


@transaction.atomic
def carry_out(
    *,
    cluster: Organisation,
    lines: Sequence[Line],
    expected: str,
    by: User,
    link: Link,
    language: str,
) -> list[Planned]:
    """Do what was previewed, all of it, and return it.

    Raises PermissionDenied; `PlanChanged` where something else would happen than what was
    previewed; `MembershipRefused` where rows are faulty or the cluster may not send so many
    invitations.
    """
    cluster = locked(cluster, by)
    rows = plan(cluster=cluster, lines=lines, by=by)
    if fingerprint(rows) != expected:
        raise PlanChanged(rows)
    if any(row.outcome == Outcome.ERROR for row in rows):
        raise MembershipRefused(_("Correct the faulty rows first: nothing was stored."))
    reason = refusal(cluster, rows)
    if reason:
        raise MembershipRefused(reason)
    recorded = [row for row in rows if row.outcome == Outcome.RECORD]
    if recorded:
        declared = source(BY_CLUSTER)
        bulk_create_with_history(
            [
                ClusterMembership(
                    cluster=cluster,
                    member=row.organisation,
                    since=row.line.since,
                    source=declared,
                )
                for row in recorded
            ],
            ClusterMembership,
            batch_size=500,
            default_user=by,
        )
    _invite(cluster, [row for row in rows if row.outcome in SENDS], by, link, language)
    return rows


def _invite(
    cluster: Organisation, rows: list[Planned], by: User, link: Link, language: str
) -> None:
    now = timezone.now()
    # one that expired gives way to the new one
    ClusterInvitation.objects.filter(
        cluster=cluster, accepted_at=None, withdrawn_at=None, expires_at__lte=now
    ).update(withdrawn_at=now)
    emails = [row.line.email for row in rows if row.outcome == Outcome.INVITE]
    languages = dict(User.objects.filter(email__in=emails).values_list("email", "language"))
    readers = mail.speakers_of({row.organisation.pk for row in rows if row.organisation})
    made, messages = [], []
    for row in rows:
        email = row.line.email if row.outcome == Outcome.INVITE else ""
        invitation = ClusterInvitation(
            cluster=cluster,
            email=email,
            organisation_name=row.line.name,
            member=row.organisation,
            since=row.line.since,
            language=languages.get(email, language),
            invited_by=by,
            expires_at=now + VALID_FOR,
        )
        token = invitation.new_token()
        made.append(invitation)
        messages.extend(
            mail.invitations(
                invitation,
                token=token,
                link=link,
                readers=readers[row.organisation.pk] if row.organisation else (),
            )
        )
    ClusterInvitation.objects.bulk_create(made, batch_size=500)
    deliver(*messages)


class _Known:
    """What the rows of a list can mean, fetched at once.

    Only what ``by`` may see is found, so that a list tells nothing about unpublished profiles; the
    invented organisations are found for invented clusters alone.
    """

    def __init__(self, cluster: Organisation, lines: Sequence[Line], by: User) -> None:
        self.cluster = cluster
        visible = (
            Organisation.objects.visible_to(by)
            .filter(is_illustrative=cluster.is_illustrative)
            .only("name", "slug", "kind", "status", "pic", "city", "country", "website_domain")
        )
        self.by_pic = {
            organisation.pic: organisation
            for organisation in visible.filter(pic__in={line.pic for line in lines if line.pic})
        }
        self.by_domain: dict[str, list[Organisation]] = defaultdict(list)
        domains = {domain_of(line.website) for line in lines} - {""}
        for organisation in visible.filter(website_domain__in=domains).order_by("pk"):
            self.by_domain[organisation.website_domain].append(organisation)
        self.keys = name_keys({line.name for line in lines if line.name})
        self.by_name: dict[str, list[Organisation]] = defaultdict(list)
        named = visible.annotate(key=Unaccented("name")).filter(key__in=set(self.keys.values()))
        keys = dict(named.values_list("pk", "key"))
        for organisation in visible.filter(pk__in=keys).order_by("pk"):
            self.by_name[keys[organisation.pk]].append(organisation)
        self.by_short_name: dict[str, list[Organisation]] = defaultdict(list)
        shortly = visible.exclude(short_name="").annotate(key=Unaccented("short_name"))
        keys = dict(shortly.filter(key__in=set(self.keys.values())).values_list("pk", "key"))
        for organisation in visible.filter(pk__in=keys).order_by("pk"):
            self.by_short_name[keys[organisation.pk]].append(organisation)
        known = {
            organisation.pk
            for group in (
                self.by_pic.values(),
                *self.by_domain.values(),
                *self.by_name.values(),
                *self.by_short_name.values(),
            )
            for organisation in group
        }
        self.members = set(
            ClusterMembership.objects.filter(cluster=cluster).values_list("member_id", flat=True)
        )
        self.answering = set(
            TeamMember.objects.filter(
                organisation__in=known, role__in=(TeamMember.Role.OWNER, TeamMember.Role.EDITOR)
            ).values_list("organisation_id", flat=True)
        )
        waiting = ClusterInvitation.objects.filter(
            cluster=cluster, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        ).values_list("email", "member_id")
        self.invited = {email for email, _member in waiting if email}
        self.asked = {member for _email, member in waiting if member}

    def planned(self, line: Line) -> Planned:
        try:
            organisation, how = self.meant(line)
        except LookupError as error:
            return Planned(line, Outcome.ERROR, note=str(error))
        if organisation is None:
            if not line.email:
                note = _("Not found among the public profiles. Add an e-mail address to invite it.")
                return Planned(line, Outcome.ERROR, note=note)
            outcome = Outcome.WAITING if line.email in self.invited else Outcome.INVITE
            return Planned(line, outcome)
        if organisation.pk == self.cluster.pk:
            return Planned(line, Outcome.ERROR, note=_("A cluster is not its own member."))
        if organisation.pk in self.members:
            return Planned(line, Outcome.MEMBER, organisation, how)
        if organisation.pk in self.asked:
            return Planned(line, Outcome.WAITING, organisation, how)
        if organisation.pk in self.answering:
            return Planned(line, Outcome.ASK, organisation, how)
        return Planned(line, Outcome.RECORD, organisation, how)

    def meant(self, line: Line) -> tuple[Organisation | None, str]:
        """The organisation that a row means and by what it was found; LookupError if several."""
        if line.pic in self.by_pic:
            return self.by_pic[line.pic], _("found by its PIC")
        named = self.by_name.get(self.keys.get(line.name, ""), [])
        shortly = self.by_short_name.get(self.keys.get(line.name, ""), [])
        sited = self.by_domain.get(domain_of(line.website), [])
        both = [organisation for organisation in sited if organisation in named]
        for candidates, how in (
            (both or sited, _("found by its website")),
            (named, _("found by its name")),
            (shortly, _("found by its short name")),
        ):
            fitting = [
                organisation
                for organisation in candidates
                if not (line.pic and organisation.pic)
                and (not line.country or organisation.country_id in (None, line.country))
            ]
            if len(fitting) > 1:
                raise LookupError(
                    _("%(number)s organisations fit this row. Give the PIC of the one you mean.")
                    % {"number": len(fitting)}
                )
            if fitting:
                return fitting[0], how
        return None, ""


def domain_of(website: str) -> str:
    """The host of an address without ``www.``, as `Organisation.website_domain` keeps it."""
    match = re.match(r"[a-z]+://(?:www\.)?([^/:?#@]+)", website.lower())
    return match[1] if match else ""


def name_keys(names: Iterable[str]) -> dict[str, str]:
    """Names in the form in which the database compares them, whatever their case and accents."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, unaccented(name) FROM unnest(%s::text[]) AS name", [sorted(names)]
        )
        rows: list[tuple[str, Any]] = cursor.fetchall()
    return dict(rows)
