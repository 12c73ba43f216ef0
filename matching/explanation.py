"""A match of the engine in words: each term with its label and its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching import engine, regional
from matching.evidence import (
    PARTNERS_SHOWN,
    Background,
    Stated,
    background_of,
    partner_name,
    shown_partners,
)
from matching.results import SIGNALS, Evidence, Match, SignalPart, Term, Unknown
from organisations.models import Organisation, Statement
from regions.models import Concept, Region

HUNDREDTH = Decimal("0.01")


def points(hundredths: int) -> Decimal:
    """Hundredths of a point on the 0–100 scale, with two decimals."""
    return Decimal(hundredths).scaleb(-2).quantize(HUNDREDTH)


def explained(
    matches: Sequence[engine.Match],
    index: engine.MatchIndex,
    *,
    partners_shown: int = PARTNERS_SHOWN,
) -> tuple[Match, ...]:
    """Say each match of this index in words, in the order given, with so many of its partners in
    common one by one.

    A match with an organisation that has meanwhile gone from the database is left out.
    """
    background = background_of(matches, partners_shown)
    return tuple(
        _Explanation(match, index, background, partners_shown).result()
        for match in matches
        if match.a in background.known and match.b in background.known
    )


class _Explanation:
    """One match and what is needed to say it."""

    def __init__(
        self,
        match: engine.Match,
        index: engine.MatchIndex,
        background: Background,
        partners_shown: int,
    ) -> None:
        self.match = match
        self.index = index
        self.known = background
        self.partners_shown = partners_shown
        self.a = background.organisations[match.a]
        self.b = background.organisations[match.b]

    def result(self) -> Match:
        by_signal: dict[str, list[Term]] = {signal: [] for signal in SIGNALS}
        for term in self._terms():
            by_signal[term.signal].append(term)
        missing: dict[str, list[Unknown]] = {signal: [] for signal in SIGNALS}
        for item in self.match.unknown:
            missing[item.signal].append(self._unknown(item))
        return Match(
            a=self.a,
            b=self.b,
            score=points(self.match.score),
            parts=tuple(
                SignalPart(
                    signal=signal,
                    points=points(self.match.signals[signal]),
                    weight=points(self.index.scoring.weights[signal]),
                    terms=tuple(by_signal[signal]),
                    unknown=tuple(missing[signal]),
                )
                for signal in SIGNALS
            ),
            small_terms=sum(self.match.zero_terms.values()),
        )

    def _terms(self) -> Iterable[Term]:
        say = {
            engine.COMPLEMENTARITY: self._complementarity,
            engine.SHARED_PRIORITIES: self._shared_priority,
            engine.VALUE_CHAIN: self._value_chain,
            engine.REGIONAL_FIT: self._regional_fit,
            engine.EXPERIENCE: self._experience,
        }
        for term in self.match.terms:
            if term.signal in say:
                yield say[term.signal](term)
        yield from self._track_record()

    def _side(self, side: str) -> tuple[Organisation, Organisation]:
        return (self.a, self.b) if side == "a" else (self.b, self.a)

    def _stated(self, organisation: Organisation, concept: int, role: str) -> list[Stated]:
        return self.known.stated.get((organisation.pk, concept, role), [])

    def _complementarity(self, term: engine.Term) -> Term:
        seeker, giver = self._side(term.side)
        return Term(
            signal=term.signal,
            label=_("%(seeker)s looks for %(concept)s; %(giver)s offers it")
            % {
                "seeker": seeker.known_as,
                "concept": self.known.concept_label(term.key),
                "giver": giver.known_as,
            },
            points=points(term.points),
            evidence=(
                *self._shown(seeker, self._stated(seeker, term.key, Statement.Role.NEEDS)),
                *self._shown(giver, self._stated(giver, term.key, Statement.Role.OFFERS)),
            ),
        )

    def _shared_priority(self, term: engine.Term) -> Term:
        of_a = self._stated(self.a, term.key, Statement.Role.INTERESTED)
        of_b = self._stated(self.b, term.key, Statement.Role.INTERESTED)
        label = shared_label(self.known.concepts.get(term.key))
        counts = sum(s.total for s in of_a), sum(s.total for s in of_b)
        if all(counts):
            label = _("%(statement)s: %(a_projects)s of %(a)s, %(b_projects)s of %(b)s") % {
                "statement": label,
                "a_projects": _projects(counts[0]),
                "a": self.a.known_as,
                "b_projects": _projects(counts[1]),
                "b": self.b.known_as,
            }
        return Term(
            signal=term.signal,
            label=label,
            points=points(term.points),
            evidence=(*self._shown(self.a, of_a), *self._shown(self.b, of_b)),
        )

    def _value_chain(self, term: engine.Term) -> Term:
        low, high = term.key, term.other_key or 0
        if not (self._holds(self.a, low) and self._holds(self.b, high)):
            low, high = high, low
        return Term(
            signal=term.signal,
            label=_("%(a)s covers %(a_segment)s, %(b)s the neighbouring %(b_segment)s")
            % {
                "a": self.a.known_as,
                "a_segment": self.known.concept_label(low),
                "b": self.b.known_as,
                "b_segment": self.known.concept_label(high),
            },
            points=points(term.points),
            evidence=(
                *self._shown(self.a, self._holds(self.a, low)),
                *self._shown(self.b, self._holds(self.b, high)),
            ),
        )

    def _holds(self, organisation: Organisation, segment: int) -> list[Stated]:
        return self._stated(organisation, segment, Statement.Role.OFFERS)

    def _track_record(self) -> Iterable[Term]:
        shown = shown_partners(self.match, self.partners_shown)
        for term in shown:
            name = partner_name(term.key, self.known.organisations)
            yield Term(
                signal=term.signal,
                label=_("Both have worked with %(partner)s") % {"partner": name},
                points=points(term.points),
                evidence=tuple(
                    replace(
                        project,
                        label=_("%(organisation)s in %(project)s")
                        % {"organisation": organisation.known_as, "project": project.label},
                        side=side,
                    )
                    for side, organisation in (("a", self.a), ("b", self.b))
                    if (tie := self.known.ties.get((organisation.pk, term.key)))
                    for project in tie.projects
                ),
            )
        every = [term for term in self.match.terms if term.signal == engine.TRACK_RECORD]
        others = [term for term in every if term not in shown]
        if others:
            yield Term(
                signal=engine.TRACK_RECORD,
                label=ngettext(
                    "%(count)d more partner in common",
                    "%(count)d more partners in common",
                    len(others),
                )
                % {"count": len(others)},
                points=points(sum(term.points for term in others)),
                evidence=(
                    Evidence(
                        kind="partner",
                        label=_(
                            "Each of them took part in a project with %(a)s and in one with %(b)s"
                        )
                        % {"a": self.a.known_as, "b": self.b.known_as},
                    ),
                ),
            )

    def _regional_fit(self, term: engine.Term) -> Term:
        homes = [side.home_region for side in (self.a, self.b) if side.home_region]
        label, evidence = regional_reason(*regional.reason_of(term.key), homes, self.known)
        return Term(term.signal, label, points(term.points), evidence)

    def _experience(self, term: engine.Term) -> Term:
        organisation, _other = self._side(term.side)
        count = self.index.recent_projects(organisation.pk)
        return Term(
            signal=term.signal,
            label=ngettext(
                "%(organisation)s has %(count)d recent project with other regions",
                "%(organisation)s has %(count)d recent projects with other regions",
                count,
            )
            % {"organisation": organisation.known_as, "count": count},
            points=points(term.points),
            evidence=(
                Evidence(
                    kind="organisation",
                    label=_("Projects of %(organisation)s")
                    % {"organisation": organisation.known_as},
                    url=organisation.get_absolute_url() + "#projects",
                    is_illustrative=organisation.is_illustrative,
                    side=term.side,
                ),
            ),
        )

    def _unknown(self, item: engine.Unknown) -> Unknown:
        side, _underscore, reason = item.reason.partition("_")
        organisation, _other = self._side(side)
        return Unknown(
            signal=item.signal,
            reason=missing_sentence(reason) % {"organisation": organisation.known_as},
            possible_points=points(item.possible),
        )

    def _shown(self, organisation: Organisation, stated: list[Stated]) -> tuple[Evidence, ...]:
        """The evidence of one side's statements, made once for all matches that share them."""
        if not stated:
            return ()
        side = "a" if organisation == self.a else "b"
        key: tuple[str | int, ...] = (side, *(item.statement.pk for item in stated))
        if key not in self.known.shown:
            self.known.shown[key] = tuple(_statement_evidence(organisation, side, stated))
        return self.known.shown[key]


