"""A match in plain words for readers: one sentence that says why, and why not higher.

Everything is taken from the match itself. With ``to_you`` the sentences speak to the side that
looks for partners ("You look for …; they offer it"); without, they name both sides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.engine import (
    COMPLEMENTARITY,
    EXPERIENCE,
    REGIONAL_FIT,
    SHARED_PRIORITIES,
    TRACK_RECORD,
    VALUE_CHAIN,
)
from matching.profiles.steps import where_given
from matching.results import Match, SignalPart, Term, Unknown

ABOUT_THE_PAIR = (SHARED_PRIORITIES, VALUE_CHAIN, TRACK_RECORD)
"""Signals that speak of these two; the regions and the experience of each come after them."""


@dataclass(frozen=True)
class Shortfall:
    """One signal that could have given more: what it lost, why, and what adding could bring.

    ``why`` speaks of what is known, and is empty where what is missing says it all.
    """

    part: SignalPart
    why: str
    unknown: tuple[tuple[str, Decimal, str], ...]
    """What is missing, the most that it could bring, and where it is given, if that may be said."""


def sentence(match: Match, *, to_you: bool = False) -> str:
    """Why the two fit, in one sentence: what one offers the other first, then what they share.

    A match without any term with points, which is never suggested, gives an empty sentence.
    """
    clauses = list(_clauses(match, to_you))[:2]
    if not clauses:
        return ""
    if len(clauses) == 1:
        return _("%(first)s.") % {"first": capfirst(clauses[0])}
    return _("%(first)s – and %(second)s.") % {"first": capfirst(clauses[0]), "second": clauses[1]}


def shortfalls(
    match: Match, *, to_you: bool = False, may_edit: bool = False
) -> tuple[Shortfall, ...]:
    """Why the score is not higher: each signal that lost points, the greatest loss first. Readers
    who edit the profile of a are led to where they give what it lacks."""
    losing = sorted((part for part in match.parts if part.lost), key=lambda part: -part.lost)
    return tuple(
        Shortfall(
            part,
            _as_sentence(_why(match, part.signal, to_you)),
            tuple(
                (
                    capfirst(missing(item, match, to_you=to_you)),
                    item.possible_points,
                    where_given(item.missing, match.a) if may_edit and item.side == "a" else "",
                )
                for item in part.unknown
            ),
        )
        for part in losing
    )


def missing(item: Unknown, match: Match, *, to_you: bool = False) -> str:
    """What one side lacks, spoken to it or of it."""
    if not to_you:
        return item.reason
    yours, theirs = {
        "no_needs": (_("you list no needs yet"), _("they list no needs yet")),
        "no_offers": (_("you list no offers yet"), _("they list no offers yet")),
        "no_interests": (_("you list no interests yet"), _("they list no interests yet")),
        "no_segments": (
            _("you name no segment of the hydrogen value chain yet"),
            _("they name no segment of the hydrogen value chain yet"),
        ),
        "no_projects": (_("you have no project on record"), _("they have no project on record")),
        "region_unknown": (_("your home region is unknown"), _("their home region is unknown")),
        "no_record": (
            _("you have no recent project with another region on record"),
            _("they have no recent project with another region on record"),
        ),
    }[item.missing]
    return yours if item.side == "a" else theirs


def _clauses(match: Match, to_you: bool) -> Iterable[str]:
    """What may be said, the most telling first, each beginning in the middle of a sentence."""
    terms: dict[str, list[Term]] = {}
    for term in sorted(match.terms, key=lambda term: -term.points):
        terms.setdefault(term.signal, []).append(term)
    sought = terms.get(COMPLEMENTARITY, [])
    mine = [term for term in sought if term.side == "a"]
    theirs = [term for term in sought if term.side == "b"]
    if mine:
        yield _exchange(match, mine, to_you)
        if theirs:
            yield _in_return(match, theirs[0], to_you)
    elif theirs:
        yield _exchange(match, theirs, to_you)
    points = {part.signal: part.points for part in match.parts}
    for signal in sorted(ABOUT_THE_PAIR, key=lambda signal: -points[signal]):
        if signal in terms:
            yield _shared(match, _most_telling(terms[signal]), to_you)
    for signal in (REGIONAL_FIT, EXPERIENCE):
        if signal in terms:
            yield _shared(match, terms[signal][0], to_you)


def _most_telling(terms: Sequence[Term]) -> Term:
    """The strongest term that names something; many small ones may be summed up in one without a
    name that outweighs each of them."""
    return next((term for term in terms if term.subject), terms[0])


def _exchange(match: Match, sought: Sequence[Term], to_you: bool) -> str:
    """What one side looks for and the other offers, how that is known, and how much more."""
    term, more = sought[0], len(sought) - 1
    a_seeks = term.side == "a"
    if to_you:
        said = (
            _("you look for %(concept)s; they offer it")
            if a_seeks
            else _("they look for %(concept)s; you offer it")
        )
    else:
        said = _("%(seeker)s looks for %(concept)s; %(giver)s offers it")
    said = said % {**_names(match, a_seeks), "concept": term.subject}
    projects = term.shown_by[1 if a_seeks else 0]
    if projects:
        shown = ngettext("shown by %(count)d project", "shown by %(count)d projects", projects) % {
            "count": projects
        }
    else:
        shown = _("as declared in the profile")
    words = {"said": said, "shown": shown, "count": more}
    if not more:
        return _("%(said)s, %(shown)s") % words
    if not to_you:
        and_more = ngettext(
            "%(said)s, %(shown)s, and %(count)d more of its needs",
            "%(said)s, %(shown)s, and %(count)d more of its needs",
            more,
        )
    elif a_seeks:
        and_more = ngettext(
            "%(said)s, %(shown)s, and %(count)d more of your needs",
            "%(said)s, %(shown)s, and %(count)d more of your needs",
            more,
        )
    else:
        and_more = ngettext(
            "%(said)s, %(shown)s, and %(count)d more of their needs",
            "%(said)s, %(shown)s, and %(count)d more of their needs",
            more,
        )
    return and_more % words


def _in_return(match: Match, term: Term, to_you: bool) -> str:
    said = (
        _("in return they look for %(concept)s, which you offer")
        if to_you
        else _("in return %(seeker)s looks for %(concept)s, which %(giver)s offers")
    )
    return said % {**_names(match, term.side == "a"), "concept": term.subject}


def _shared(match: Match, term: Term, to_you: bool) -> str:
    """The strongest fact of a signal that speaks of both sides."""
    if term.signal == VALUE_CHAIN:
        said = (
            _("you cover %(segment)s, they the neighbouring %(other)s")
            if to_you
            else _("%(a)s covers %(segment)s, %(b)s the neighbouring %(other)s")
        )
        return said % {
            "a": match.a.known_as,
            "b": match.b.known_as,
            "segment": term.subject,
            "other": term.other_subject,
        }
    if term.signal == TRACK_RECORD:
        return _with_others(term, match.in_common.partners - 1)
    if term.signal == EXPERIENCE:
        return "; ".join(_experience(match, to_you))
    said = term.subject[:1].lower() + term.subject[1:]
    if not all(term.shown_by):
        return said
    projects = {"said": said, "a": term.shown_by[0], "b": term.shown_by[1]}
    if to_you:
        return _("%(said)s (shown by projects: %(a)d of yours, %(b)d of theirs)") % projects
    return _("%(said)s (shown by %(a)d and %(b)d projects)") % projects


def _with_others(term: Term, others: int) -> str:
    if not term.subject:
        return ngettext(
            "there is %(count)d partner in common",
            "there are %(count)d partners in common",
            others + 1,
        ) % {"count": others + 1}
    if others < 1:
        return _("both have worked with %(partner)s") % {"partner": term.subject}
    return ngettext(
        "both have worked with %(partner)s and %(count)d other",
        "both have worked with %(partner)s and %(count)d others",
        others,
    ) % {"partner": term.subject, "count": others}


def _why(match: Match, signal: str, to_you: bool) -> Iterable[str]:
    """Why a signal gave no more: parts of one sentence."""
    say = {
        COMPLEMENTARITY: _exchange_falls_short,
        SHARED_PRIORITIES: _interests_fall_short,
        VALUE_CHAIN: _segments_fall_short,
        TRACK_RECORD: _partners_fall_short,
        REGIONAL_FIT: _regions_fall_short,
        EXPERIENCE: _experience,
    }
    (part,) = (part for part in match.parts if part.signal == signal)
    if part.unknown and signal != COMPLEMENTARITY:
        return ()
    return say[signal](match, to_you)


def _as_sentence(parts: Iterable[str]) -> str:
    said = "; ".join(parts)
    return _("%(first)s.") % {"first": capfirst(said)} if said else ""


def _exchange_falls_short(match: Match, to_you: bool) -> Iterable[str]:
    """Each direction by itself: half of the points need both."""
    for seeker, giver, a_seeks in ((0, 1, True), (1, 0, False)):
        needs, offers = match.held[seeker].needs, match.held[giver].offers
        met = min(match.in_common.met[seeker], needs)
        names = _names(match, a_seeks) | {"needs": needs, "met": met}
        if not needs or not offers:
            continue  # what is missing says so
        if not met:
            yield _by_side(
                (
                    _("you need %(things)s, they offer none of it"),
                    _("they need %(things)s, you offer none of it"),
                    _("%(seeker)s needs %(things)s, %(giver)s offers none of it"),
                ),
                a_seeks,
                to_you,
            ) % {**names, "things": _things(needs)}
        elif met == needs:
            yield _by_side(
                (
                    _("you need %(things)s, they offer all of it"),
                    _("they need %(things)s, you offer all of it"),
                    _("%(seeker)s needs %(things)s, %(giver)s offers all of it"),
                ),
                a_seeks,
                to_you,
            ) % {**names, "things": _things(needs)}
        else:
            yield _by_side(
                (
                    _("you need %(things)s, they offer %(met)d of them"),
                    _("they need %(things)s, you offer %(met)d of them"),
                    _("%(seeker)s needs %(things)s, %(giver)s offers %(met)d of them"),
                ),
                a_seeks,
                to_you,
            ) % {**names, "things": _things(needs)}
    (part,) = (part for part in match.parts if part.signal == COMPLEMENTARITY)
    if part.unknown and not part.points:
        yield _("half of these points are for pairs in which each side meets needs of the other")


def _interests_fall_short(match: Match, to_you: bool) -> Iterable[str]:
    shared = match.in_common.interests
    if not shared:
        yield (
            _("you have no interest in common") if to_you else _("they have no interest in common")
        )
    else:
        yield ngettext(
            "%(count)d interest in common; more of them, and more projects about them on both"
            " sides, would bring more",
            "%(count)d interests in common; more of them, and more projects about them on both"
            " sides, would bring more",
            shared,
        ) % {"count": shared}


def _segments_fall_short(match: Match, to_you: bool) -> Iterable[str]:
    pairs = match.in_common.neighbours
    if not pairs:
        yield (
            _("no segment of yours is next to one of theirs in the value chain")
            if to_you
            else _("no segment of %(a)s is next to one of %(b)s in the value chain")
            % {"a": match.a.known_as, "b": match.b.known_as}
        )
    else:
        yield ngettext(
            "%(count)d pair of neighbouring segments; more pairs would bring more",
            "%(count)d pairs of neighbouring segments; more pairs would bring more",
            pairs,
        ) % {"count": pairs}


def _partners_fall_short(match: Match, to_you: bool) -> Iterable[str]:
    partners = match.in_common.partners
    if not partners:
        yield (
            _("you have never worked with the same partner")
            if to_you
            else _("they have never worked with the same partner")
        )
    else:
        yield ngettext(
            "%(count)d partner in common; more of them, and more joint projects with them,"
            " would bring more",
            "%(count)d partners in common; more of them, and more joint projects with them,"
            " would bring more",
            partners,
        ) % {"count": partners}


def _regions_fall_short(match: Match, to_you: bool) -> Iterable[str]:
    reasons = match.in_common.regional
    homes = {
        "a": match.a.home_region.label if match.a.home_region else "",
        "b": match.b.home_region.label if match.b.home_region else "",
    }
    if not reasons:
        yield _("no priority, network or project on record joins %(a)s and %(b)s") % homes
    else:
        yield (
            ngettext(
                "%(count)d priority, network or project history joins %(a)s and %(b)s; more"
                " would bring more",
                "%(count)d priorities, networks and project histories join %(a)s and %(b)s; more"
                " would bring more",
                reasons,
            )
            % {"count": reasons, **homes}
        )


def _experience(match: Match, to_you: bool) -> Iterable[str]:
    recent = {"mine": match.held[0].recent_projects, "theirs": match.held[1].recent_projects}
    if to_you:
        yield (
            _("of recent projects with other regions, you have %(mine)d and they have %(theirs)d")
            % recent
        )
    else:
        yield _(
            "of recent projects with other regions, %(a)s has %(mine)d and %(b)s has %(theirs)d"
        ) % {**recent, "a": match.a.known_as, "b": match.b.known_as}


def _names(match: Match, a_seeks: bool) -> dict[str, str]:
    pair = (match.a.known_as, match.b.known_as)
    return dict(zip(("seeker", "giver"), pair if a_seeks else pair[::-1], strict=True))


def _by_side(said: tuple[str, str, str], a_seeks: bool, to_you: bool) -> str:
    """What is said to you of yourself, to you of them, or of both by name."""
    return said[0 if a_seeks else 1] if to_you else said[2]


def _things(count: int) -> str:
    return ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
