"""A briefing as text for print: everything in words of the reader's language, nothing to compute.

The values are plain text. The template sets them as text and nothing else, so that no name in them
can be read as markup.
"""

from typing import Any
from xml.sax.saxutils import quoteattr

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.models import Initiative
from matching.briefing.agenda import organisations
from matching.briefing.results import Briefing, OpenInitiative, Topic
from matching.results import SIGNALS, Complement, Match, RegionFit
from regions.citations import Citations
from regions.maps import Map, pair_map
from regions.models import KeyFigure, Source
from regions.own_texts import said
from regions.templatetags.display import is_stale, main_reasons, quantity, rank_in_words

COMPLEMENTS_SHOWN = 10
LONGEST_NAME = 160

COLOURS = {"side-a": "#0c6a62", "side-b": "#2f4fa3", "": "#dfe8e7"}
"""Of the two regions and of the land around them; the first two are those of the pages in light."""


def document(briefing: Briefing, *, address: str) -> dict[str, Any]:
    """What the template prints; ``address`` is that of the briefing's page."""
    a, b, fit = briefing.a, briefing.b, briefing.fit
    cited = Citations()
    drawn = pair_map(a, b)
    content: dict[str, Any] = {
        "language": (get_language() or "en")[:2],
        "address": address,
        "made_on": briefing.made_on.isoformat(),
        "date": date_format(briefing.made_on, "DATE_FORMAT"),
        "title": _("%(a)s with %(b)s") % {"a": a.label, "b": b.label},
        "names": [a.label, b.label],
        "places": [f"{a.country.label}", f"{b.country.label}"],
        "score": number_format(fit.score),
        "lead": lead(fit),
        "reasons": [term.label for term in fit.terms[:4]],
        "map": map_as_svg(drawn) if drawn else "",
        "map_label": _("Map with %(a)s and %(b)s") % {"a": a.label, "b": b.label},
        "agenda": [topic(item) for item in briefing.agenda],
        "pairs": [pair(match) for match in fit.pairs],
        "pairs_note": "" if fit.pairs else why_no_pairs(briefing),
        "illustrative_pairs": [pair(match) for match in fit.illustrative_pairs],
        "signals": [{"signal": key, "label": str(label)} for key, label in SIGNALS.items()],
        "priorities": [
            {
                "label": item.concept.label,
                "titles": [", ".join(item.a_titles), ", ".join(item.b_titles)],
                "illustrative": item.is_illustrative,
            }
            for item in fit.shared_priorities
        ],
        "complements": [complement(item) for item in fit.complements[:COMPLEMENTS_SHOWN]],
        "complements_more": more_complements(len(fit.complements) - COMPLEMENTS_SHOWN),
        "opened": [opened(item, cited) for item in briefing.open_initiatives],
        "networks": [said(network.name) for network in fit.networks],
        "common": [
            f"{initiative.name} – {initiative.get_kind_display()}" for initiative in fit.initiatives
        ],
        "history": history(briefing),
        "facts": facts(briefing),
        "figures": [
            {
                "label": str(row.indicator),
                "values": [figure(one, cited) for one in (row.a, row.b)],
            }
            for row in briefing.figures
        ],
        "terms": [
            {
                "label": term.label,
                "points": number_format(term.points),
                "illustrative": term.is_illustrative,
            }
            for term in fit.terms
        ],
    }
    content["sources"] = [source(one) for one in cited]
    content["labels"] = labels(briefing)
    return content


