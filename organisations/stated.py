"""What an organisation states, as its pages show it: declared beside demonstrated."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef
from django.db.models.functions import JSONObject

from organisations.models import Organisation, Statement
from regions.models import Concept
from regions.querysets import related_rows

EVIDENCE_SHOWN = 3


@dataclass(frozen=True)
class Stated:
    """One concept in one role: what is declared beside what is demonstrated."""

    concept: Concept
    declared: Statement | None
    demonstrated: Statement | None


def statements_by_role(organisation: Organisation) -> list[tuple[str, str, list[Stated]]]:
    """(role, its name, statements): declared beside demonstrated, the most central first."""
    newest = (
        related_rows(Statement, "evidence")
        .filter(statement=OuterRef("pk"))
        .order_by(F("initiative__start_date").desc(nulls_last=True), "pk")
        .values(
            data=JSONObject(
                slug="initiative__slug", acronym="initiative__acronym", name="initiative__name"
            )
        )[:EVIDENCE_SHOWN]
    )
    rows = (
        organisation.statements.select_related("concept__vocabulary")
        .annotate(evidence_count=Count("evidence"), newest_evidence=ArraySubquery(newest))
        .order_by("-weight", "concept__vocabulary", "concept__position", "pk")
    )
    return [
        (role.value, str(role.label), _side_by_side(row for row in rows if row.role == role))
        for role in Statement.Role
    ]


def _side_by_side(statements: Iterable[Statement]) -> list[Stated]:
    found: dict[int, dict[str, Statement]] = {}
    for statement in statements:
        found.setdefault(statement.concept_id, {})[statement.origin] = statement
    return [
        Stated(
            next(iter(origins.values())).concept,
            origins.get(Statement.Origin.DECLARED),
            origins.get(Statement.Origin.DEMONSTRATED),
        )
        for origins in found.values()
    ]
