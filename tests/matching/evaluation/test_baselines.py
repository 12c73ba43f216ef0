"""Every baseline against a second, naive computation with sets and loops."""

from math import log, sqrt

import numpy as np
import pytest

from matching.evaluation import baselines, texts


@pytest.fixture
def graph(history):
    """Node → the set of its partners."""
    matrix = history.partners.toarray()
    return {node: set(np.flatnonzero(row).tolist()) for node, row in enumerate(matrix)}


def every(history):
    return np.arange(len(history))


@pytest.mark.parametrize(
    ("name", "weight"),
    [
        ("common neighbours", lambda degree: 1),
        ("adamic–adar", lambda degree: 1 / log(degree)),
        ("resource allocation", lambda degree: 1 / degree),
    ],
)
def test_partners_in_common(history, graph, name, weight):
    found = baselines.InCommon(history, name).matrix(every(history))
    for a in every(history):
        for b in every(history):
            if a != b:
                expected = sum(weight(len(graph[z])) for z in graph[a] & graph[b])
                assert found[a, b] == pytest.approx(expected)


def test_adamic_adar_by_hand(history):
    pics = history.pics.tolist()
    found = baselines.InCommon(history, "adamic–adar").matrix(every(history))
    # 3 with 4: the organisation 77 outside the file, with partners 3, 9 and 4
    assert found[pics.index(3), pics.index(4)] == pytest.approx(1 / log(3))
    # 1 with 10: partners 3 (of 5) and 5 (of 1, 3, 9, 10, 2: five)
    assert found[pics.index(1), pics.index(10)] == pytest.approx(2 / log(5))
    assert found[pics.index(7)].tolist() == [0.0] * len(history)


def test_popularity(history, graph):
    found = baselines.Popularity(history).matrix(every(history))
    assert found[0].tolist() == [len(graph[node]) for node in every(history)]
    assert (found == found[0]).all()


def test_recent_popularity_counts_partners_of_the_last_months(history):
    model = baselines.Popularity(history, 12)
    expected = {2: 1, 3: 2, 4: 1, 5: 3, 10: 2}
    pics = history.organisations.pic.tolist()
    assert model.names == ("recent popularity",)
    assert model.matrix(every(history))[0].tolist() == [expected.get(pic, 0) for pic in pics]


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 0.0), (0.6, 0.3)])
def test_rp3beta(history, graph, alpha, beta):
    def step(i, j):
        return (1 / len(graph[i])) ** alpha if j in graph[i] else 0.0

    found = baselines.RP3Beta(history, alpha=alpha, beta=beta).matrix(every(history))
    nodes = range(len(history.pics))
    for a in every(history):
        for b in every(history):
            walks = sum(step(a, i) * step(i, j) * step(j, b) for i in nodes for j in nodes)
            assert found[a, b] == pytest.approx(walks / max(1, len(graph[b])) ** beta)


def test_itemknn(history, graph):
    nearest, shrink = 2, 1.5

    def cosine(i, j):
        shared = len(graph[i] & graph[j])
        return shared / (sqrt(len(graph[i]) * len(graph[j])) + shrink) if i != j else 0.0

    found = baselines.ItemKNN(history, nearest=nearest, shrink=shrink).matrix(every(history))
    nodes = range(len(history.pics))
    for b in every(history):
        ordered = sorted((cosine(b, j) for j in nodes), reverse=True)
        enough = ordered[nearest - 1]
        for a in every(history):
            expected = sum(cosine(b, j) for j in graph[a] if cosine(b, j) >= enough)
            assert found[a, b] == pytest.approx(expected)


def test_ease_is_the_least_squares_fit_without_self(history):
    ridge = 2.0
    known = history.partners.toarray()[:, : len(history)]
    kept = np.flatnonzero(known.sum(axis=0))
    found = baselines.EASE(history, ridge=ridge).matrix(every(history))
    x = known[:, kept]
    for column, item in enumerate(kept.tolist()):
        # each column alone: ridge regression on all the other columns
        others = np.delete(np.arange(len(kept)), column)
        gram = x[:, others].T @ x[:, others] + ridge * np.eye(len(others))
        weights = np.linalg.solve(gram, x[:, others].T @ x[:, column])
        expected = known[: len(history)][:, kept[others]] @ weights
        np.testing.assert_allclose(found[:, item], expected, atol=1e-5)
    assert not found[:, np.setdiff1d(every(history), kept)].any()


def test_ease_takes_only_so_many_items(history, monkeypatch):
    monkeypatch.setattr(baselines, "EASE_ITEMS", 3)
    found = baselines.EASE(history, ridge=2.0).matrix(every(history))
    most = np.argsort(-history.degree[: len(history)], kind="stable")[:3]
    assert set(np.flatnonzero(found.any(axis=0)).tolist()) <= set(most.tolist())
    assert found.any()


def test_chance_is_the_same_for_the_same_organisation_whoever_else_asks(history):
    model = baselines.Random(history)
    together, alone = model.matrix(np.array([2, 5])), model.matrix(np.array([5]))
    assert together[1].tolist() == alone[0].tolist()
    assert together[0].tolist() != together[1].tolist()


def test_bm25(history, data):
    given = {"a": "Green hydrogen storage", "d": "storage of grain", "j": "later hydrogen"}
    model = texts.BM25(history, data.parts, given)
    found = model.matrix(every(history))
    documents = [
        [
            word
            for code in data.rows.codes
            if (history.presence[history.rows.codes.index(code), a] > 0)
            for word in texts.words(given.get(code, ""))
            + [part.lower() for part in data.parts.get(code, ())]
        ]
        + ["institute"]
        for a in every(history)
    ]
    n = len(documents)
    mean = sum(map(len, documents)) / n
    for a in every(history):
        for b in every(history):
            expected = 0.0
            for word in set(documents[a]) & set(documents[b]):
                holders = sum(word in document for document in documents)
                if holders > n / 2:
                    continue
                count = documents[b].count(word)
                norm = texts.K1 * (1 - texts.B + texts.B * len(documents[b]) / mean)
                idf = log(1 + (n - holders + 0.5) / (holders + 0.5))
                expected += idf * count / (count + norm)
            assert found[a, b] == pytest.approx(expected)
    assert found[0, 2] > 0
