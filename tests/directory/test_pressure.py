"""Heavy searches leave room for everything else, and say so to whom they turn away."""

import time
from threading import BoundedSemaphore

import pytest
from django.db import DatabaseError
from psycopg.errors import QueryCanceled

from directory import answering
from regions import pressure
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_turn(monkeypatch):
    turns = BoundedSemaphore(1)
    turns.acquire()
    monkeypatch.setattr(pressure, "_turns", turns)
    monkeypatch.setattr(pressure, "WAIT", 0.01)
    return turns


@pytest.mark.parametrize("address", ["/search/?q=lab", "/organisations/", "/api/v1/search/?q=lab"])
def test_one_too_many_is_asked_to_come_back(anonymous, no_turn, address):
    answer = anonymous.get(address)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "try again" in answer.content.decode()
    no_turn.release()
    assert anonymous.get(address).status_code == 200


def test_other_pages_stay_up(anonymous, no_turn):
    assert anonymous.get("/sources/").status_code == 200


def test_who_is_turned_away_does_not_wait(anonymous, monkeypatch):
    places = BoundedSemaphore(1)
    places.acquire()
    monkeypatch.setattr(pressure, "_places", places)
    monkeypatch.setattr(pressure, "WAIT", 60)
    assert anonymous.get("/search/?q=lab").status_code == 503
    assert anonymous.get("/search/names/?q=lab").content.strip() == b""


def test_a_search_that_the_database_stops_gives_its_turn_back(anonymous, monkeypatch):
    turns = BoundedSemaphore(1)
    monkeypatch.setattr(pressure, "_turns", turns)

    def stopped(*args, **kwargs):
        raise DatabaseError("canceling statement") from QueryCanceled()

    with monkeypatch.context() as patched:
        patched.setattr(answering, "search", stopped)
        assert anonymous.get("/search/?q=lab").status_code == 503
    assert anonymous.get("/search/?q=lab").status_code == 200


def test_no_more_than_allowed_at_once(monkeypatch):
    monkeypatch.setattr(pressure, "_places", BoundedSemaphore(8))
    monkeypatch.setattr(pressure, "_turns", BoundedSemaphore(2))
    inside, most = [], []

    def one():
        with pressure.in_turn():
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    at_once(*[one] * 8)
    assert max(most) == 2