def labels(briefing: Briefing) -> dict[str, str]:
    """The headings and other words of the frame."""
    return {
        "site": _("Regions Meet"),
        "eyebrow": _("Briefing: what two regions can do together"),
        "with": _("with"),
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "agenda": _("Suggested agenda"),
        "agenda_short": _("More topics appear as more is recorded of the two regions.")
        if briefing.is_agenda_short
        else "",
        "agenda_none": _("Too little is on record to suggest a topic."),
        "bring": _("Bring:"),
        "meet": _("Who should meet"),
        "examples": _("What declared needs and offers add"),
        "examples_note": _(
            "Invented organisations, shown apart: this is how pairs look once both sides have said "
            "what they need and offer."
        ),
        "points": _("Points"),
        "of_100": _("of 100 points"),
        "why": _("Why"),
        "pair": _("Pair"),
        "priorities": _("Shared priorities"),
        "priority": _("Priority"),
        "chain": _("Hydrogen value chain"),
        "chain_why": _("Why they belong together"),
        "opened": _("Open initiatives to join"),
        "opened_none": _("No initiative of one region that the other could join is on record."),
        "common": _("In common"),
        "networks": _("Networks"),
        "initiatives": _("Initiatives and events"),
        "history": _("Projects so far"),
        "year": _("Year of start"),
        "projects": _("Projects"),
        "latest": _("Latest"),
        "facts": _("Side by side"),
        "figure": _("Figure"),
        "terms": _("How they fit"),
        "reason": _("Reason"),
        "together": _("Together"),
        "sources": _("Sources"),
        "illustrative": _("illustrative"),
        "none": _("None on record."),
        "unknown": _("not on record"),
        "priorities_none": _("No priority in common on record"),
        "chain_none": _("No complementary segments on record"),
        "history_none": _("No joint project on record"),
        "figures_none": _("No figures yet"),
        "map_credit": _(
            "Boundaries: © EuroGeographics for the administrative boundaries, Eurostat GISCO."
        ),
    }


def why_no_pairs(briefing: Briefing) -> str:
    if not briefing.is_prepared:
        return _("Suggestions are being prepared.")
    if not briefing.fit.are_compared:
        return _("Too many organisations to compare them all")
    return _("Too little is known of the organisations of the two regions.")


def topic(item: Topic) -> dict[str, Any]:
    pairs = [_("%(a)s with %(b)s") % {"a": match.a.name, "b": match.b.name} for match in item.pairs]
    return {
        "title": item.title,
        "reason": item.reason,
        "bring": [*pairs, *(organisation.name for organisation in item.organisations)],
        "illustrative": item.is_illustrative,
    }


def pair(match: Match) -> dict[str, Any]:
    return {
        "names": [match.a.name, match.b.name],
        "cities": [match.a.city, match.b.city],
        "score": number_format(match.score),
        "reasons": [term.label for term in main_reasons(match)],
        "parts": [
            {
                "signal": part.signal,
                "label": str(SIGNALS[part.signal]),
                "points": float(part.points),
            }
            for part in match.parts
            if part.points
        ],
    }


def lead(fit: RegionFit) -> str:
    told = _("The two regions fit with %(score)s of 100 points.") % {
        "score": number_format(fit.score)
    }
    scale = _(
        "Points are a sum of named parts: shared priorities 40 at most, networks in common 20,"
        " joint projects 40. 30 or more is a strong match."
    )
    if not fit.illustrative_points:
        return f"{told} {scale}"
    invented = _("%(points)s of them rest on illustrative data of one side or both.") % {
        "points": number_format(fit.illustrative_points)
    }
    return f"{told} {invented} {scale}"


def holders(real: int, illustrative: int) -> str:
    if not illustrative:
        return f"({real})"
    words = {"real": real, "illustrative": illustrative}
    if not real:
        return _("(%(illustrative)d illustrative)") % words
    return _("(%(real)d real, %(illustrative)d illustrative)") % words


def complement(item: Complement) -> dict[str, Any]:
    return {
        "segments": [item.a_segment.label, item.b_segment.label],
        "holders": [
            holders(item.a_holders, item.a_illustrative),
            holders(item.b_holders, item.b_illustrative),
        ],
        "reason": item.reason,
        "illustrative": item.is_illustrative,
    }


def more_complements(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "%(count)d more pair of segments is on the page.",
        "%(count)d more pairs of segments are on the page.",
        count,
    ) % {"count": count}


def opened(item: OpenInitiative, cited: Citations) -> dict[str, Any]:
    initiative = item.initiative
    if item.lead_name:
        lead = _("Lead: %(name)s") % {"name": said(item.lead_name)}
    else:
        lead = item.led_by or _("No lead on record.")
        if item.office is not None:
            lead += " " + _("Ask: %(office)s") % {"office": office(item)}
    return {
        "name": shortened(initiative.name),
        "number": cited.number(initiative.source),
        "about": " · ".join(
            part
            for part in (
                capfirst(initiative.get_kind_display()),
                initiative.get_status_display(),
                years(initiative),
                said(initiative.place),
            )
            if part
        ),
        "parts": item.parts,
        "guest": item.guest.label,
        "reasons": [
            {"text": reason.text, "illustrative": reason.is_illustrative} for reason in item.reasons
        ],
        "lead": lead,
    }


