"""What is taken away is what the page lists, as far as the reader may take it, and nothing more."""

import csv
import io
import json
import tracemalloc

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from psycopg.errors import QueryCanceled
from rest_framework.throttling import SimpleRateThrottle

from accounts.exchange.escaping import unescape_formulae
from directory import searching
from directory.exporting import lines, tables
from directory.exporting.lines import Reading, fits_of, packed
from directory.known import known
from organisations.models import Organisation
from tests.conftest import signed_in
from tests.factories import (
    ClusterMembershipFactory,
    ConceptFactory,
    CountryFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    OrganisationFactory,
    RegionFactory,
    SectorFactory,
    StatementFactory,
    TeamMemberFactory,
    UserFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db

FORMATS = ["csv", "xlsx", "jsonld"]


def address(kind):
    return f"/search/export/{kind}/"


def content(answer):
    assert answer.status_code == 200, answer.content[:400]
    return b"".join(answer.streaming_content)


def csv_rows(answer):
    text = content(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheets(answer):
    book = load_workbook(io.BytesIO(content(answer)))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def nodes(answer):
    """The list itself, and what is in it."""
    about, *graph = json.loads(content(answer))["@graph"]
    return about, graph


def listed_names(client, /, **asked):
    first = client.get("/search/", asked, follow=True)
    found = []
    for page in range(1, first.context["page_obj"].paginator.num_pages + 1):
        answer = client.get("/search/", {**asked, "page": page}, follow=True)
        found += [row.hit.title for row in answer.context["results"]]
    return found


def names_in(client, kind, /, **asked):
    answer = client.get(address(kind), asked)
    if kind == "csv":
        return [unescape_formulae(row["name"]) for row in csv_rows(answer)]
    if kind == "xlsx":
        return [unescape_formulae(row[2]) for row in sheets(answer)[0][1:]]
    return [node["name"] for node in nodes(answer)[1]]


@pytest.fixture
def some():
    """More than one page, of every kind, of which the words say more or less."""
    for number in range(22):
        OrganisationFactory(name="Hydrogen " + "Works " * (number % 4) + str(number))
    OrganisationFactory(name="Hydrogen Cluster", kind="cluster")
    InitiativeFactory(name="Hydrogen Valley", acronym="HYVA", kind="hydrogen-valley")
    InitiativeFactory(name="Hydrogen Summit", kind="event", place="Lyon")
    RegionFactory(name="Hydrogenia", local_name="Hydrogènie")


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "hydrogen"},
        {"q": "hydrogen", "kind": "company"},
        {"in": "initiatives"},
        {"q": "hidrogen works", "in": "organisations", "page": "2"},
        {"q": "hydrogen", "sort": "fit", "country": "<XX>"},
    ],
)
def test_all_three_are_the_list_in_its_order(anonymous, some, asked):
    expected = listed_names(anonymous, **{**asked, "page": "1"})
    assert expected
    for kind in FORMATS:
        assert names_in(anonymous, kind, **asked) == expected


def test_what_fit_orders_is_taken_away_in_that_order(some):
    user = UserFactory()
    own = OrganisationFactory(name="Own Hydrogen", status="draft")
    TeamMemberFactory(organisation=own, user=user)
    client = signed_in(user)
    expected = listed_names(client, q="hydrogen")
    assert "Own Hydrogen" in expected
    for kind in FORMATS:
        assert names_in(client, kind, q="hydrogen") == expected


