"""EuroSciVoc: codes with the nearest code above each that CORDIS has used."""

from pathlib import Path

from scripts.reference_data.tables import rows, write


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
    write(
        output / "vocabularies" / "euroscivoc.csv.gz",
        "code broader en fr pl description",
        [
            [code, broader(code, known), title[:1].upper() + title[1:], "", "", path]
            for code, (title, path) in sorted(titles.items())
        ],
    )
