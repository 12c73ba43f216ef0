"""Concepts to pick from: found by search across all vocabularies, and in a person's own words."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import get_language

from regions.lookups import Unaccented
from regions.models import Concept, Vocabulary
from regions.querysets import concepts_named

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

SHORTEST_WORD: Final = 4
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass
class Group:
    """The concepts of one vocabulary among those found."""

    vocabulary: Vocabulary
    concepts: list[Concept] = field(default_factory=list)


def offered() -> QuerySet[Concept]:
    """Concepts that a profile may state: all but places, which are no offers."""
    return Concept.objects.exclude(vocabulary__scheme__startswith="nuts").select_related(
        "vocabulary"
    )


def search(text: str) -> list[Group]:
    """Concepts with these words in a label of any language, or in the code; whatever accents and
    case. Where there are few, also those whose label in the reader's language or in English is
    nearly so. The groups and their concepts come best first: labels that are the words, then those
    that begin with them."""
    words = text.strip()
    if not words:
        return []
    labelled = offered().annotate(**_labels())
    found: list[Concept] = list(
        concepts_named(labelled, words)
        .annotate(place=_place(words))
        .order_by("place", _is_broad(), "vocabulary", "position", "pk")[:MOST]
    )
    if len(found) < FEW:
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
    return list(groups.values())


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
    """0 for a label that is the words, 1 for one that begins with them, 2 otherwise."""
    names = list(_labels())
    same, starts = Q(), Q()
    for name in names:
        same |= Q(**{name: _folded(words)})
        starts |= Q(**{f"{name}__startswith": _folded(words)})
    return Case(When(same, then=0), When(starts, then=1), default=2, output_field=IntegerField())


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