def _statement_evidence(
    organisation: Organisation, side: str, stated: Iterable[Stated]
) -> Iterable[Evidence]:
    """Declared statements as such; demonstrated ones through their projects."""
    name = organisation.known_as
    in_project = _("%(organisation)s in %(project)s")
    for item in stated:
        if item.statement.origin == Statement.Origin.DECLARED:
            yield Evidence(
                kind="declared",
                label=_("declared by %(organisation)s") % {"organisation": name}
                + (f": “{item.statement.text}”" if item.statement.text else ""),
                url=organisation.get_absolute_url() + "#statements",
                is_illustrative=organisation.is_illustrative,
                side=side,
            )
        for project in item.projects:
            yield replace(
                project,
                label=in_project % {"organisation": name, "project": project.label},
                side=side,
            )
        if item.total > len(item.projects) > 0:
            more = item.total - len(item.projects)
            yield Evidence(
                kind="organisation",
                label=_("%(organisation)s in %(projects)s more")
                % {"organisation": name, "projects": _projects(more)},
                url=organisation.get_absolute_url() + "#projects",
                side=side,
            )


def missing_sentence(reason: str) -> str:
    """What a side lacks, as a sentence with ``%(organisation)s``."""
    return {
        "no_needs": _("%(organisation)s lists no needs yet"),
        "no_offers": _("%(organisation)s lists no offers yet"),
        "no_interests": _("%(organisation)s lists no interests yet"),
        "no_segments": _("%(organisation)s names no segment of the hydrogen value chain yet"),
        "no_projects": _("%(organisation)s has no project on record"),
        "region_unknown": _("The home region of %(organisation)s is unknown"),
        "no_record": _("%(organisation)s has no recent project with another region on record"),
    }[reason]


