"""EuroSciVoc: codes with the nearest code above each that CORDIS has used.

The tables at hand name the fields in English; ``euroscivoc_labels.csv`` beside this file has the
project's own French and Polish names.
"""

from pathlib import Path

from scripts.reference_data.tables import rows, write

LABELS = Path(__file__).with_name("euroscivoc_labels.csv")


def broader(code: str, known: frozenset[str]) -> str:
    """Return the longest known code that this one lies under, or nothing."""
    steps = code.split("/")
    candidates = ("/".join(steps[:length]) for length in range(len(steps) - 1, 1, -1))
    return next((candidate for candidate in candidates if candidate in known), "")


def build(shared: Path, output: Path) -> None:
    """Write ``vocabularies/euroscivoc.csv.gz``; the description is the path in words."""
    titles = {
        row["euroSciVocCode"]: (row["euroSciVocTitle"], row["euroSciVocPath"])
        for row in rows(shared / "euroscivoc_vocabulary_970.csv.gz")
    }
    known = frozenset(titles)
    labels = {row["code"]: (row["fr"], row["pl"]) for row in rows(LABELS)}
    write(
        output / "vocabularies" / "euroscivoc.csv.gz",
        "code broader en fr pl description",
        [
            [code, broader(code, known), title[:1].upper() + title[1:], *labels[code], path]
            for code, (title, path) in sorted(titles.items())
        ],
    )
