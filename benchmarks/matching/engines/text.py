"""Search engines: every concept in its role is a word, and BM25 ranks.

They fetch 1,000 candidates by their own score, which are then ranked again exactly.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import tantivy
from bm25s.tokenization import Tokenized
from numpy.typing import NDArray

from benchmarks.matching.engines import linear
from benchmarks.matching.engines.base import CANDIDATES, LIMIT, Data, Engine
from benchmarks.matching.facts import Facts
from benchmarks.matching.judge import Judge, Ranked
from matching.engine.types import Int64s

WORDS_MOST = 1_000
"""Words of one question; of more (a hub's partners) the weightiest are asked for."""


def words(facts: Facts) -> Iterator[NDArray[np.int32]]:
    """The words of every document: numbers of the dimensions of its linear vector, but for the
    experience, which is a quantity and no word."""
    vectors = linear.documents(facts)
    experience = linear.Layout.of(facts).experience
    for row in range(len(facts)):
        found = vectors.indices[vectors.indptr[row] : vectors.indptr[row + 1]]
        yield found[found != experience]


def question(facts: Facts, document: int) -> tuple[Int64s, NDArray[np.float32]]:
    """The words to look for, the weightiest `WORDS_MOST` of them, with their weights."""
    keys, values = linear.question(facts, document)
    keys, values = keys[:-1], values[:-1]  # without the experience
    order = np.argsort(-values, kind="stable")[:WORDS_MOST]
    return keys[order], values[order]


class Tantivy(Engine):
    """Lucene's design in Rust: BM25 with a boost per word, block-max WAND."""

    name = "tantivy"
    most = 1_000_000
    why = "documents are handed over one by one, in Python"

    @staticmethod
    def _schema() -> tantivy.Schema:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", fast=True)
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        return builder.build()

    def build(self, data: Data, folder: Path) -> None:
        schema = self._schema()
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(heap_size=512_000_000, num_threads=1)
        for number, found in enumerate(words(data.facts())):
            document = tantivy.Document()
            document.add_unsigned("id", number)
            document.add_text("words", " ".join(map(str, found.tolist())))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, data: Data, folder: Path) -> None:
        self.facts = data.facts()
        self.judge = Judge(self.facts)
        self.schema = self._schema()
        index = tantivy.Index(self.schema, path=str(folder))
        self.searcher = index.searcher()

    def top(self, organisation: int) -> Ranked:
        keys, values = question(self.facts, self.facts.document(organisation))
        query = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(self.schema, "words", str(key)), value
                    ),
                )
                for key, value in zip(keys.tolist(), values.tolist(), strict=True)
            ]
        )
        hits = self.searcher.search(query, CANDIDATES, count=False).hits
        documents = self.searcher.fast_field_values("id", [address for _, address in hits])
        return self.judge.rerank(organisation, np.array(documents, dtype=np.int64), LIMIT)


class Bm25s(Engine):
    """BM25 scores worked out beforehand, in a sparse matrix, with its numba backend."""

    name = "bm25s"
    most = 1_000_000
    why = "scores of every organisation, for every question"

    def build(self, data: Data, folder: Path) -> None:
        facts = data.facts()
        size = linear.Layout.of(facts).dimensions
        corpus = Tokenized(
            ids=[found.tolist() for found in words(facts)],
            vocab={str(key): key for key in range(size)},
        )
        retriever = bm25s.BM25(backend="numba")
        retriever.index(corpus, show_progress=False)
        retriever.save(str(folder), show_progress=False)

    def open(self, data: Data, folder: Path) -> None:
        self.facts = data.facts()
        self.judge = Judge(self.facts)
        self.retriever: Any = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        self.retriever.backend = "numba"
        self.retriever.activate_numba_scorer()

    def top(self, organisation: int) -> Ranked:
        keys, _ = question(self.facts, self.facts.document(organisation))
        documents, _ = self.retriever.retrieve(
            [[str(key) for key in keys.tolist()]],
            k=min(CANDIDATES, len(self.facts)),
            sorted=False,
            show_progress=False,
            backend_selection="numba",
        )
        return self.judge.rerank(organisation, documents[0].astype(np.int64), LIMIT)
