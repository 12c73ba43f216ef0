"""What would be made, and whether it may be."""

from dataclasses import dataclass
from typing import Final

from organisations.models import Organisation, TeamMember
from regions.models import Concept, NutsUnit

SOURCE: Final = "synthetic"
"""Slug of the source that everything synthetic names."""

PREFIX: Final = "synthetic-"
"""How the address of whatever is synthetic begins."""

ORGANISATIONS_PER_PROJECT: Final = 4

DOES: Final = ("hydrogen-value-chain", "advanced-technologies", "key-enabling-technologies")
"""Vocabularies of what organisations offer and need most."""

DOES_RARELY: Final = ("euroscivoc", "nace")
CARES: Final = ("themes", "industrial-ecosystems", "s3-thematic-platforms", "smart-specialisations")
"""Vocabularies of what organisations are interested in most."""

CARES_RARELY: Final = ("h2020-programme-parts", "emerging-industries")


class SyntheticError(Exception):
    """The database cannot be filled; the message says why."""


class RealMembersError(SyntheticError):
    """Real people speak for organisations of this database."""


@dataclass(frozen=True)
class Plan:
    """What `fill` makes, and what is in the database already."""

    organisations: int
    projects: int
    places: int
    concepts: int
    present: int
    """Synthetic organisations that are here already; new ones are added to them."""


def plan(*, organisations: int, among_members: bool = False) -> Plan:
    """Look, and change nothing.

    Raises `SyntheticError` without reference data, or where the number makes no sense;
    `RealMembersError` where somebody is in a team, unless `among_members`.
    """
    if organisations < 1:
        raise SyntheticError("the number of organisations must be at least 1")
    if (
        not among_members
        and TeamMember.objects.filter(organisation__is_illustrative=False).exists()
    ):
        raise RealMembersError(
            "real people speak for organisations of this database; invented organisations would be"
            " suggested to them"
        )
    places = NutsUnit.objects.filter(
        version=NutsUnit.Version.V2021, level=3, home_region__isnull=False
    ).count()
    concepts = Concept.objects.filter(
        vocabulary__scheme__in=[*DOES, *DOES_RARELY, *CARES, *CARES_RARELY]
    ).count()
    if not places or not concepts:
        raise SyntheticError("there is no reference data; run: manage.py load_reference")
    return Plan(
        organisations=organisations,
        projects=organisations // ORGANISATIONS_PER_PROJECT,
        places=places,
        concepts=concepts,
        present=Organisation.objects.filter(source__slug=SOURCE).count(),
    )
