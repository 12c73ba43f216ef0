"""Numbers the sources of a page in the order in which its facts cite them."""

from collections.abc import Iterator

from regions.models import Source


class Citations:
    """The sources cited on one page; the template cites first and lists them at its end."""

    def __init__(self) -> None:
        self._sources: dict[int, Source] = {}

    def number(self, source: Source) -> int:
        """Return the source's number on this page, a new one at its first citation."""
        self._sources.setdefault(source.pk, source)
        return list(self._sources).index(source.pk) + 1

    def __iter__(self) -> Iterator[Source]:
        return iter(self._sources.values())

    def __len__(self) -> int:
        return len(self._sources)
