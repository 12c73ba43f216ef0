"""PostgreSQL: arrays with GIN and the score in SQL; pgvector's sparse vectors, exact and HNSW.

The embedded server is started with a data folder of its own; questions run without parallel
workers.
"""

import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.matching.engines import linear
from benchmarks.matching.engines.base import CANDIDATES, LIMIT, Data, Engine
from benchmarks.matching.facts import (
    INTERESTS,
    NEEDS,
    OFFERS,
    SEGMENTS,
    TAU_PRIORITIES,
    TAU_TRACK_RECORD,
    Facts,
)
from benchmarks.matching.judge import Judge, Ranked
from benchmarks.matching.memory import children
from config.embedded import Cluster, server
from config.embedded.binaries import candidates, choose
from config.embedded.places import server_environment
from matching.engine import EXPERIENCE, REGIONAL_FIT

EXTENSIONS = ("intarray", "vector")
SETTINGS = (
    "SET max_parallel_workers_per_gather = 0",
    "SET max_parallel_maintenance_workers = 0",
    "SET work_mem = '256MB'",
    "SET maintenance_work_mem = '1GB'",
    "SET jit = off",
    "SET synchronous_commit = off",
)


class Postgres(Engine):
    """What the PostgreSQL engines share: the server, tables, sizes."""

    most: ClassVar[int] = 1_000_000
    why: ClassVar[str] = "a question takes seconds, and filling the tables many minutes"
    cluster: Cluster

    def prepare(self, data: Data, folder: Path) -> None:
        """Make the server, with the extensions that only a superuser may create: while it is
        stopped, by PostgreSQL's single-user mode."""
        self.cluster = Cluster(folder / "server")
        self.cluster.ensure_running()
        self.cluster.release()
        places = self.cluster.places
        programs, _ = choose(
            list(candidates()), user=places.user, needed_major=None, copies=places.binaries
        )
        command = [programs.postgres, "--single", "-D", places.data, server.DATABASE]
        done = subprocess.run(
            [str(part) for part in command],
            input="".join(f"CREATE EXTENSION IF NOT EXISTS {name}\n" for name in EXTENSIONS),
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=server_environment(),
            **(places.user.for_subprocess() if places.user else {}),
        )
        if done.returncode or "ERROR:" in done.stdout + done.stderr:
            raise RuntimeError(done.stdout + done.stderr)

    def _connect(self, folder: Path) -> psycopg.Connection[Any]:
        self.cluster = Cluster(folder / "server")
        info = self.cluster.ensure_running()
        connection = psycopg.connect(
            host=info.host,
            port=info.port,
            user=info.user,
            password=info.password,
            dbname=info.dbname,
            autocommit=True,
        )
        for setting in SETTINGS:
            connection.execute(setting)
        return connection

    def open(self, data: Data, folder: Path) -> None:
        self.facts = data.facts()
        self.judge = Judge(self.facts)
        self.connection = self._connect(folder)

    def close(self) -> None:
        self.connection.close()
        self.cluster.release()

    def processes(self) -> list[int]:
        pid = self.cluster.pid()
        return [] if pid is None else [pid, *children(pid)]

    def index_bytes(self, folder: Path) -> int:
        """Tables with their indexes; the write-ahead log is not counted."""
        connection = self._connect(folder)
        found = connection.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
        connection.close()
        return int(found[0]) if found else 0


def _array(values: NDArray[Any]) -> str:
    return "{" + ",".join(map(str, values.tolist())) + "}"


def _rows(facts: Facts) -> Iterator[str]:
    """Lines for COPY: one organisation each."""
    for document in range(len(facts)):
        needs, need_values = facts.statements(document, NEEDS)
        offers, _ = facts.statements(document, OFFERS)
        interests, interest_values = facts.statements(document, INTERESTS)
        segments, _ = facts.statements(document, SEGMENTS)
        listed = "t" if facts.listed[document] else "f"
        yield (
            f"{document}\t{facts.home[document]}\t{listed}\t{facts.experience[document]}"
            f"\t{max(1, facts.total_needs[document])}"
            f"\t{_array(needs)}\t{_array(need_values)}\t{_array(offers)}"
            f"\t{_array(interests)}\t{_array(interest_values)}\t{_array(segments)}\n"
        )