def test_every_column_of_an_organisation(anonymous):
    region = RegionFactory(
        name="Attica",
        country=CountryFactory(code="EL", labels={"en": "Greece", "fr": "Grèce"}),
    )
    maker = OrganisationFactory(
        name="Hydrogen Maker", short_name="HM", slug="maker", kind="university", pic="123456789",
        city="Athens", website="https://maker.example/", home_region=region,
        description="Ask jane@maker.example", is_illustrative=True,
    )  # fmt: skip
    scheme = VocabularyFactory(scheme="hydrogen-value-chain")
    storage, pipes, ships, transport = (
        ConceptFactory(
            vocabulary=scheme, code=name, labels={"en": name.title(), "fr": f"{name}-fr"}
        )
        for name in ("storage", "pipes", "ships", "transport")
    )
    StatementFactory(organisation=maker, concept=pipes, role="offers", weight=1)
    StatementFactory(organisation=maker, concept=storage, role="offers", weight=3)
    StatementFactory(organisation=maker, concept=storage, role="offers", origin="demonstrated")
    StatementFactory(organisation=maker, concept=ships, role="needs")
    StatementFactory(organisation=maker, concept=storage, role="interested")
    SectorFactory(organisation=maker, concept=transport)
    cluster = OrganisationFactory(name="Sea Cluster", slug="sea", kind="cluster")
    hidden = OrganisationFactory(name="Hidden Cluster", kind="cluster", status="pending")
    for one in (cluster, hidden):
        ClusterMembershipFactory(cluster=one, member=maker)
    asked = {"q": "hydrogen maker"}
    (row,) = csv_rows(anonymous.get(address("csv"), asked, headers={"Accept-Language": "fr"}))
    assert row == {
        "what": "organisation", "kind": "university", "name": "Hydrogen Maker",
        "short_name": "HM", "country": "EL", "region": "Attique", "nuts": "", "city": "Athens",
        "website": "https://maker.example/", "verified": "true", "invented": "true",
        "offers": "storage-fr; pipes-fr", "needs": "ships-fr", "interests": "storage-fr",
        "about": "transport-fr", "member_of": "Sea Cluster", "fit": "",
        "address": "http://testserver/organisations/maker/",
    }  # fmt: skip
    (heads, cells), _about = sheets(anonymous.get(address("xlsx"), asked))
    by_head = dict(zip(heads, cells, strict=True))
    assert by_head["Kind"] == "University"
    assert by_head["Country"] == "Greece"
    assert by_head["Offers"] == "Storage; Pipes"
    _page, (node,) = nodes(anonymous.get(address("jsonld"), asked))
    assert node["@type"] == "CollegeOrUniversity"
    assert node["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Athens",
        "addressRegion": "Attica",
        "addressCountry": "GR",
    }
    assert node["identifier"][0]["value"] == "123456789"
    assert [member["name"] for member in node["memberOf"]] == ["Sea Cluster"]
    assert [term["termCode"] for term in node["knowsAbout"]] == ["storage", "pipes", "transport"]
    assert [demand["name"] for demand in node["seeks"]] == ["Ships"]
    for kind in FORMATS:
        assert b"jane@" not in content(anonymous.get(address(kind), asked))


def test_initiatives_and_regions_have_types_of_their_own(anonymous, some):
    _page, graph = nodes(anonymous.get(address("jsonld"), {"q": "hydrogen"}))
    by_name = {node["name"]: node for node in graph}
    assert by_name["Hydrogen Valley"]["@type"] == "Project"
    assert by_name["Hydrogen Valley"]["alternateName"] == "HYVA"
    assert by_name["Hydrogen Summit"]["location"]["name"] == "Lyon"
    assert by_name["Hydrogenia"]["@type"] == "AdministrativeArea"
    assert by_name["Hydrogenia"]["alternateName"] == "Hydrogènie"
    assert all(node["@id"].startswith("http://testserver/") for node in graph)


HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "+1 Hydrogen",
    "-2 Hydrogen",
    "@SUM(A1) Hydrogen",
    "'=1 Hydrogen",
    'Quote " comma, semicolon; Hydrogen',
    "</script><script>alert(1)</script> Hydrogen",
    "עברית 🙂 Hydrogen",
]


