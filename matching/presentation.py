"""Suggestions as text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from matching.results import Match
from matching.sentences import sentence
from organisations.models import Organisation

TERMS_SHOWN = 7
"""Terms printed one by one, those with the most points; the others are summed up."""

EVIDENCE_SHOWN = 2
"""Pieces of evidence printed for each side of a term."""

ABOUT_ONE_SIDE = ("regional_fit", "experience")
"""Signals that say more of a side or its region than of the pair: printed last."""

WIDTH = 96


def suggestions_as_text(
    organisation: Organisation, matches: Sequence[Match], *, hidden: int = 0
) -> Iterator[str]:
    """One block for each suggestion: its score, why in a sentence, its terms with evidence, and
    what is unknown; first of all, how many choices of its team leave somebody out."""
    yield f"Partners for {organisation.name} ({seat(organisation)})"
    if hidden:
        word = "choice" if hidden == 1 else "choices"
        yield f"  Some are left out: {hidden} {word} of its team."
    if not matches:
        yield "  No suggestion: nothing known about it fits anyone yet."
    for place, match in enumerate(matches, start=1):
        yield ""
        yield f"{place}. {match.organisation.name} ({seat(match.organisation)})"
        yield f"   {match.score} points = " + " + ".join(
            f"{part.points} {str(part.label).lower()}" for part in match.parts if part.points
        )
        yield f"   {sentence(match)}"
        yield from _terms(match)
        for unknown in match.unknown:
            yield f"      ?  {unknown.reason} (up to {unknown.possible_points} more points)"


def seat(organisation: Organisation) -> str:
    """Where an organisation is: its region and country, or what is known of them."""
    region = organisation.home_region.name if organisation.home_region else "region unknown"
    country = organisation.country.label if organisation.country else "country unknown"
    return f"{region}, {country}"


def _terms(match: Match) -> Iterable[str]:
    strongest = sorted(match.terms, key=lambda term: (term.signal in ABOUT_ONE_SIDE, -term.points))
    for term in strongest[:TERMS_SHOWN]:
        yield f"   {term.points:>6}  {term.label}"
        for side in ("a", "b", ""):
            for evidence in [e for e in term.evidence if e.side == side][:EVIDENCE_SHOWN]:
                mark = " [illustrative]" if evidence.is_illustrative else ""
                yield f"             – {evidence.label[:WIDTH]}{mark}"
    others = strongest[TERMS_SHOWN:]
    if others:
        word = "term" if len(others) == 1 else "terms"
        yield f"   {sum(term.points for term in others):>6}  {len(others)} smaller {word}"
    if match.small_terms:
        yield f"     0.00  {match.small_terms} more facts, each below a hundredth of a point"
