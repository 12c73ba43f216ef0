"""A second reading of the score: plain Python, fractions, every pair by itself; it calls nothing of
the engine.

Only the engine's records (`Profile`, `Scoring`, `Statistics`) are used, as data. Where the engine
rounds logarithms in floating point, this one decides in 50-digit decimals or, for selectivity, in
whole numbers.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from math import floor

from matching.engine.types import Profile, Scoring, Statistics


@dataclass
class Facts:
    """One population; `rows` are (project, partner, start ordinal or 0)."""

    profiles: list[Profile]
    rows: list[tuple[int, int, int]] = field(default_factory=list)
    edges: dict[tuple[int, int], int] = field(default_factory=dict)
    fit: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    places: dict[int, tuple[int | None, str | None]] = field(default_factory=dict)
    scoring: Scoring = field(default_factory=Scoring)
    statistics: Statistics | None = None
    dense: bool = False
    """Whether the index shall hold a value of everybody for every concept, and no lists."""


def rounded(x: Fraction) -> int:
    return floor(x + Fraction(1, 2))


def half_up(x: Decimal, low: int, high: int) -> int:
    return min(high, max(low, int(x.to_integral_value(ROUND_HALF_UP))))


@cache
def idf_of(profiles: int, df: int) -> int:
    if df < 2:
        return 85
    with localcontext(Context(prec=50)):
        n = Decimal(profiles + 1)
        return half_up(85 * (n / (df + Decimal("0.5"))).ln() / (n / Decimal("1.5")).ln(), 1, 85)


def nearest(is_below, low: int, high: int) -> int:
    """The largest q from low to high with q - ½ ≤ x; `is_below(n)` says whether n / 2 ≤ x."""
    return max(q for q in range(low, high + 1) if q == low or is_below(2 * q - 1))


@cache
def selectivity_of(degree: int) -> int:
    """q - ½ ≤ 4096 / √degree, that is (2q - 1)² degree ≤ 8192²."""
    return nearest(lambda odd: odd * odd * max(1, degree) <= 8192**2, 1, 4096)


@cache
def tie_of(projects: int) -> int:
    """q - ½ ≤ 32 log2(1 + n), that is 2^(2q - 1) ≤ (1 + n)^64."""
    return nearest(lambda odd: 2**odd <= (1 + projects) ** 64, 1, 255)


@cache
def value_of(strength: int, idf: int) -> int:
    """q - ½ ≤ 255 / (40 √85) · strength · √idf, squared."""
    return nearest(
        lambda odd: odd * odd * 40 * 40 * 85 <= 4 * 255 * 255 * strength * strength * idf, 1, 255
    )


@cache
def fame_of(partners: int, projects: int) -> int:
    """q - ½ ≤ 8 log2((1 + n) (1 + p)), that is 2^(2q - 1) ≤ ((1 + n) (1 + p))^16."""
    return nearest(lambda odd: 2**odd <= ((1 + partners) * (1 + projects)) ** 16, 0, 255)


def growth(x: int, tau: int, doublings: int) -> Fraction:
    """log2(1 + x/τ) / doublings, at most 1, straight between powers of two."""
    y = 1 + Fraction(x, tau)
    full = 0
    while y >= 2:
        y /= 2
        full += 1
    return min(Fraction(1), (full + y - 1) / doublings)


class Oracle:
    """Answers about one population, each worked out anew from the facts."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.scoring = facts.scoring
        self.profile = {p.id: p for p in facts.profiles}
        self.members: dict[int, set[int]] = {}
        self.start: dict[int, int] = {}
        for project, partner, start in facts.rows:
            self.members.setdefault(project, set()).add(partner)
            self.start[project] = max(start, self.start.get(project, 0))
        frozen = facts.statistics
        self.reference = frozen.reference if frozen else max(self.start.values(), default=0)

    # facts about one organisation

    def exchange_value(self, concept: int, weight: int) -> int:
        frozen = self.facts.statistics
        if frozen:
            return weight * idf_of(frozen.profiles, frozen.exchange.get(concept, 0))
        df = sum(concept in p.needs or concept in p.offers for p in self.facts.profiles)
        return weight * idf_of(len(self.facts.profiles), df)

    def interest_value(self, concept: int, weight: int) -> int:
        frozen = self.facts.statistics
        if frozen:
            return value_of(weight, idf_of(frozen.profiles, frozen.interests.get(concept, 0)))
        df = sum(concept in p.interests for p in self.facts.profiles)
        return value_of(weight, idf_of(len(self.facts.profiles), df))

    def partners(self, x: int) -> dict[int, list[int]]:
        """Partner → joint projects."""
        found: dict[int, list[int]] = {}
        for project, members in self.members.items():
            if x in members:
                for z in members - {x}:
                    found.setdefault(z, []).append(project)
        return found

    def degree(self, z: int) -> int:
        frozen = self.facts.statistics
        return frozen.degrees.get(z, 0) if frozen else len(self.partners(z))

    def place(self, z: int) -> tuple[int | None, str | None]:
        if z in self.profile:
            return self.profile[z].home, self.profile[z].country
        return self.facts.places.get(z, (None, None))

    def experience(self, x: int) -> int:
        count = 0
        for project, members in self.members.items():
            start = self.start[project]
            if x in members and start and self.reference - start <= 3652:
                places = [self.place(z) for z in members]
                homes = {home for home, _ in places if home is not None}
                lands = {land for _, land in places if land is not None}
                count += len(homes) > 1 or len(lands) > 1
        return count

    @staticmethod
    def level(n: int) -> int:
        return max(1, rounded(Fraction(255 * n, n + 5))) if n else 0

    def fame(self, x: int) -> int:
        projects = sum(x in members for members in self.members.values())
        return fame_of(len(self.partners(x)), projects)

    def has_projects(self, x: int) -> bool:
        return any(x in members for members in self.members.values())

    # signals: exact value, then terms as (sort key, name, exact share)

    def complementarity(self, a: int, b: int):
        directions, totals = [], []
        for seeker, giver in ((a, b), (b, a)):
            values = {c: self.exchange_value(c, w) for c, w in self.profile[seeker].needs.items()}
            directions.append({c: v for c, v in values.items() if c in self.profile[giver].offers})
            totals.append(sum(values.values()))
        f, g = (
            Fraction(sum(met.values()), total) if total else Fraction(0)
            for met, total in zip(directions, totals, strict=True)
        )
        terms = []
        harmonic = self.harmonic(f, g)
        for side, seeker, met, own in (("a", a, directions[0], f), ("b", b, directions[1], g)):
            for concept, value in met.items():
                share = (own / 4 + harmonic / 4) * Fraction(value, sum(met.values()))
                terms.append(((concept, seeker), (concept, None, side), share))
        unknown = []
        for side, other, seeker, giver, at_best in (
            ("a", "b", a, b, self.two_sided(Fraction(1), g)),
            ("b", "a", b, a, self.two_sided(f, Fraction(1))),
        ):
            if not self.profile[seeker].needs:
                unknown.append((f"{side}_no_needs", at_best))
            if not self.profile[giver].offers:
                unknown.append((f"{other}_no_offers", at_best))
        return self.two_sided(f, g), terms, unknown

    @staticmethod
    def harmonic(f: Fraction, g: Fraction) -> Fraction:
        return 2 * f * g / (f + g) if f + g else Fraction(0)

    def two_sided(self, f: Fraction, g: Fraction) -> Fraction:
        return (f + g) / 4 + self.harmonic(f, g) / 2

    def shared_priorities(self, a: int, b: int):
        mine, theirs = (
            {c: self.interest_value(c, w) for c, w in self.profile[x].interests.items()}
            for x in (a, b)
        )
        mass = {c: mine[c] * theirs[c] for c in mine.keys() & theirs.keys()}
        s = growth(
            sum(mass.values()), self.scoring.tau_priorities, self.scoring.doublings_priorities
        )
        terms = self.pro_rata(s, mass)
        unknown = self.lacking("no_interests", not mine, not theirs, Fraction(1))
        return s, terms, unknown

    @staticmethod
    def pro_rata(s: Fraction, mass: dict[int, int]):
        whole = sum(mass.values())
        return [((k,), (k, None, ""), s * Fraction(m, whole)) for k, m in mass.items()]

    def value_chain(self, a: int, b: int):
        mine, theirs = self.profile[a].segments, self.profile[b].segments
        edges = {(min(pair), max(pair)): w for pair, w in self.facts.edges.items()}
        joined = {
            (s, t): w
            for (s, t), w in edges.items()
            if (s in mine and t in theirs) or (t in mine and s in theirs)
        }
        held = {**mine, **theirs} if not (mine and theirs) else {}
        reach = sum(w for (s, t), w in edges.items() if not held or s in held or t in held)
        tau = self.scoring.tau_value_chain
        x = sum(joined.values())
        terms = [((s, t), (s, t, ""), Fraction(w, x + tau)) for (s, t), w in joined.items()]
        best = Fraction(reach, reach + tau)
        return (
            Fraction(x, x + tau),
            terms,
            self.lacking("no_segments", not mine, not theirs, best),
        )

    def track_record(self, a: int, b: int):
        mine, theirs = self.partners(a), self.partners(b)
        mass = {
            z: selectivity_of(self.degree(z)) * tie_of(len(mine[z])) * tie_of(len(theirs[z]))
            for z in mine.keys() & theirs.keys()
        }
        s = growth(
            sum(mass.values()), self.scoring.tau_track_record, self.scoring.doublings_track_record
        )
        gaps = not self.has_projects(a), not self.has_projects(b)
        return (
            s,
            self.pro_rata(s, mass),
            self.lacking("no_projects", *gaps, Fraction(1)),
        )

    def regional_fit(self, a: int, b: int):
        homes = self.profile[a].home, self.profile[b].home
        if None in homes:
            gaps = homes[0] is None, homes[1] is None
            return Fraction(0), [], self.lacking("region_unknown", *gaps, Fraction(1))
        reasons = self.facts.fit.get(homes) or self.facts.fit.get(homes[::-1]) or []
        terms = [((r,), (r, None, ""), Fraction(mass, 10_000)) for r, mass in reasons if mass]
        return Fraction(sum(mass for _, mass in reasons), 10_000), terms, []

    def experience_signal(self, a: int, b: int):
        part = {
            side: Fraction(self.level(n), 510)
            for side, n in (("a", self.experience(a)), ("b", self.experience(b)))
        }
        own = {"a": a, "b": b}
        terms = [((own[s],), (own[s], None, s), value) for s, value in part.items() if value]
        s = part["a"] + part["b"]
        unknown = [
            (f"{side}_no_record", s + Fraction(1, 2)) for side, value in part.items() if not value
        ]
        return s, terms, unknown

    @staticmethod
    def lacking(reason: str, a: bool, b: bool, at_best: Fraction):
        return [(f"{side}_{reason}", at_best) for side, gap in (("a", a), ("b", b)) if gap]

    # the answers

    def match(self, a: int, b: int):
        """(score, {signal: points}, [(signal, key, other key, side, points)], {signal: zeros},
        [(signal, reason, possible)])."""
        ways = {
            "complementarity": self.complementarity,
            "shared_priorities": self.shared_priorities,
            "value_chain": self.value_chain,
            "track_record": self.track_record,
            "regional_fit": self.regional_fit,
            "experience": self.experience_signal,
        }
        signals, terms, zero, unknown = {}, [], {}, []
        for signal, way in ways.items():
            s, parts, missing = way(a, b)
            assert 0 <= s <= 1
            assert sum(share for _, _, share in parts) == s
            w = self.scoring.weights[signal]
            points = rounded(w * s)
            signals[signal] = points
            given = self.divide(points, sorted(parts, key=lambda part: part[0]), s)
            listed = [(signal, *name, part) for (_, name, _), part in given if part]
            terms += sorted(listed, key=lambda term: -term[-1])
            if len(listed) < len(parts):
                zero[signal] = len(parts) - len(listed)
            unknown += [(signal, reason, rounded(w * best) - points) for reason, best in missing]
        return sum(signals.values()), signals, terms, zero, unknown

    @staticmethod
    def divide(points, parts, whole):
        """Largest remainder: floors first, then one more for the largest remainders, earlier parts
        first."""
        exact = [points * share / whole for _, _, share in parts]
        floors = [floor(x) for x in exact]
        left = points - sum(floors)
        for i in sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))[:left]:
            floors[i] += 1
        return list(zip(parts, floors, strict=True))

    def may_suggest(self, a: int, b: int) -> bool:
        p, q = self.profile[a], self.profile[b]
        if a == b or b in self.partners(a) or not q.listed:
            return False
        if p.home is not None and q.home is not None:
            return p.home != q.home
        return p.country is not None and q.country is not None and p.country != q.country

    def top(self, a: int, limit: int, exposure: int = 0) -> list[tuple[int, int]]:
        """(id, score) of the best that may be suggested; `exposure` is taken off the rank per
        doubling of fame."""
        scored = [(b, self.match(a, b)[0]) for b in self.profile if self.may_suggest(a, b)]
        ranked = sorted(
            (rounded(Fraction(exposure * self.fame(b), 16)) - score, b, score)
            for b, score in scored
            if score
        )
        return [(b, score) for _, b, score in ranked[:limit]]

    def best_pairs(self, left, right, limit, most=None) -> list[tuple[int, int, int]]:
        """(id, id, score) of the best pairs, the lower id first."""
        pairs = {
            (min(a, b), max(a, b))
            for a in left
            for b in right
            if self.may_suggest(a, b) and self.may_suggest(b, a)
        }
        ranked = sorted((-self.match(a, b)[0], a, b) for a, b in pairs)
        seen, answer = [], []
        for minus, a, b in ranked:
            if (
                minus
                and len(answer) < limit
                and max(seen.count(a), seen.count(b)) < (most or 10**9)
            ):
                seen += [a, b]
                answer.append((a, b, -minus))
        return answer