def test_names_that_look_like_formulae_are_text(anonymous):
    for name in HOSTILE:
        OrganisationFactory(name=name, city="=1+1 Hydrogen")
    asked = {"in": "organisations"}
    answer = csv_rows(anonymous.get(address("csv"), asked))
    assert sorted(unescape_formulae(row["name"]) for row in answer) == sorted(HOSTILE)
    assert not [row for row in answer if row["name"].startswith(("=", "+", "-", "@", "\t"))]
    assert {row["city"] for row in answer} == {"'=1+1 Hydrogen"}
    book = load_workbook(io.BytesIO(content(anonymous.get(address("xlsx"), asked))))
    assert "f" not in {cell.data_type for row in book.worksheets[0] for cell in row}
    assert sorted(names_in(anonymous, "jsonld", **asked)) == sorted(HOSTILE)


def test_nothing_found_is_an_empty_table(anonymous, some):
    asked = {"q": "zzzzzz"}
    assert csv_rows(anonymous.get(address("csv"), asked)) == []
    assert len(sheets(anonymous.get(address("xlsx"), asked))[0]) == 1
    about, graph = nodes(anonymous.get(address("jsonld"), asked))
    assert graph == []
    assert about["description"] == "All of 0 results."


@pytest.mark.parametrize("kind", FORMATS)
def test_bad_questions_are_refused_in_words(anonymous, some, kind):
    for asked in ({}, {"q": " "}, {"q": "x" * 301}, {"country": "<XX>"}):
        answer = anonymous.get(address(kind), asked)
        assert answer.status_code == 400
        assert "<h1" in answer.content.decode()
    assert anonymous.post(address(kind), {"q": "hydrogen"}).status_code == 405
    assert anonymous.get("/search/export/pdf/", {"q": "hydrogen"}).status_code == 404


def test_values_that_do_not_exist_are_said_and_ignored(anonymous, some):
    asked = {"q": "hydrogen", "country": "<XX>"}
    about, graph = nodes(anonymous.get(address("jsonld"), asked))
    assert about["comment"] == "Ignored: country=<XX>"
    assert len(graph) == 26
    assert ["Ignored", "country=<XX>"] in sheets(anonymous.get(address("xlsx"), asked))[1]


@pytest.fixture
def small_limits(settings):
    settings.SEARCH_EXPORT_ROWS = {"anonymous": 3, "member": 5, "staff": 12}


@pytest.mark.parametrize("kind", FORMATS)
def test_each_reader_has_a_limit_and_is_told(small_limits, stranger, anonymous, some, kind):
    staff = signed_in(UserFactory(is_staff=True))
    expected = listed_names(anonymous, q="hydrogen")
    for client, most in ((anonymous, 3), (stranger, 5), (staff, 12)):
        assert names_in(client, kind, q="hydrogen") == expected[:most]
        answer = client.get(address(kind), {"q": "hydrogen"})
        assert f"-first-{most}.{kind}" in answer.headers["Content-Disposition"]
        assert answer.headers["X-Rows-Limit"] == str(most)
        assert answer.headers["X-Rows-Total"] == "26"
        content(answer)
    about = nodes(anonymous.get(address("jsonld"), {"q": "hydrogen"}))[0]
    assert about["description"] == "The first 3 of 26 results."
    whole = anonymous.get(address(kind), {"q": "valley"})
    assert "first" not in whole.headers["Content-Disposition"]
    content(whole)


def test_the_page_says_the_limit(small_limits, stranger, anonymous, some):
    def text(client, words):
        return " ".join(client.get("/search/", {"q": words}).content.decode().split())

    assert "the first 3 at most; 5 once you have logged in" in text(anonymous, "hydrogen")
    assert "the first 5 at most<" in text(stranger, "hydrogen")
    assert "at most" not in text(anonymous, "valley")
    assert '/search/export/csv/?q=hydrogen"' in text(anonymous, "hydrogen")


def test_a_workbook_has_a_limit_of_its_own(settings, anonymous, some):
    settings.EXPORT_MAX_XLSX_ROWS = 2
    assert len(names_in(anonymous, "xlsx", q="hydrogen")) == 2
    assert len(names_in(anonymous, "csv", q="hydrogen")) == 26


