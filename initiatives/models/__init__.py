"""Initiatives, who takes part in them, what they cover, and what they show."""

from initiatives.models.described import InitiativeConcept, InitiativeFigure, InitiativeRegion
from initiatives.models.initiative import Initiative
from initiatives.models.participation import Participation, StatementEvidence

__all__ = [
    "Initiative",
    "InitiativeConcept",
    "InitiativeFigure",
    "InitiativeRegion",
    "Participation",
    "StatementEvidence",
]
