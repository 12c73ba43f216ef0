"""What an organisation stated for a time that is over counts nowhere, whether the index knows it
already or not."""

import datetime

import pytest
from django.utils import timezone

from matching import dossier, index
from matching.next_door import chain_around
from organisations.models import Statement
from tests.factories import RegionNeighbourFactory, StatementFactory

PAIR = "/regions/malopolska/with/auvergne-rhone-alpes"
TWO = "/organisations/lab/with/maker/"


def today(days=0):
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture(params=["built before", "built after"])
def expired(world, request):
    RegionNeighbourFactory(region=world.berlin, neighbour=world.ara)
    Statement.objects.filter(role="offers").update(valid_until=today(-1))
    if request.param == "built after":
        index.build()
    return world


def test_the_last_day_counts(world):
    Statement.objects.filter(role="offers").update(valid_until=today())
    assert dossier.segments_held(world.ara)[world.storage.pk].organisations == 1
    assert not Statement.objects.filter(role="offers").first().has_expired


def test_no_region_holds_what_expired(expired):
    assert dossier.segments_held(expired.ara) == {}
    around = chain_around(expired.berlin, dossier.value_chain_coverage(expired.berlin))
    assert not any(segment.next_door for segment in around.segments)


def test_two_regions_complement_each_other_by_nothing_that_expired(expired, anonymous):
    index.build()
    said = anonymous.get(f"{PAIR}.json").json()
    assert said["complements"] == []
    assert not [topic for topic in said["agenda"] if topic["kind"] == "hand-over"]


def test_what_expired_is_no_evidence(expired, anonymous):
    StatementFactory(
        organisation=expired.lab,
        concept=Statement.objects.filter(role="interested").first().concept,
        role="interested",
        text="An old plan",
        valid_until=today(-1),
    )
    page = anonymous.get(TWO)
    assert page.status_code == 200
    assert "An old plan" not in page.content.decode()


def test_a_profile_says_what_expired(expired, anonymous):
    page = anonymous.get("/organisations/maker/").content.decode()
    assert "expired on" in page
    assert "valid until" not in page