def test_what_nobody_ranked_follows_in_the_order_of_standing(anonymous, some, monkeypatch):
    monkeypatch.setattr(searching, "MOST_RANKED", 6)
    ranked = listed_names(anonymous, q="hydrogen")
    taken = names_in(anonymous, "csv", q="hydrogen")
    assert taken[:6] == ranked[:6]
    assert len(taken) == len(set(taken)) == 26


def test_so_many_files_in_a_minute(anonymous, stranger, some, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "export", "2/min")
    answers = [anonymous.get(address("csv"), {"q": "hydrogen"}) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert stranger.get(address("csv"), {"q": "hydrogen"}).status_code == 200


def test_drafts_are_for_those_who_may_see_them(anonymous, stranger, administrator):
    draft = OrganisationFactory(name="Secret Draft", status="draft")
    member = UserFactory()
    TeamMemberFactory(organisation=draft, user=member)
    for client in (anonymous, stranger):
        assert names_in(client, "csv", q="secret") == []
    for client in (signed_in(member), administrator):
        (row,) = csv_rows(client.get(address("csv"), {"q": "secret"}))
        assert (row["name"], row["verified"]) == ("Secret Draft", "false")


def reading():
    return Reading(known(), Organisation.objects.verified(), fits_of(None), lambda path: path)


def test_what_is_withdrawn_while_it_is_read_is_left_out():
    kept, gone = OrganisationFactory(), OrganisationFactory(status="archived")
    keys = packed([("organisation", gone.pk), ("organisation", kept.pk), ("region", 0)])
    assert [line.name for line in reading().lines(keys)] == [kept.name]


def test_a_chunk_costs_the_same_however_many_rows_it_has(some, monkeypatch):
    all_keys = packed([
        *(("organisation", pk) for pk in _numbers("organisations_organisation")),
        *(("initiative", pk) for pk in _numbers("initiatives_initiative")),
        *(("region", pk) for pk in _numbers("regions_region")),
    ])  # fmt: skip
    one_of_each = packed([
        (kind, _numbers(table)[0])
        for kind, table in (
            ("organisation", "organisations_organisation"),
            ("initiative", "initiatives_initiative"),
            ("region", "regions_region"),
        )
    ])  # fmt: skip

    def queries(keys):
        made = reading()
        with CaptureQueriesContext(connection) as captured:
            assert len(list(made.lines(keys))) == len(keys)
        return len(captured)

    assert queries(one_of_each) == queries(all_keys) <= 9
    monkeypatch.setattr(lines, "CHUNK", 3)
    assert queries(one_of_each) <= 9


def _numbers(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return [number for (number,) in cursor.fetchall()]


def test_twenty_thousand_rows_are_never_held_at_once(some):
    numbers = _numbers("organisations_organisation")
    keys = packed(("organisation", numbers[n % len(numbers)]) for n in range(20_000))
    made = reading()
    pieces = tables.as_csv(made.known, made.lines(keys))
    next(pieces)
    tracemalloc.start()
    letters = sum(map(len, pieces))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert letters > 1_000_000
    assert peak < 3_000_000


@pytest.mark.parametrize("kind", FORMATS)
def test_a_query_that_the_database_stops_is_a_503(anonymous, some, kind):
    def stop(execute, sql, params, many, context):
        if "organisations_statement" in sql:
            raise OperationalError("stopped") from QueryCanceled("stopped")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop):
        answer = anonymous.get(address(kind), {"q": "hydrogen"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_what_two_vocabularies_call_the_same_is_named_once(anonymous):
    initiative = InitiativeFactory(name="Hydrogen for all")
    for scheme in ("hydrogen-value-chain", "industrial-ecosystems"):
        concept = ConceptFactory(vocabulary__scheme=scheme, label="Production")
        InitiativeConceptFactory(initiative=initiative, concept=concept, role="covers")
    (row,) = csv_rows(anonymous.get(address("csv"), {"q": "hydrogen for all"}))
    assert row["about"] == "Production"
