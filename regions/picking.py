"""Concepts to pick from: found by search across all vocabularies, and in a person's own words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat, Greatest, Trim
from django.utils.translation import get_language

from regions.lookups import Unaccented
from regions.models import Concept, Vocabulary
from regions.querysets import CONCEPT_LANGUAGES, concepts_named, telling_words

MOST: Final = 40
"""Concepts that one search shows."""

FEW: Final = 5
"""With fewer hits than this, labels that are nearly so are shown too."""

ALIKE: Final = 0.45
ALIKE_BESIDE_HITS: Final = 0.65
"""How alike a label must be (trigrams) where nothing has the words, and where something has."""

NEARLY_AS_ALIKE: Final = 0.15
BROAD: Final = ("euroscivoc", "nace")
"""Catalogues of everything, which come after the vocabularies that were made for this."""

SHORT: Final = 3
"""Letters of a search that is found at the beginning of words alone."""

WITHIN: Final = 4
"""The place of a label in which the words stand inside of others."""

LINE: Final = "\n"
"""Stands between labels, so that no words are found across two of them."""

SHORTEST_WORD: Final = 4
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass
class Group:
    """The concepts of one vocabulary among those found."""

    vocabulary: Vocabulary
    concepts: list[Concept] = field(default_factory=list)
    hints: dict[int, str] = field(default_factory=dict)
    """Which one it is, where several that were found are called the same."""

    @property
    def rows(self) -> list[tuple[Concept, str]]:
        """Each concept with its hint, which most do not need."""
        return [(concept, self.hints.get(concept.pk, "")) for concept in self.concepts]


def offered() -> QuerySet[Concept]:
    """Concepts that a profile may state: all but places, which are no offers."""
    return Concept.objects.exclude(vocabulary__scheme__startswith="nuts").select_related(
        "vocabulary", "broader"
    )


def search(text: str) -> list[Group]:
    """Concepts with these words in a label of any language, or in the code; whatever accents and
    case. Where there are few, also those whose label in the reader's language or in English is
    nearly so. The groups and their concepts come best first: labels that are the words, then those
    that begin with them, those with words that do, and at last those with the words inside of
    others. Of up to three letters, the last are none at all: “AI” is in “maintenance”.
    """
    words = text.strip()
    if not words:
        return []
    labelled = offered().annotate(**_labels())
    named = concepts_named(labelled, words).annotate(place=_place(words))
    is_short = len(words) <= SHORT
    if is_short:
        named = named.filter(place__lt=WITHIN)
    found: list[Concept] = list(
        named.order_by("place", _is_broad(), "vocabulary", "position", "pk")[:MOST]
    )
    if len(found) < FEW and not is_short:
        # either way round: “hydrogen storge” is longer than the label that it means
        alike = [TrigramWordSimilarity(_folded(words), name) for name in _labels()]
        alike += [
            TrigramWordSimilarity(F(name), _folded(words))  # type: ignore[arg-type]  # any expression
            for name in _labels()
        ]
        likeness = Greatest(*alike)
        alike_enough = ALIKE_BESIDE_HITS if found else ALIKE
        near = (
            labelled.exclude(pk__in=[one.pk for one in found])
            .annotate(likeness=likeness)
            .filter(likeness__gte=alike_enough)
            .order_by("-likeness", _is_broad(), "pk")[: MOST // 4]
        )
        likest = max((one.likeness for one in near), default=0)
        found += [one for one in near if one.likeness >= likest - NEARLY_AS_ALIKE]
    groups: dict[int, Group] = {}
    for concept in found:
        group = groups.setdefault(concept.vocabulary_id, Group(concept.vocabulary))
        group.concepts.append(concept)
    hinted = hints(found)
    for group in groups.values():
        group.hints = hinted
    return list(groups.values())


def hints(concepts: Collection[Concept]) -> dict[int, str]:
    """What tells those of these concepts apart that are called the same: the vocabulary, and the
    broader concept where there is one."""
    called = Counter(concept.label.casefold() for concept in concepts)
    return {
        concept.pk: " · ".join(
            [concept.vocabulary.label, *([concept.broader.label] if concept.broader else [])]
        )
        for concept in concepts
        if called[concept.label.casefold()] > 1
    }


def _is_broad() -> Any:
    return Case(When(vocabulary__scheme__in=BROAD, then=1), default=0, output_field=IntegerField())


def _languages() -> list[str]:
    return list(dict.fromkeys([(get_language() or "en")[:2], "en"]))


def _labels() -> dict[str, Any]:
    """The labels that are compared, without accents and in capital letters."""
    return {
        f"label_in_{language}": Coalesce(
            Unaccented(KT(f"labels__{language}"), output_field=CharField()), Value("")
        )
        for language in _languages()
    }


def _folded(words: str) -> Any:
    return Unaccented(Value(words, output_field=CharField()), output_field=CharField())


def _place(words: str) -> Any:
    """0 for a label that is the words, 1 for one that begins with them, 2 for one with words that
    begin with each, 3 for one in a language that the reader has not chosen, or a code; `WITHIN` for
    words inside of others."""
    names = list(_labels())
    same, starts = Q(), Q()
    for name in names:
        same |= Q(**{name: _folded(words)})
        starts |= Q(**{f"{name}__startswith": _folded(words)})
    elsewhere = [KT(f"labels__{language}") for language in CONCEPT_LANGUAGES]
    return Case(
        When(same, then=0),
        When(starts, then=1),
        When(_begun(words, [F(name) for name in names]), then=2),
        When(_begun(words, [F("code"), *elsewhere]), then=3),
        default=WITHIN,
        output_field=IntegerField(),
    )


def _begun(words: str, texts: Sequence[Any]) -> Func:
    """Each of the words begins a word of one of the texts, which are folded once for all words."""
    between = Value(f"{LINE} ")
    lines = [
        part
        for text in texts
        for part in (between, Coalesce(text, Value(""), output_field=CharField()))
    ]
    wanted = [
        Concat(Value("%"), _spaced(Value(word)), Value("%"), output_field=CharField())
        for word in telling_words(words)
    ]
    return Func(
        _spaced(Concat(*lines, output_field=CharField())),
        Func(*wanted, template="(ARRAY[%(expressions)s])", output_field=CharField()),
        template="%(expressions)s",
        arg_joiner=" LIKE ALL ",
        output_field=BooleanField(),
    )


def _spaced(text: Any) -> Any:
    """A text in capital letters without accents, a space before each of its words, and nothing else
    between them; lines stay apart. What is left has no meaning of its own to LIKE."""
    words = Func(
        Unaccented(text, output_field=CharField()),
        Value(f"[^[:alnum:]{LINE}]+"),
        Value(" "),
        Value("g"),
        function="regexp_replace",
        output_field=CharField(),
    )
    return Concat(Value(" "), Trim(words), output_field=CharField())


@dataclass(frozen=True)
class Mention:
    """A concept that a text speaks of, and the words that led to it."""

    concept: int
    words: str


def mentioned(text: str) -> list[Mention]:
    """The concepts one of whose labels, in any language, stands in the text word by word, apart
    from endings; the longest label first. A short label alone says too little, and is passed over.
    """
    tokens = [(match.group(), _stem(match.group())) for match in _WORD.finditer(text)]
    stems = [stem for _word, stem in tokens]
    starts: dict[str, list[int]] = {}
    for at, stem in enumerate(stems):
        starts.setdefault(stem, []).append(at)
    best: dict[int, str] = {}
    rows = offered().values_list("pk", F("labels")).order_by("pk")
    for pk, labels in rows:
        for label in set(labels.values()):
            wanted = [_stem(word) for word in _WORD.findall(label)]
            if not wanted or len("".join(wanted)) < SHORTEST_WORD:
                continue
            for at in starts.get(wanted[0], ()):
                if stems[at : at + len(wanted)] == wanted:
                    words = " ".join(word for word, _stem_ in tokens[at : at + len(wanted)])
                    if len(words) > len(best.get(pk, "")):
                        best[pk] = words
                    break
    return sorted(
        (Mention(pk, words) for pk, words in best.items()),
        key=lambda mention: (-len(mention.words), mention.concept),
    )


def by_id(ids: Collection[int]) -> dict[int, Concept]:
    """Those of these concepts that a profile may state."""
    return {concept.pk: concept for concept in offered().filter(pk__in=ids)}


def _stem(word: str) -> str:
    """The word without accents and, roughly, without its ending: enough to know a plural or a case
    again."""
    folded = "".join(_letters(word))
    if len(folded) >= 8:
        return folded[:-2]
    return folded.rstrip("s") if len(folded) > SHORTEST_WORD else folded


def _letters(word: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFKD", word.casefold()):
        if not unicodedata.combining(letter):
            yield "l" if letter == "ł" else letter
