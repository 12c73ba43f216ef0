"""What every endpoint does with input that no client should send: 400 or 404 in JSON, never 500."""

import json
import warnings
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rest_framework.throttling import SimpleRateThrottle

from tests.factories import ConceptFactory, InitiativeFactory, OrganisationFactory, RegionFactory
from tests.matching.conftest import index_folder, world  # noqa: F401 -- fixtures

API = "/api/v1/"
LISTS = ["regions/", "concepts/", "organisations/", "initiatives/", "initiatives/p/participations/"]
ANSWERS = [
    "organisations/lab/suggestions/",
    "organisations/lab/matches/maker/",
    "regions/malopolska/fit/auvergne-rhone-alpes/",
]
DETAILS = ["regions/malopolska/", "organisations/lab/", "initiatives/p/"]


@pytest.fixture
def rows(db):
    RegionFactory(slug="malopolska")
    OrganisationFactory(slug="lab")
    InitiativeFactory(slug="p")
    ConceptFactory(code="green")


@pytest.mark.parametrize("path", LISTS)
def test_unknown_parameter_is_400_that_lists_the_known(anonymous, rows, path):
    answer = anonymous.get(API + path, {"colour": "red"})
    assert answer.status_code == 400
    assert "page_size" in answer.json()["colour"][0]


@pytest.mark.parametrize("path", DETAILS)
def test_one_row_takes_no_parameters(anonymous, rows, path):
    answer = anonymous.get(API + path, {"q": "anything"})
    assert answer.status_code == 400
    assert "no such parameter" in answer.json()["q"][0]


def test_repeated_parameter_is_400(anonymous, rows):
    answer = anonymous.get(API + "organisations/?country=PL&country=FR")
    assert answer.status_code == 400
    assert "more than once" in answer.json()["country"][0]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("size", ["0", "101", "-1", "many", "1.5", "", "9" * 5000, "٣"])
def test_page_size_out_of_range_is_400(anonymous, rows, path, size):
    answer = anonymous.get(API + path, {"page_size": size})
    assert answer.status_code == 400
    assert answer.json() == {"page_size": ["Write a whole number from 1 to 100."]}


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "page", ["0", "2", "-1", "99999999999999999999", "9" * 5000, "two", "1.5", "NaN", "1e9"]
)
def test_page_that_does_not_exist_is_404(anonymous, rows, path, page):
    answer = anonymous.get(API + path, {"page": page})
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no page")
    assert len(answer.json()["detail"]) < 100


@pytest.mark.parametrize("path", [*LISTS, *DETAILS, "docs/", "schema/"])
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=" + "x" * 10_000])
def test_nul_and_endless_addresses_are_400(anonymous, rows, path, query):
    answer = anonymous.get(f"{API}{path}?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The address")


@pytest.mark.parametrize(
    "path", ["nothing/", "regions/a/b/c/", "organisations/%00/", "regions/%ff/", "x" * 3000 + "/"]
)
def test_unknown_endpoint_is_refused_in_json(anonymous, db, path):
    answer = anonymous.get(API + path)
    assert answer.status_code in {400, 404}
    assert answer.json()["detail"]


def test_forgotten_slash_is_added(anonymous, rows):
    answer = anonymous.get(API + "regions")
    assert (answer.status_code, answer["Location"]) == (301, API + "regions/")


def test_root_lists_the_endpoints(anonymous, db):
    endpoints = anonymous.get(API).json()
    assert set(endpoints) == {"regions", "concepts", "organisations", "initiatives"}


def test_too_many_requests_are_429_with_a_time_to_wait(anonymous, rows, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", "3/min")
    answers = [anonymous.get(API + "concepts/") for _again in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "throttled" in answers[-1].json()["detail"]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_schema_is_valid_and_without_warnings(tmp_path):
    target = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(target))
    assert "/api/v1/organisations/{slug}/suggestions/" in target.read_text()


def test_schema_is_served(anonymous, db):
    answer = anonymous.get(API + "schema/", {"format": "json"})
    schema = json.loads(answer.content)
    assert schema["openapi"].startswith("3.")
    described = schema["paths"]["/api/v1/organisations/"]["get"]
    assert {"q", "region", "country", "kind", "role", "concept", "page", "page_size"} <= {
        parameter["name"] for parameter in described["parameters"]
    }
    for parameter in described["parameters"]:
        assert parameter["description"]
    assert {"200", "400", "404", "429"} <= set(described["responses"])


def test_docs_load_nothing_inline_and_nothing_from_elsewhere(anonymous, db):
    page = anonymous.get(API + "docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert text.count("<script src=") == text.count("<script") == 3
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    script = anonymous.get(API + "docs/", {"script": ""})
    assert script["Content-Type"] == "application/javascript"
    assert b"/api/v1/schema/" in script.content


FILTERS = ["q", "region", "country", "kind", "theme", "scheme", "role", "concept", "has_projects"]
OTHERS = ["illustrative", "status", "year_from", "year_to", "page", "page_size", "limit", "format"]
NAMES = st.sampled_from([*FILTERS, *OTHERS, "script", "lang", "colour"])
VALUES = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "malopolska",
            "PL",
            "themes:green",
            "true",
            "json",
            "offers",
            "home",
            "project",
            "2016",
            "' OR 1=1 --",
            "%",
            "\\",
            "_",
            "a\tb",
            "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        ]
    ),
)
QUERIES = st.one_of(
    st.dictionaries(st.one_of(NAMES, st.text(max_size=8)), VALUES, max_size=4).map(urlencode),
    st.binary(max_size=40).map(quote),
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="#"), max_size=60
    ),
)


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from([*LISTS, *DETAILS, *ANSWERS, "docs/", "schema/", ""]), query=QUERIES)
@example(path="organisations/", query="concept=themes:green&role=offers&q=%25%5C")
@example(path="schema/", query="lang=xx")
@example(path="schema/", query="format=zip")
@example(path="docs/", query="script&lang=%22%3E%3Cscript%3E")
def test_no_query_string_is_an_error_of_ours(anonymous, world, path, query):  # noqa: F811
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = anonymous.get(f"{API}{path}?{query}")
    assert answer.status_code in {200, 400, 404, 406}, answer.content[:300]
    if answer.status_code != 200 and path not in {"docs/", "schema/"}:
        assert answer.json()


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=st.sampled_from(["regions/", "concepts/", "organisations/", "initiatives/", ""]),
    rest=st.one_of(st.text(max_size=30), st.binary(max_size=20).map(lambda b: b.decode("latin-1"))),
)
def test_no_path_is_an_error_of_ours(anonymous, db, start, rest):
    answer = anonymous.get(API + start + quote(rest, safe="/") + "/")
    assert answer.status_code in {200, 400, 404}, answer.content[:300]
    assert answer.json()
