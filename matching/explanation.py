"""A match of the engine in words: each term with its label and its evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

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
from matching.holdings import stated_counts
from matching.results import (
    SIGNALS,
    Evidence,
    Held,
    InCommon,
    Match,
    SignalPart,
    Term,
    Unknown,
)
from matching.wording import missing_sentence, project_count, regional_reason, shared_label
from organisations.models import Organisation, Statement

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
    counts = stated_counts({side for match in matches for side in (match.a, match.b)})
    return tuple(
        _Explanation(match, index, background, partners_shown, counts).result()
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
        counts: Mapping[int, Held],
    ) -> None:
        self.match = match
        self.stated_counts = counts
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
            held=(self._held(self.a), self._held(self.b)),
            in_common=self._in_common(),
        )

    def _held(self, organisation: Organisation) -> Held:
        return replace(
            self.stated_counts.get(organisation.pk, Held()),
            recent_projects=self._recent_projects(organisation),
        )

    def _recent_projects(self, organisation: Organisation) -> int:
        """None for one that is not in the index: its projects are not looked at yet."""
        known = organisation.pk in self.index
        return self.index.recent_projects(organisation.pk) if known else 0

    def _in_common(self) -> InCommon:
        small = self.match.zero_terms
        counts = Counter((term.signal, term.side) for term in self.match.terms)
        sought = engine.COMPLEMENTARITY
        return InCommon(
            met=(counts[sought, "a"], counts[sought, "b"]),
            **{
                name: counts[signal, ""] + small.get(signal, 0)
                for name, signal in (
                    ("interests", engine.SHARED_PRIORITIES),
                    ("neighbours", engine.VALUE_CHAIN),
                    ("partners", engine.TRACK_RECORD),
                    ("regional", engine.REGIONAL_FIT),
                )
            },
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
        offered = self._stated(giver, term.key, Statement.Role.OFFERS)
        projects = sum(stated.total for stated in offered)
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
                *self._shown(giver, offered),
            ),
            subject=self.known.concept_label(term.key),
            side=term.side,
            shown_by=(0, projects) if term.side == "a" else (projects, 0),
        )

    def _shared_priority(self, term: engine.Term) -> Term:
        of_a = self._stated(self.a, term.key, Statement.Role.INTERESTED)
        of_b = self._stated(self.b, term.key, Statement.Role.INTERESTED)
        label = subject = shared_label(self.known.concepts.get(term.key))
        counts = sum(s.total for s in of_a), sum(s.total for s in of_b)
        if all(counts):
            label = _("%(statement)s: %(a_projects)s of %(a)s, %(b_projects)s of %(b)s") % {
                "statement": label,
                "a_projects": project_count(counts[0]),
                "a": self.a.known_as,
                "b_projects": project_count(counts[1]),
                "b": self.b.known_as,
            }
        return Term(
            signal=term.signal,
            label=label,
            points=points(term.points),
            evidence=(*self._shown(self.a, of_a), *self._shown(self.b, of_b)),
            subject=subject,
            shown_by=counts,
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
            subject=self.known.concept_label(low),
            other_subject=self.known.concept_label(high),
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
                subject=name,
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
        return Term(term.signal, label, points(term.points), evidence, subject=label)

    def _experience(self, term: engine.Term) -> Term:
        organisation, _other = self._side(term.side)
        count = self._recent_projects(organisation)
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
            side=term.side,
        )

    def _unknown(self, item: engine.Unknown) -> Unknown:
        side, _underscore, reason = item.reason.partition("_")
        organisation, _other = self._side(side)
        return Unknown(
            signal=item.signal,
            reason=missing_sentence(reason) % {"organisation": organisation.known_as},
            possible_points=points(item.possible),
            side=side,
            missing=reason,
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
                label=_("declared by %(organisation)s: “%(text)s”")
                % {"organisation": name, "text": item.statement.text}
                if item.statement.text
                else _("declared by %(organisation)s") % {"organisation": name},
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
                % {"organisation": name, "projects": project_count(more)},
                url=organisation.get_absolute_url() + "#projects",
                side=side,
            )