class SqlScoring(Postgres):
    """The exact score as one SQL statement: GIN indexes (intarray) find whoever shares a concept,
    expressions score, a join adds up partners in common."""

    name = "postgresql-gin"

    def build(self, data: Data, folder: Path) -> None:
        facts = data.facts()
        connection = self._connect(folder)
        connection.execute(
            "CREATE TABLE org (id int, home int, listed bool, experience int, total_needs int,"
            " needs int[], need_values int[], offers int[],"
            " interests int[], interest_values int[], segments int[])"
        )
        connection.execute("CREATE TABLE tie (id int, others int[], ties int[])")
        with connection.cursor().copy("COPY org FROM STDIN") as copy:
            for line in _rows(facts):
                copy.write(line)
        number = np.zeros(len(facts.selectivity), dtype=np.int64)
        known = facts.partner >= 0
        number[facts.partner[known]] = np.flatnonzero(known)
        with connection.cursor().copy("COPY tie FROM STDIN") as copy:
            for partner in range(len(number)):
                rows = slice(int(facts.tie_ptr[partner]), int(facts.tie_ptr[partner + 1]))
                others = _array(number[facts.tie_with[rows]])
                copy.write(f"{partner}\t{others}\t{_array(facts.tie_value[rows])}\n")
        connection.execute("ALTER TABLE org ADD PRIMARY KEY (id)")
        connection.execute("ALTER TABLE tie ADD PRIMARY KEY (id)")
        for field in ("needs", "offers", "interests", "segments"):
            connection.execute(f"CREATE INDEX ON org USING gin ({field} gin__int_ops)")
        connection.execute("VACUUM ANALYZE")
        connection.close()

    def top(self, organisation: int) -> Ranked:
        facts = self.facts
        document = facts.document(organisation)
        partners, _ = facts.ties(document)
        sql, overlap = self._statement(document)
        parameters = {
            "document": document,
            "home": int(facts.home[document]),
            "partners": partners.tolist(),
            "ties": facts.ties(document)[1].tolist(),
            "mass": facts.mass[facts.home[document]].tolist(),
        }
        found = self._ask(sql.format(overlap=overlap), parameters)
        levels = int(facts.experience[document]) + int(facts.experience.max(initial=0))
        # the best that one without anything in common could have
        bound = facts.weight(REGIONAL_FIT) * int(max(parameters["mass"])) / 10_000 + 2
        bound += facts.weight(EXPERIENCE) * levels / 510
        if len(found) < LIMIT or found[-1][1] <= bound:
            found = self._ask(sql.format(overlap="true"), parameters)
        return found

    def _ask(self, sql: str, parameters: dict[str, Any]) -> Ranked:
        rows = self.connection.execute(sql, parameters).fetchall()
        return [(int(self.facts.ids[number]), int(score)) for number, score in rows]

    def _statement(self, document: int) -> tuple[str, str]:
        """The question with this organisation's concepts written out, and the condition that the
        GIN indexes serve."""
        facts = self.facts
        needs, need_values = facts.statements(document, NEEDS)
        offers, _ = facts.statements(document, OFFERS)
        interests, interest_values = facts.statements(document, INTERESTS)
        met_a = [
            f"CASE WHEN offers @> '{{{c}}}' THEN {v} ELSE 0 END"
            for c, v in zip(needs.tolist(), need_values.tolist(), strict=True)
        ]
        met_b = [f"coalesce(need_values[idx(needs, {c})], 0)" for c in offers.tolist()]
        shared = [
            f"CASE WHEN interests @> '{{{c}}}'"
            f" THEN {v} * interest_values[idx(interests, {c})] ELSE 0 END"
            for c, v in zip(interests.tolist(), interest_values.tolist(), strict=True)
        ]
        chain, neighbours = self._chain(document)
        w = facts.scoring.tolist()
        level, all_a = int(facts.experience[document]), max(1, int(facts.total_needs[document]))
        priorities = _growing(w[1], "shared", w[TAU_PRIORITIES], w[TAU_PRIORITIES + 1])
        record = _growing(w[3], "x", w[TAU_TRACK_RECORD], w[TAU_TRACK_RECORD + 1])
        overlap = (
            (
                f"(offers && '{_array(needs)}' OR needs && '{_array(offers)}'"
                f" OR interests && '{_array(interests)}' OR segments && '{_array(neighbours)}'"
                " OR id IN (SELECT id FROM common))"
            )
            .replace("{", "{{")
            .replace("}", "}}")
        )
        sql = f"""
            WITH common AS MATERIALIZED (
                SELECT u.other AS id, sum(mine.tie::bigint * u.tie) AS x
                FROM unnest(%(partners)s::int[], %(ties)s::bigint[]) AS mine (partner, tie)
                JOIN tie ON tie.id = mine.partner, unnest(tie.others, tie.ties) AS u (other, tie)
                GROUP BY u.other
            ), met AS MATERIALIZED (
                SELECT id, home, experience::bigint AS level, total_needs::bigint AS all_b,
                    ({_sum(met_a)})::bigint AS met_a, ({_sum(met_b)})::bigint AS met_b,
                    ({_sum(shared)})::bigint AS shared, ({_sum(chain)})::bigint AS chain,
                    coalesce(x, 0)::bigint AS x
                FROM org LEFT JOIN common USING (id)
                WHERE listed AND home <> %(home)s AND id <> %(document)s AND OVERLAP AND id <> ALL (
                    coalesce((SELECT others FROM tie WHERE id = {int(facts.partner[document])}),
                             '{{}}'))
            ), scored AS (
                SELECT id,
                    CASE WHEN met_a + met_b = 0 THEN 0 ELSE
                        (2 * {w[0]} * ((met_a * all_b + met_b * {all_a})
                                       * (met_a * all_b + met_b * {all_a})
                                       + 4 * {all_a} * all_b * met_a * met_b)
                         + 4 * {all_a} * all_b * (met_a * all_b + met_b * {all_a}))
                        / (8 * {all_a} * all_b * (met_a * all_b + met_b * {all_a})) END
                    + {priorities}
                    + (2 * {w[2]} * chain + chain + {w[6]}) / (2 * (chain + {w[6]}))
                    + {record}
                    + (2 * {w[4]} * (%(mass)s::bigint[])[home + 1] + 10000) / 20000
                    + (2 * {w[5]} * ({level} + level) + 510) / 1020 AS score
                FROM met
            )
            SELECT id, score FROM scored WHERE score > 0 ORDER BY score DESC, id LIMIT {LIMIT}
        """
        sql = sql.replace("{", "{{").replace("}", "}}").replace("OVERLAP", "{overlap}")
        return sql, overlap

    def _chain(self, document: int) -> tuple[list[str], NDArray[np.int64]]:
        """Terms of the edges that the organisation's segments have, and all their other ends."""
        facts = self.facts
        held = set(facts.statements(document, SEGMENTS)[0].tolist())
        terms: list[str] = []
        ends: set[int] = set()
        for s in sorted(held):
            for e in range(int(facts.edge_ptr[s]), int(facts.edge_ptr[s + 1])):
                t, weight = int(facts.edge_to[e]), int(facts.edge_weight[e])
                ends.add(t)
                if t not in held:
                    terms.append(f"CASE WHEN segments @> '{{{t}}}' THEN {weight} ELSE 0 END")
                elif s < t:
                    terms.append(f"CASE WHEN segments && '{{{s},{t}}}' THEN {weight} ELSE 0 END")
        return terms, np.array(sorted(ends), dtype=np.int64)