def office(item: OpenInitiative) -> str:
    if item.office is None:
        return ""
    return ", ".join(said(part) for part in (item.office.office, item.office.organisation) if part)


def years(initiative: Initiative) -> str:
    start, end = initiative.start_date, initiative.end_date
    if start and end and start.year != end.year:
        return f"{start.year}–{end.year}"
    only = start or end
    return str(only.year) if only else ""


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"


def history(briefing: Briefing) -> dict[str, Any]:
    found = briefing.fit.history
    words = ngettext(
        "Organisations of both regions took part in %(shown)s funded project.",
        "Organisations of both regions took part in the same %(shown)s funded projects.",
        found.total,
    ) % {"shown": quantity(found.total)}  # type: ignore[arg-type]  # a whole number is as good
    return {
        "intro": words if found.total else "",
        "by_year": [[year, count] for year, count in found.by_year],
        "caption": _("Joint projects by year of start"),
        "latest": [
            {"name": str(project), "title": shortened(project.name), "years": years(project)}
            for project in found.latest
        ],
    }


def facts(briefing: Briefing) -> list[dict[str, Any]]:
    """Who the two regions are, row by row."""
    rows = [
        (_("Country"), [side.region.country.label for side in briefing.sides]),
        (_("Capital"), [side.region.capital for side in briefing.sides]),
        (_("NUTS codes"), [side.region.nuts_label for side in briefing.sides]),
        (
            _("Organisations here"),
            [organisations(side.organisations) for side in briefing.sides],
        ),
        (
            _("Clusters"),
            [quantity(side.clusters) for side in briefing.sides],  # type: ignore[arg-type]
        ),
        (
            _("Whom to write to"),
            [
                "; ".join(
                    ", ".join(said(part) for part in (one.office, one.organisation) if part)
                    for one in side.contacts
                )
                for side in briefing.sides
            ],
        ),
    ]
    return [{"label": label, "values": values} for label, values in rows if any(values)]


def figure(one: KeyFigure | None, cited: Citations) -> dict[str, Any] | None:
    if one is None:
        return None
    value = quantity(one.value, one.indicator.decimals)
    if one.year is None:
        year = _("year not stated")
    else:
        year = _("as of %(year)s") % {"year": one.year} if is_stale(one.year) else str(one.year)
    return {
        "value": " ".join(
            part
            for part in (
                one.get_qualifier_display() if one.qualifier else "",
                value,
                said(one.indicator.unit),
            )
            if part
        ),
        "about": " · ".join(part for part in (rank_in_words(one), year) if part)
        + (f", {said(one.note)}" if one.note else ""),
        "stale": is_stale(one.year),
        "number": cited.number(one.source),
    }


def source(one: Source) -> dict[str, Any]:
    return {
        "text": ", ".join(said(part) for part in (one.title, one.publisher) if part)
        + (f" ({said(one.licence)})" if one.licence else ""),
        "url": one.url,
        "standing": one.get_standing_display(),
        "note": said(one.note),
    }


def map_as_svg(drawn: Map) -> str:
    """The map as a picture of its own, with its colours in it."""
    shapes = "".join(
        f'<path d={quoteattr(shape.path)} fill="{COLOURS.get(shape.css_class, COLOURS[""])}" '
        'stroke="#ffffff" stroke-width="1.5"/>'
        for shape in drawn.shapes
    )
    line = ""
    if drawn.line:
        x1, y1, x2, y2 = drawn.line
        line = (
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#ad4508" '
            f'stroke-width="{drawn.frame.width / 160:.1f}" stroke-dasharray="'
            f'{drawn.frame.width / 60:.1f}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{drawn.view_box}" '
        f'width="{drawn.frame.width:.0f}" height="{drawn.frame.height:.0f}">{shapes}{line}</svg>'
    )
