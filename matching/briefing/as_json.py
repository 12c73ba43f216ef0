"""A briefing as data: what `matching.serializers` says of the fit, and more."""

from typing import Any

from matching.briefing.results import Briefing, OpenInitiative, Side, Topic
from matching.serializers import (
    initiative_as_json,
    organisation_as_json,
    region_fit_as_json,
)
from regions.models import KeyFigure, RegionContact, Source
from regions.own_texts import said


def briefing_as_json(briefing: Briefing) -> dict[str, Any]:
    """The whole briefing; every list of two is in the order of ``regions``."""
    return {
        "made_on": briefing.made_on.isoformat(),
        **region_fit_as_json(briefing.fit),
        "sides": [side_as_json(side) for side in briefing.sides],
        "figures": [
            {
                "indicator": row.indicator.slug,
                "label": str(row.indicator),
                "unit": said(row.indicator.unit),
                "values": [
                    figure_as_json(figure) for figure in (row.a, row.b) if figure is not None
                ],
            }
            for row in briefing.figures
        ],
        "open_initiatives": [opened_as_json(item) for item in briefing.open_initiatives],
        "agenda": [topic_as_json(topic) for topic in briefing.agenda],
        "agenda_is_short": briefing.is_agenda_short,
        "sources": [source_as_json(source) for source in briefing.sources],
    }


def side_as_json(side: Side) -> dict[str, Any]:
    return {
        "region": side.region.slug,
        "capital": side.region.capital,
        "nuts": side.region.nuts_label,
        "organisations": side.organisations,
        "clusters": side.clusters,
        "contacts": [office_as_json(contact) for contact in side.contacts],
    }


def office_as_json(contact: RegionContact) -> dict[str, Any]:
    return {
        "office": contact.office,
        "organisation": contact.organisation,
        "website": contact.website or None,
    }


def figure_as_json(figure: KeyFigure) -> dict[str, Any]:
    return {
        "region": figure.region.slug,
        "value": float(figure.value),
        "qualifier": figure.qualifier,
        "rank": figure.rank,
        "rank_scope": figure.rank_scope,
        "rank_of": figure.rank_of,
        "year": figure.year,
        "note": said(figure.note),
        "source": figure.source.slug,
    }


def opened_as_json(item: OpenInitiative) -> dict[str, Any]:
    initiative = item.initiative
    return {
        **initiative_as_json(initiative),
        "status": initiative.status,
        "start_date": initiative.start_date.isoformat() if initiative.start_date else None,
        "end_date": initiative.end_date.isoformat() if initiative.end_date else None,
        "host": item.host.slug,
        "guest": item.guest.slug,
        "reasons": [
            {"kind": reason.kind, "text": reason.text, "illustrative": reason.is_illustrative}
            for reason in item.reasons
        ],
        "lead": {"name": item.lead_name, "url": item.lead.get_absolute_url() if item.lead else None}
        if item.lead_name
        else None,
        "office": None if item.office is None else office_as_json(item.office),
        "source": initiative.source.slug,
    }


def topic_as_json(topic: Topic) -> dict[str, Any]:
    return {
        "kind": topic.kind,
        "title": topic.title,
        "reason": topic.reason,
        "strength": topic.strength,
        "illustrative": topic.is_illustrative,
        "pairs": [
            [organisation_as_json(match.a), organisation_as_json(match.b)] for match in topic.pairs
        ],
        "organisations": [organisation_as_json(one) for one in topic.organisations],
        "initiative": None if topic.initiative is None else initiative_as_json(topic.initiative),
    }


def source_as_json(source: Source) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "title": said(source.title),
        "publisher": source.publisher,
        "url": source.url or None,
        "licence": source.licence,
        "standing": source.standing,
    }
