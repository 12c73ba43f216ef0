"""Feedback and exclusions in the administration pages: for reading, and as a file."""

import csv
import io

import pytest

from matching.models import Feedback
from tests.factories import ExclusionFactory, FeedbackFactory, OrganisationFactory

FEEDBACK = "/admin/matching/feedback/"
EXCLUSIONS = "/admin/matching/exclusion/"


@pytest.fixture
def rows(db):
    saved = FeedbackFactory(
        score=4289,
        signals={"complementarity": 2200},
        weights_version="2026.1",
        rank_shown=2,
        organisation=OrganisationFactory(name="Lab of Kraków"),
    )
    dismissed = FeedbackFactory(kind="dismissed", reason="other", text="=HYPERLINK(1)")
    return saved, dismissed


def test_lists_are_for_reading(administrator, rows):
    exclusion = ExclusionFactory()
    page = administrator.get(FEEDBACK)
    assert "42.89" in page.content.decode()
    assert administrator.get(EXCLUSIONS).status_code == 200
    for address in (f"{FEEDBACK}{rows[0].pk}/", f"{EXCLUSIONS}{exclusion.pk}/"):
        assert administrator.get(f"{address}change/").status_code == 200
        assert administrator.post(f"{address}change/", {"kind": "x"}).status_code == 403
        assert administrator.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert administrator.get(f"{FEEDBACK}add/").status_code == 403
    assert Feedback.objects.count() == 2


def test_found_by_either_side(administrator, rows):
    for side in (rows[0].organisation, rows[0].other):
        found = administrator.get(FEEDBACK, {"q": side.name}).context["cl"].queryset
        assert list(found) == [rows[0]]


def test_the_chosen_rows_as_a_file(administrator, rows):
    answer = administrator.post(
        FEEDBACK, {"action": "as_csv", "_selected_action": [row.pk for row in rows]}
    )
    assert answer["Content-Type"].startswith("text/csv")
    saved, dismissed = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (saved["score"], saved["complementarity"], saved["rank_shown"]) == ("4289", "2200", "2")
    assert saved["organisation_id"] == str(rows[0].organisation_id)
    assert saved["created_at"] == rows[0].created_at.isoformat()
    assert dismissed["text"] == "'=HYPERLINK(1)", "no spreadsheet runs it"
    assert "by" not in saved


def test_the_list_costs_the_same_for_one_row_and_for_many(administrator, rows, connection_queries):
    before = connection_queries(administrator, FEEDBACK)
    FeedbackFactory.create_batch(5)
    assert connection_queries(administrator, FEEDBACK) == before
