"""How participations and evidence of two organisations become one's, when the two are merged."""

from django.utils.translation import gettext_lazy as _

from initiatives.models import Participation, StatementEvidence
from organisations.merging.rules import Outcome, fill, rule

ROLES = [Participation.Role.COORDINATOR, Participation.Role.HOST]


@rule(
    Participation,
    says=_(
        "one participation: the coordinator’s role before others, the larger contribution, and "
        "what only one of them says"
    ),
    describe=lambda row: str(row.initiative),
    fetch=("initiative",),
    defer=("initiative__description",),
)
def participations(stays: Participation, other: Participation) -> Outcome:
    """Two rows of one organisation in a project are mostly one row told twice, so contributions
    are not added up."""
    for role in ROLES:
        if role in (stays.role, other.role):
            stays.role = role
            break
    if stays.contribution is None or (other.contribution or 0) > stays.contribution:
        stays.contribution = other.contribution
    fill(stays, other, "pic", "name", "country_id", "activity_type")
    return Outcome.DROP


@rule(StatementEvidence, says=_("named once"), describe=lambda row: "")
def evidence(stays: StatementEvidence, other: StatementEvidence) -> Outcome:
    return Outcome.DROP
