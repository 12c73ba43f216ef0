"""The two commands on files, without a database: no test here may touch one."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command

from matching.engine import SIGNALS
from matching.evaluation.report import BEGIN, END
from tests.matching.evaluation.conftest import participations, write_csv

METRICS = {"ndcg@10", "hit@10", "p@10", "recall@20", "mrr", "coverage@10", "gini"}
NAMES = [
    "regions-meet",
    "regions-meet exposure-aware",
    *(f"regions-meet without {signal}" for signal in SIGNALS),
    "random",
    "popularity",
    "recent popularity",
    "common neighbours",
    "adamic–adar",
    "resource allocation",
    "rp3β",
    "itemknn",
    "ease",
    "bm25",
]


@pytest.fixture
def called(files, capsys):
    """Call a command on the tiny world; gives what it printed on standard output."""

    def call(command, *options, split="2017-01-01", **replaced):
        named = files | replaced
        call_command(
            command,
            "--no-progress",
            f"--organisations={named['organisations']}",
            f"--participations={named['participations']}",
            f"--programme-parts={named['parts']}",
            f"--split={split}",
            *options,
        )
        return capsys.readouterr().out

    return call


def test_json_and_nothing_else(called):
    found = json.loads(called("evaluate_matching", "--json"))
    assert (found["split"], found["candidates"], found["queries"]) == ("2017-01-01", 9, 7)
    assert found["until"] is None
    models = {(one["name"], one["slice"]): one for one in found["models"]}
    assert [one["name"] for one in found["models"] if one["slice"] == "all"] == NAMES
    assert {name for _model, name in models} == {
        "all",
        "newcomers",
        "long-tail partners",
        "hydrogen and energy",
        "Auvergne-Rhône-Alpes ↔ Małopolska",
    }
    for one in models.values():
        assert one.keys() >= METRICS
        assert all(0 <= one[metric] <= 1 for metric in METRICS)
        low, high = one["ndcg@10_ci"]
        assert low <= one["ndcg@10"] <= high
    assert found["slices"] == {
        "all": 7,
        "newcomers": 2,
        "long-tail partners": 3,
        "hydrogen and energy": 3,
        "Auvergne-Rhône-Alpes ↔ Małopolska": 4,
    }
    plain = models["regions-meet", "all"]["ndcg@10"]
    curve = {point["exposure"]: point["ndcg@10"] for point in found["trade_off"]}
    assert curve[0] == plain
    assert curve[found["exposure"]] == models["regions-meet exposure-aware", "all"]["ndcg@10"]
    assert len(curve) >= 5
    for point in found["trade_off"]:
        assert set(point["slices"]) == {"newcomers", "long-tail partners"}
    (ours,) = (p for p in found["trade_off"] if p["exposure"] == found["exposure"])
    for name, figures in ours["slices"].items():
        assert figures["ndcg@10"] == models["regions-meet exposure-aware", name]["ndcg@10"]
    assert sum(region["organisations"] for region in found["regions"].values()) == pytest.approx(
        1, abs=1e-4
    )


def test_packed_files_and_other_spellings_give_the_same(called, tmp_path):
    packed = write_csv(
        tmp_path / "p.csv.gz", ("start_date", "country", "pic", "rcn"),
        [row[::-1] for row in participations()],
    )  # fmt: skip
    assert json.loads(called("evaluate_matching", "--json")) == json.loads(
        called("evaluate_matching", "--json", participations=packed)
    )


def test_fewer_queries_and_a_shorter_truth(called):
    found = json.loads(called("evaluate_matching", "--json", "--limit-queries=2"))
    assert (found["queries"], found["queries_in_all"]) == (2, 7)
    found = json.loads(called("evaluate_matching", "--json", "--until=2017-06-01"))
    assert (found["queries"], found["until"]) == (3, "2017-06-01")


def test_a_split_without_any_truth_or_history_still_answers(called):
    for split in ("2030-01-01", "2000-01-01"):
        found = json.loads(called("evaluate_matching", "--json", split=split))
        assert (found["queries"], found["models"]) == (0, [])
        assert called("evaluate_matching", split=split).startswith(f"## Split {split}")


def test_the_report_leaves_what_people_wrote(called, tmp_path):
    path = tmp_path / "quality.md"
    path.write_text(f"# Quality\n\nFirst.\n\n{BEGIN}\nOF BEFORE\n{END}\n\n## What did not work\n")
    printed = called("evaluate_matching", f"--markdown={path}")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# Quality\n\nFirst.\n\n{BEGIN}\n\n## Split 2017-01-01")
    assert text.endswith(f"{END}\n\n## What did not work\n")
    assert "OF BEFORE" not in text
    assert printed.strip() in text
    assert "| **regions-meet** |" in text
    assert "(n = 4): one of each" in text
    called("evaluate_matching", f"--markdown={path}")
    assert path.read_text(encoding="utf-8") == text


def test_bad_rows_are_told_and_left_out(called, files, tmp_path, capsys):
    header = ("rcn", "pic", "country", "start_date")
    path = write_csv(
        tmp_path / "bad.csv", header, [("x", "nobody", "FR", "2015-01-01"), *participations()]
    )
    good = json.loads(called("evaluate_matching", "--json"))
    call_command(
        "evaluate_matching",
        f"--organisations={files['organisations']}",
        f"--participations={path}",
        f"--programme-parts={files['parts']}",
        "--split=2017-01-01",
        "--json",
    )
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert "left out: bad.csv:2: 'nobody' is no PIC" in printed.err
    assert found.pop("bad_rows")["count"] == 1
    assert good.pop("bad_rows")["count"] == 0
    assert found == good


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--until=2016-12-31"], "--until is after --split"),
        (["--limit-queries=0"], "whole number from 1 up"),
        (["--exposure=20000"], "--exposure is within"),
        (["--weights=none.json"], "holds no weights"),
    ],
)
def test_what_makes_no_sense_is_refused(called, options, message):
    with pytest.raises(CommandError, match=message):
        called("evaluate_matching", *options)


def test_a_missing_file_is_refused(called, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        called("evaluate_matching", parts=tmp_path / "none.csv")


def test_fitted_weights_are_written_for_review(called, files, tmp_path):
    output = tmp_path / "weights.json"
    options = ("--name=test.1", f"--output={output}", "--until=2017-01-01")
    called("fit_weights", *options, "--check-until=2018-01-01", split="2016-01-01")
    found = json.loads(output.read_text(encoding="utf-8"))
    weights = found["scoring"]["weights"]
    assert sum(weights.values()) == 10_000
    assert (weights["complementarity"], weights["value_chain"]) == (3500, 1500)
    assert all(weight >= 0 and weight % 100 == 0 for weight in weights.values())
    assert found["scoring"]["version"] == found["version"] == "test.1"
    assert (found["fit"]["split"], found["fit"]["until"]) == ("2016-01-01", "2017-01-01")
    assert (found["check"]["split"], found["check"]["until"]) == ("2017-01-01", "2018-01-01")
    assert (found["fit"]["queries"], found["check"]["queries"]) == (4, 6)
    for part in ("fit", "check"):
        figures = found[part]["metrics"]["all"]
        assert set(figures) == {"regions-meet", "regions-meet before", "adamic–adar"}
    content = files["participations"].read_bytes()
    assert {
        "file": "participations.csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    } in found["data"]
    with pytest.raises(CommandError, match="is there already"):
        called("fit_weights", *options, split="2016-01-01")
    evaluated = json.loads(called("evaluate_matching", "--json", f"--weights={output}"))
    assert evaluated["scoring"] == found["scoring"]


def test_a_fit_sees_nothing_after_its_period(called, tmp_path):
    earlier = write_csv(
        tmp_path / "earlier.csv",
        ("rcn", "pic", "country", "start_date"),
        [row for row in participations() if row[3] < "2017-01-01"],
    )
    found = []
    for name, replaced in (("a", {}), ("b", {"participations": earlier})):
        output = tmp_path / f"{name}.json"
        options = ("--name=1", f"--output={output}", "--until=2017-01-01")
        called("fit_weights", *options, split="2016-01-01", **replaced)
        record = json.loads(output.read_text(encoding="utf-8"))
        found.append({key: value for key, value in record.items() if key != "data"})
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--until=2016-01-01"], "--until is after --split"),
        (["--until=2017-01-01", "--check-until=2016-06-01"], "--check-until is after --until"),
    ],
)
def test_a_fit_checks_its_dates(called, tmp_path, options, message):
    with pytest.raises(CommandError, match=message):
        called(
            "fit_weights", "--name=1", f"--output={tmp_path / 'w.json'}", *options,
            split="2016-01-01",
        )  # fmt: skip


def test_nothing_to_learn_from_writes_nothing(called, tmp_path):
    output = tmp_path / "w.json"
    with pytest.raises(CommandError, match="nothing to learn from"):
        called(
            "fit_weights", "--name=1", f"--output={output}", "--until=2031-01-01",
            split="2030-01-01",
        )  # fmt: skip
    assert not output.exists()
