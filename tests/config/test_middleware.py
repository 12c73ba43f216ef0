"""Answers that every request gets: malformed addresses, a busy database, personal pages."""

import gzip
import json

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import busy_database, keep_personal_pages_private
from tests.factories import OrganisationFactory

LONG = "x" * 10_000


@pytest.mark.parametrize("address", ["/", "/organisations/", "/regions/nowhere/", "/admin/login/"])
@pytest.mark.parametrize("query", [f"q={LONG}", "q=%00", "%00=1"])
def test_malformed_addresses_are_refused_with_a_page(anonymous, address, query):
    answer = anonymous.get(f"{address}?{query}")
    assert answer.status_code == 400
    assert "address" in answer.content.decode()


def test_the_refusal_is_in_the_language_of_who_asked(anonymous, db):
    anonymous.get("/sources/", headers={"Accept-Language": "fr"})
    answer = anonymous.get("/?q=%00", headers={"Accept-Language": "pl"})
    assert answer.status_code == 400
    assert answer.headers["Content-Language"] == "pl"
    assert '<html lang="pl"' in answer.content.decode()


@pytest.mark.parametrize("query", [f"q={LONG}", "q=%00"])
def test_malformed_addresses_of_the_api_are_refused_with_json(anonymous, query):
    answer = anonymous.get(f"/api/v1/organisations/?{query}")
    assert answer.status_code == 400
    assert json.loads(answer.content)["detail"]


@pytest.mark.parametrize(("address", "kind"), [("/", "text/html"), ("/api/v1/", "json")])
def test_a_query_that_the_database_stops_is_a_503_that_says_what_to_do(db, address, kind, client):
    request = RequestFactory().get(address)
    request.user = None
    middleware = busy_database(lambda request: HttpResponse())
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 10")
            cursor.execute("SELECT pg_sleep(5)")
    except Exception as error:
        answer = middleware.process_exception(request, error)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert kind in answer.headers["Content-Type"]
    assert "took too long" in answer.content.decode()


def test_other_errors_are_left_alone():
    middleware = busy_database(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), ValueError("x")) is None


def test_pages_of_signed_in_readers_are_not_stored(stranger, anonymous):
    assert stranger.get("/").headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in anonymous.get("/").headers


def test_a_page_that_says_how_it_is_stored_keeps_that(stranger):
    request = RequestFactory().get("/")
    request.user = stranger.user
    answer = keep_personal_pages_private(
        lambda request: HttpResponse(headers={"Cache-Control": "max-age=60"})
    )(request)
    assert answer.headers["Cache-Control"] == "max-age=60"


def test_every_answer_has_a_content_security_policy(anonymous):
    OrganisationFactory()
    for address in ("/", "/organisations/", "/nowhere/", "/api/v1/organisations/"):
        policy = anonymous.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_pages_are_sent_compressed_to_those_who_read_that(anonymous):
    page = anonymous.get("/sources/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["Vary"]
    assert gzip.decompress(page.content).startswith(b"<!doctype html>")
    assert "Content-Encoding" not in anonymous.get("/sources/").headers
