"""Lines as JSON-LD in the terms of schema.org, piece by piece.

The first node is the list itself, with its address and how much of it this is. Fit is of one reader
alone, and schema.org has no word for it: it is left out.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from directory.exporting.lines import Line
from directory.exporting.tables import in_pieces
from directory.known import ConceptRow, Known
from organisations.models import Organisation
from regions.models.places import localised

Node = dict[str, Any]

TYPES: Final = {
    Organisation.Kind.UNIVERSITY.value: "CollegeOrUniversity",
    Organisation.Kind.RESEARCH.value: "ResearchOrganization",
    Organisation.Kind.PUBLIC_BODY.value: "GovernmentOrganization",
    Organisation.Kind.NGO.value: "NGO",
}
"""Kinds of organisation that schema.org knows; others are an ``Organization``."""

ISO_CODES: Final = {"EL": "GR", "UK": "GB"}
"""Countries for which Eurostat's code is not that of ISO 3166-1."""


def as_jsonld(known: Known, lines: Iterable[Line], about: Node) -> Iterator[str]:
    """One document with a ``@graph``, a node a line."""
    return in_pieces(_parts(known, lines, about))


def _parts(known: Known, lines: Iterable[Line], about: Node) -> Iterator[str]:
    yield '{"@context": "https://schema.org", "@graph": [\n'
    yield _written({"@type": "SearchResultsPage", **about})
    for line in lines:
        yield ",\n" + _written(node(known, line))
    yield "\n]}\n"


def _written(node: Node) -> str:
    return json.dumps(node, ensure_ascii=False)


def node(known: Known, line: Line) -> Node:
    """One line; what is not known is left out."""
    makers = {"region": _region, "initiative": _initiative}
    said = {
        "@id": line.address,
        "url": line.address,
        "name": line.name,
        "alternateName": line.short_name or line.local_name,
        "sameAs": line.website,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in line.identifiers
        ],
        "disambiguatingDescription": "Invented, to explain the site." if line.is_invented else "",
    }
    made = makers.get(line.what, _organisation)(known, line) | said
    return {name: value for name, value in made.items() if value}


def _organisation(known: Known, line: Line) -> Node:
    return {
        "@type": TYPES.get(line.kind, "Organization"),
        "address": _place(line),
        "memberOf": [
            {"@type": "Organization", "@id": cluster.address, "name": cluster.name}
            for cluster in line.member_of
        ],
        "knowsAbout": [_term(concept) for concept in (*line.offers, *line.about)],
        "seeks": [
            {"@type": "Demand", "name": localised(concept.labels), "identifier": _code(concept)}
            for concept in line.needs
        ],
        "keywords": [_term(concept) for concept in line.interests],
    }


def _initiative(known: Known, line: Line) -> Node:
    areas = [{"@type": "AdministrativeArea", "name": name} for name in line.regions]
    if line.kind == "event":
        location = {"@type": "Place", "name": line.city} if line.city else areas
        return {
            "@type": "Event",
            "location": location,
            "about": [_term(each) for each in line.about],
        }
    return {
        "@type": "ResearchProject" if line.kind == "project" else "Project",
        "location": {"@type": "Place", "name": line.city} if line.city else None,
        "areaServed": areas,
        "keywords": [_term(concept) for concept in line.about],
    }


def _region(known: Known, line: Line) -> Node:
    return {
        "@type": "AdministrativeArea",
        "containedInPlace": [
            {
                "@type": "Country",
                "name": localised(known.countries[code]),
                "identifier": _iso(code),
            }
            for code in line.countries
            if code in known.countries
        ],
        "keywords": [_term(concept) for concept in line.about],
    }


def _place(line: Line) -> Node | None:
    address = {
        "addressLocality": line.city,
        "addressRegion": "; ".join(line.regions),
        "addressCountry": _iso(line.countries[0]) if line.countries else "",
    }
    said = {name: value for name, value in address.items() if value}
    return {"@type": "PostalAddress", **said} if said else None


def _iso(country: str) -> str:
    return ISO_CODES.get(country, country)


def _code(concept: ConceptRow) -> str:
    return f"{concept.scheme}:{concept.code}"


def _term(concept: ConceptRow) -> Node:
    return {
        "@type": "DefinedTerm",
        "name": localised(concept.labels),
        "termCode": concept.code,
        "inDefinedTermSet": concept.scheme,
    }
