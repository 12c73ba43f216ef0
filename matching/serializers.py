"""Matches as JSON, the same for the API and for ``manage.py suggest --json``."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from matching.results import Evidence, Match
from organisations.models import Organisation


def number(points: Decimal) -> float:
    """Points as a JSON number that prints with at most two decimals, exactly as shown."""
    return float(points)


def organisation_as_json(organisation: Organisation) -> dict[str, Any]:
    """Who it is, in short: ``id``, ``name``, ``slug``, ``region`` and ``country`` (codes)."""
    return {
        "id": organisation.pk,
        "name": organisation.name,
        "slug": organisation.slug,
        "url": organisation.get_absolute_url(),
        "region": organisation.home_region.slug if organisation.home_region else None,
        "country": organisation.country_id,
        "illustrative": organisation.is_illustrative,
    }


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """One fact behind a term; ``url`` is a path on this site, or null."""
    return {
        "kind": evidence.kind,
        "label": evidence.label,
        "url": evidence.url or None,
        "illustrative": evidence.is_illustrative,
    }


def match_as_json(match: Match) -> dict[str, Any]:
    """One suggestion; the points of its ``terms`` add up to its ``score`` exactly."""
    return {
        "organisation": organisation_as_json(match.organisation),
        "score": number(match.score),
        "terms": [
            {
                "signal": term.signal,
                "label": term.label,
                "points": number(term.points),
                "evidence": [evidence_as_json(evidence) for evidence in term.evidence],
            }
            for term in match.terms
        ],
        "unknown": [
            {
                "signal": unknown.signal,
                "reason": unknown.reason,
                "possible_points": number(unknown.possible_points),
            }
            for unknown in match.unknown
        ],
    }


def suggestions_as_json(organisation: Organisation, matches: Sequence[Match]) -> dict[str, Any]:
    """The whole answer to "who fits this organisation?"."""
    return {
        "organisation": organisation_as_json(organisation),
        "suggestions": [match_as_json(match) for match in matches],
    }