def shared_label(concept: Concept | None) -> str:
    """What sharing an interest in this concept means, in words."""
    if concept is None:
        return _("Both care about a concept that is no longer in use")
    sentences = {
        "green-transition": _("Both work on the green transition"),
        "digital-transition": _("Both work on the digital transition"),
        "training-and-jobs": _("Both work on training and jobs for the future"),
        "excellence-sectors": _("Both work in an excellence sector of their region"),
    }
    if concept.vocabulary.scheme == "themes" and concept.code in sentences:
        return sentences[concept.code]
    return {
        "h2020-programme-parts": _("Both take part in the programme %(concept)s"),
        "industrial-ecosystems": _("Both are active in the ecosystem %(concept)s"),
    }.get(concept.vocabulary.scheme, _("Both care about %(concept)s")) % {"concept": concept.label}


def regional_reason(
    kind: int, number: int, regions: Sequence[Region], known: Background
) -> tuple[str, tuple[Evidence, ...]]:
    """The label and evidence of one reason why two regions fit."""
    if kind == regional.PRIORITY_REASON:
        return (
            _("Both regions give priority to %(concept)s")
            % {"concept": known.concept_label(number)},
            tuple(
                dict.fromkeys(
                    Evidence(
                        kind="priority",
                        label=f"{region.name}: {priority}",
                        url=region.get_absolute_url() + "#priorities",
                        is_illustrative=priority.source.is_illustrative,
                        side=side,
                    )
                    for side, region in zip("ab", regions, strict=True)
                    for priority in known.priorities.get((region.pk, number), [])
                )
            ),
        )
    if kind == regional.NETWORK_REASON:
        network = known.networks.get(number)
        return (
            _("Both regions are in %(network)s")
            % {"network": network.name if network else _("a network that is no longer listed")},
            tuple(
                Evidence("network", region.name, region.get_absolute_url() + "#networks")
                for region in regions
            ),
        )
    first, second = regions
    return (
        ngettext(
            "%(count)d joint project of both regions so far",
            "%(count)d joint projects of both regions so far",
            number,
        )
        % {"count": number},
        (
            Evidence(
                kind="region-projects",
                label=f"{first.name} – {second.name}",
                url=reverse("regions:pair", args=[first.slug, second.slug]) + "#history",
            ),
        ),
    )


def _projects(count: int) -> str:
    return ngettext("%(count)d project", "%(count)d projects", count) % {"count": count}
