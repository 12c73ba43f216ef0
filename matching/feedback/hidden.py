"""What a list of suggestions leaves out, and who may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from matching.feedback.models import Exclusion, Feedback
from organisations.models import Organisation, TeamMember


@dataclass(frozen=True)
class Hidden:
    """The organisations (ids), home regions (ids) and kinds that a list passes over.

    It only filters: scores stay what they are, and the other side's list is not touched.
    """

    organisations: frozenset[int] = frozenset()
    regions: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.organisations) + len(self.regions) + len(self.kinds)


NOTHING: Final = Hidden()


@dataclass(frozen=True)
class Choices:
    """What holds today for one organisation: the partners it saved, and what it hides."""

    saved: frozenset[int] = frozenset()
    hidden: Hidden = NOTHING


NO_CHOICES: Final = Choices()


@dataclass(frozen=True)
class Standing:
    """What a reader may do with an organisation's suggestions.

    Whom an organisation dismissed, and what it does not look for, is its own affair: its team
    and the moderators know of it, and everyone else reads the list in which nothing is hidden,
    since what is missing from a public list could be read off it.
    """

    is_team: bool = False
    may_choose: bool = False
    is_moderator: bool = False

    @property
    def may_see_choices(self) -> bool:
        return self.is_team or self.is_moderator


def standing_of(*, reader: User | AnonymousUser, organisation: Organisation) -> Standing:
    """The reader's standing: nobody's, a moderator's, or that of the role in the team."""
    if not reader.is_authenticated:
        return Standing()
    is_moderator = reader.has_perm("organisations.change_organisation")
    role = (
        TeamMember.objects.filter(organisation=organisation, user=reader)
        .values_list("role", flat=True)
        .first()
    )
    return Standing(
        is_team=role is not None,
        may_choose=is_moderator or role in {TeamMember.Role.OWNER, TeamMember.Role.EDITOR},
        is_moderator=is_moderator,
    )


def choices_of(*, organisation: Organisation) -> Choices:
    """The choices of the organisation that hold today, in two queries."""
    feedback = Feedback.objects.active().filter(organisation=organisation)
    by_kind: dict[str, set[int]] = {kind: set() for kind in Feedback.Kind.values}
    for kind, other in feedback.values_list("kind", "other_id"):
        by_kind[kind].add(other)
    exclusions = list(
        Exclusion.objects.active()
        .filter(organisation=organisation)
        .values_list("region_id", "kind")
    )
    return Choices(
        saved=frozenset(by_kind[Feedback.Kind.SAVED]),
        hidden=Hidden(
            organisations=frozenset(by_kind[Feedback.Kind.DISMISSED]),
            regions=frozenset(region for region, _kind in exclusions if region is not None),
            kinds=frozenset(kind for _region, kind in exclusions if kind),
        ),
    )


def choices_for(*, organisation: Organisation, standing: Standing) -> Choices:
    """The same for a reader of this standing: none for those who may not know."""
    return choices_of(organisation=organisation) if standing.may_see_choices else NO_CHOICES
