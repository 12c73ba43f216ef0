"""What somebody typed, understood: words, phrases in quotes, and what is left out with a minus."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

LONGEST: Final = 300
"""Letters of a question; longer ones are refused in plain words."""

LONGEST_WORD: Final = 100
"""Letters of a word; one sign can stand for many, and PostgreSQL takes no more than 2,046 bytes."""

MOST_WORDS: Final = 10
"""Words that are looked for: the longest, which tell most."""

_PART: Final = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
"""Signs that a language or a keyboard has for the same."""

_LETTERS: Final = re.compile(r"[^\W_]+")
EMPTY_WORDS: Final = frozenset(
    " ".join(
        [
            "the of and for in on at to a an with by from",
            "le la les de des du et pour en au aux un une sur dans l d",
            "der die das und fur im in am von zu mit den dem ein eine",
            "el los las y para con del e o un una",
            "il lo gli di della delle dei e per con",
            "w we z ze i na do dla o od",
        ]
    ).split()
)
"""Articles, prepositions and conjunctions of the six languages: beside other words, no help."""


@dataclass(frozen=True)
class Question:
    """``words`` are all to be found, ``phrases`` word by word in a row, ``without`` not at all; all
    in small letters without accents. ``is_open``: the last word may be the beginning of one."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    is_open: bool = False
    passed_over: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.without)

    @property
    def plain(self) -> str:
        """All of it in a row, as a name would be written."""
        return " ".join([*self.words, *(word for phrase in self.phrases for word in phrase)])


def folded(text: str) -> list[str]:
    """The words of a text in small letters without accents, as the directory keeps them."""
    plain = "".join(
        _LIGATURES.get(letter, letter)
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    return [word[:LONGEST_WORD] for word in _LETTERS.findall(plain)]


_LIGATURES: Final = {
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
}


def understood(text: str) -> Question:
    """Any text makes a question; one that holds no word at all is empty."""
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[str] = []
    for part in _PART.finditer(text.replace("\x00", " ").translate(_QUOTES)):
        said = folded(part["phrase"] if part["phrase"] is not None else part["word"])
        if not said:
            continue
        if part["minus"]:
            without += said
        elif part["phrase"] is not None and len(said) > 1:
            phrases.append(tuple(said))
        else:
            words += said
    ends_in_word = bool(words) and bool(re.search(r"[^\W_]$", text))
    last = words[-1] if words else ""
    once = list(dict.fromkeys(words))
    telling = [word for word in once if word not in EMPTY_WORDS] or once
    longest = set(sorted(telling, key=len, reverse=True)[:MOST_WORDS])
    kept = tuple(word for word in telling if word in longest)
    return Question(
        words=kept,
        phrases=tuple(phrases[:MOST_WORDS]),
        without=tuple(dict.fromkeys(without))[:MOST_WORDS],
        is_open=ends_in_word and last in kept,
        passed_over=tuple(word for word in once if word not in kept),
    )
