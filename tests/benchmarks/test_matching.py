"""The benchmark as a command: what it prints and writes, and what it leaves out."""

import json
import sys

import pytest

from benchmarks.matching import __main__ as command
from benchmarks.matching import run as running
from benchmarks.matching.engines import OURS, PEERS, base
from benchmarks.matching.engines import engine as made
from benchmarks.matching.facts import prepare
from benchmarks.matching.judge import Judge
from benchmarks.populations import make

REQUIRED = {"engine", "population", "n", "exact", "p50_ms", "p99_ms", "build_s", "index_mb"}


def start(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["benchmarks.matching", *arguments])
    monkeypatch.setattr(command.copying, "line", lambda: "COPY: not here")
    command.main()


@pytest.mark.slow
def test_the_json_has_a_row_for_each_engine_and_population(monkeypatch, tmp_path, capsys):
    file = tmp_path / "rows.json"
    start(
        monkeypatch,
        *("--organisations", "300", "--peers", "none,scipy,numpy", "--queries", "5"),
        *("--no-memory",),
        *("--json", str(file)),
    )
    found = json.loads(file.read_text())
    assert set(found) == {"engines"}
    rows = found["engines"]
    assert [(row["engine"], row["population"]) for row in rows] == [
        (name, population)
        for population in ("light", "network")
        for name in (OURS, "scipy", "numpy")
    ]
    for row in rows:
        assert set(row) >= REQUIRED
        assert row["n"] == 300
        assert row["exact"] == 1
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["build_s"] > 0
        assert row["index_mb"] > 0
    assert all(row["filtered_exact"] == 1 for row in rows if row["engine"] == OURS)
    printed = capsys.readouterr().out
    assert "Memory bandwidth" in printed
    assert "COPY: not here" in printed


@pytest.mark.parametrize("name", ["numpy", "scipy", "brute-force"])
@pytest.mark.parametrize("population", ["light", "network"])
def test_exact_peers_are_exact(tmp_path, name, population):
    world = make(population, 400)
    world.save(tmp_path / "world")
    facts = prepare(world)
    facts.save(tmp_path / "facts")
    data = base.Data(tmp_path / "world", tmp_path / "facts")
    peer = made(name)
    peer.build(data, tmp_path)
    peer.open(data, tmp_path)
    judge = Judge(facts)
    for organisation in range(1, 400, 29):
        assert peer.top(organisation) == judge.top(organisation, base.LIMIT)


def test_what_does_not_run_is_listed_with_its_reason(monkeypatch, tmp_path):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(running, "engine", missing)
    options = running.Options(
        organisations=50, engines=("tantivy",), populations=("light",), queries=2, folder=tmp_path
    )
    found = running.run(options, lambda text: None)
    assert not found.rows
    assert found.skipped == [("tantivy", "light", "not installed: No module named 'tantivy'")]


def test_a_peer_beyond_its_size_is_skipped(monkeypatch, tmp_path):
    monkeypatch.setattr(made("numpy").__class__, "most", 40)
    options = running.Options(
        organisations=50, engines=("numpy",), populations=("light",), queries=2, folder=tmp_path
    )
    found = running.run(options, lambda text: None)
    assert "40 organisations at most" in found.skipped[0][2]


def test_peers_are_named_one_by_one():
    assert command.peers("all") == PEERS
    assert command.peers("none") == ()
    assert command.peers("scipy, tantivy") == ("scipy", "tantivy")
    with pytest.raises(command.argparse.ArgumentTypeError, match="lucene"):
        command.peers("lucene")