def _sum(terms: list[str]) -> str:
    return " + ".join(terms) or "0"


def _growing(w: int, x: str, tau: int, doublings: int) -> str:
    """w · log2(1 + x/τ) / doublings, straight between powers of two, at most w."""
    cases = [f"WHEN {x} + {tau} >= {tau << doublings} THEN {w}"]
    for full in reversed(range(doublings)):
        unit = tau << full
        below = doublings * unit
        cases.append(
            f"WHEN {x} + {tau} >= {unit}"
            f" THEN (2 * {w} * ({full * unit + tau - unit} + {x}) + {below}) / {2 * below}"
        )
    return f"CASE {' '.join(cases)} END"


class SparseVectors(Postgres):
    """pgvector's sparsevec, ordered by inner product over all rows; 1,000 candidates are ranked
    again exactly."""

    name = "pgvector-exact"
    longest: ClassVar[int] = 16_000
    """Entries other than zero that one vector may have."""

    def build(self, data: Data, folder: Path) -> None:
        connection = self._connect(folder)
        vectors = linear.documents(data.facts())
        connection.execute(f"CREATE TABLE org (id int, vector sparsevec({vectors.shape[1]}))")
        with connection.cursor().copy("COPY org FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8))
            for number in range(vectors.shape[0]):
                rows = slice(int(vectors.indptr[number]), int(vectors.indptr[number + 1]))
                body = self.packed(vectors.shape[1], vectors.indices[rows], vectors.data[rows])
                copy.write(struct.pack(">hiii", 2, 4, number, len(body)) + body)
            copy.write(struct.pack(">h", -1))
        self.add_index(connection)
        connection.execute("VACUUM ANALYZE")
        connection.close()

    def packed(self, dimensions: int, indices: NDArray[Any], values: NDArray[Any]) -> bytes:
        """pgvector's binary form of a sparse vector: the heaviest entries, by ascending index."""
        if len(indices) > self.longest:
            heavy = np.argsort(-values, kind="stable")[: self.longest]
            indices, values = indices[heavy], values[heavy]
        order = np.argsort(indices)
        return (
            struct.pack(">iii", dimensions, len(indices), 0)
            + indices[order].astype(">i4").tobytes()
            + values[order].astype(">f4").tobytes()
        )

    def add_index(self, connection: psycopg.Connection[Any]) -> None:
        """None: every row is looked at."""

    def top(self, organisation: int) -> Ranked:
        keys, values = linear.question(self.facts, self.facts.document(organisation))
        heavy = np.sort(np.argsort(-values, kind="stable")[: self.longest])
        entries = zip(keys[heavy].tolist(), values[heavy].tolist(), strict=True)
        vector = "{" + ",".join(f"{key + 1}:{value}" for key, value in entries) + "}"
        dimensions = linear.Layout.of(self.facts).dimensions
        rows = self.connection.execute(
            "SELECT id FROM org ORDER BY vector <#> %s::sparsevec LIMIT %s",
            [f"{vector}/{dimensions}", CANDIDATES],
        ).fetchall()
        documents = np.array([number for (number,) in rows], dtype=np.int64)
        return self.judge.rerank(organisation, documents, LIMIT)


class SparseVectorsHnsw(SparseVectors):
    """The same through pgvector's HNSW index, which keeps 1,000 entries of a vector."""

    name = "pgvector-hnsw"
    most = 100_000
    why = "the graph takes hours to build on one thread"
    longest = 1_000

    def add_index(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(
            "CREATE INDEX ON org USING hnsw (vector sparsevec_ip_ops)"
            " WITH (m = 16, ef_construction = 64)"
        )

    def open(self, data: Data, folder: Path) -> None:
        super().open(data, folder)
        self.connection.execute("SET hnsw.ef_search = 1000")
        self.connection.execute("SET enable_seqscan = off")
