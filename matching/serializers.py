"""Matches as JSON, the same for the API and for ``manage.py suggest --json``."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from initiatives.models import Initiative
from matching.feedback.hidden import Hidden
from matching.ranking import Ranking
from matching.results import SIGNALS, Evidence, Match, RegionFit, Term
from organisations.models import Organisation
from regions.models import Region


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


def term_as_json(term: Term) -> dict[str, Any]:
    """One named part of a score, with the facts behind it."""
    return {
        "signal": term.signal,
        "label": term.label,
        "points": number(term.points),
        "evidence": [evidence_as_json(evidence) for evidence in term.evidence],
    }


def match_as_json(match: Match) -> dict[str, Any]:
    """One suggestion; the points of its ``terms`` add up to its ``score`` exactly."""
    return {
        "organisation": organisation_as_json(match.organisation),
        "score": number(match.score),
        "terms": [term_as_json(term) for term in match.terms],
        "unknown": [
            {
                "signal": unknown.signal,
                "reason": unknown.reason,
                "possible_points": number(unknown.possible_points),
            }
            for unknown in match.unknown
        ],
    }


def ranking_as_json(ranking: Ranking) -> dict[str, Any]:
    """How suggestions were weighed, in points, and ordered."""
    return {
        "weights": {signal: ranking.scoring.weights[signal] / 100 for signal in SIGNALS},
        "version": ranking.scoring.version,
        "well_known": ranking.well_known.value,
    }


def hidden_as_json(hidden: Hidden) -> dict[str, int]:
    """How much was left out, in numbers alone."""
    return {
        "organisations": len(hidden.organisations),
        "regions": len(hidden.regions),
        "kinds": len(hidden.kinds),
    }


def suggestions_as_json(
    organisation: Organisation,
    matches: Sequence[Match],
    *,
    ranking: Ranking,
    hidden: Hidden | None,
) -> dict[str, Any]:
    """The whole answer to "who fits this organisation?"; ``hidden`` is None for readers who may
    not know of it."""
    return {
        "organisation": organisation_as_json(organisation),
        "ranking": ranking_as_json(ranking),
        "hidden": None if hidden is None else hidden_as_json(hidden),
        "suggestions": [match_as_json(match) for match in matches],
    }


def pair_as_json(match: Match) -> dict[str, Any]:
    """One pair from both sides at once."""
    one_sided = match_as_json(match)
    del one_sided["organisation"]
    return {
        "organisations": [organisation_as_json(match.a), organisation_as_json(match.b)],
        **one_sided,
    }


def region_as_json(region: Region) -> dict[str, Any]:
    """Which region it is, in short."""
    return {
        "slug": region.slug,
        "name": region.name,
        "country": region.country_id,
        "url": region.get_absolute_url(),
    }


def initiative_as_json(initiative: Initiative) -> dict[str, Any]:
    """Which initiative it is, in short."""
    return {
        "slug": initiative.slug,
        "name": str(initiative),
        "kind": initiative.kind,
        "url": initiative.get_absolute_url(),
    }


def region_fit_as_json(fit: RegionFit) -> dict[str, Any]:
    """Why two regions fit; every list of two is in the order of ``regions``."""
    return {
        "regions": [region_as_json(fit.a), region_as_json(fit.b)],
        "score": number(fit.score),
        "terms": [term_as_json(term) for term in fit.terms],
        "shared_priorities": [
            {
                "concept": shared.concept.identifier,
                "label": shared.concept.label,
                "titles": [list(shared.a_titles), list(shared.b_titles)],
                "illustrative": shared.is_illustrative,
            }
            for shared in fit.shared_priorities
        ],
        "complements": [
            {
                "segments": [complement.a_segment.identifier, complement.b_segment.identifier],
                "labels": [complement.a_segment.label, complement.b_segment.label],
                "holders": [complement.a_holders, complement.b_holders],
                "illustrative_holders": [complement.a_illustrative, complement.b_illustrative],
                "illustrative": complement.is_illustrative,
                "reason": complement.reason,
            }
            for complement in fit.complements
        ],
        "networks": [{"slug": network.slug, "name": network.name} for network in fit.networks],
        "initiatives": [initiative_as_json(initiative) for initiative in fit.initiatives],
        "joint_projects": {
            "total": fit.history.total,
            "by_year": [
                {"year": year, "projects": projects} for year, projects in fit.history.by_year
            ],
            "latest": [initiative_as_json(initiative) for initiative in fit.history.latest],
        },
        "pairs": [pair_as_json(pair) for pair in fit.pairs],
        "illustrative_pairs": [pair_as_json(pair) for pair in fit.illustrative_pairs],
        "pairs_are_compared": fit.are_compared,
    }
