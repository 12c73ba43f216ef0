import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisations.models import Organisation, ReviewAnswer, Statement
from organisations.moderating import administration
from tests.conftest import signed_in
from tests.factories import (
    ConceptFactory,
    OrganisationFactory,
    RegionFactory,
    RegionRoleFactory,
    StatementEvidenceFactory,
    StatementFactory,
)

LIST = "/admin/organisations/organisation/"
STATEMENTS = "/admin/organisations/statement/"


def act(client, action, *organisations, **fields):
    chosen = [organisation.pk for organisation in organisations]
    return client.post(LIST, {"action": action, "_selected_action": chosen, **fields}, follow=True)


def confirm(client, action, *organisations, reason="Looked at."):
    return act(client, action, *organisations, confirm="1", reason=reason)


def test_profiles_are_verified_in_bulk_and_those_that_cannot_be_are_named(administrator):
    pending = OrganisationFactory.create_batch(2, status="pending")
    archived = OrganisationFactory(status="archived", name="Gone for good")
    preview = act(administrator, "verify", *pending, archived)
    assert preview.context["possible"] == pending
    assert preview.context["impossible"] == [(archived, "archived")]
    assert not Organisation.objects.verified().exists()
    page = confirm(administrator, "verify", *pending, archived).content.decode()
    assert "2 profiles changed." in page
    assert "Gone for good" in page
    assert Organisation.objects.verified().count() == 2
    assert LogEntry.objects.count() == 2
    again = confirm(administrator, "verify", *pending).content.decode()
    assert "profiles changed" not in again
    assert LogEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("verify", "held", "verified"),
        ("hold", "pending", "held"),
        ("reject", "pending", "rejected"),
        ("archive", "verified", "archived"),
        ("reopen", "archived", "pending"),
    ],
)
def test_every_action_takes_its_step(administrator, action, before, after):
    organisation = OrganisationFactory(status=before)
    confirm(administrator, action, organisation)
    organisation.refresh_from_db()
    assert organisation.status == after
    assert ReviewAnswer.objects.get().text == "Looked at."


@pytest.mark.parametrize("action", ["hold", "reject"])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_without_a_reason_nothing_is_held_or_rejected(administrator, action, reason):
    organisation = OrganisationFactory(status="pending")
    page = confirm(administrator, action, organisation, reason=reason)
    assert "reason" in page.context["form"].errors
    organisation.refresh_from_db()
    assert organisation.status == "pending"


def test_no_more_at_once_than_somebody_looks_at(administrator, monkeypatch):
    monkeypatch.setattr(administration, "MOST_AT_ONCE", 1)
    page = confirm(administrator, "verify", *OrganisationFactory.create_batch(2, status="pending"))
    assert "at most 1" in page.content.decode()
    assert not Organisation.objects.verified().exists()


def test_a_preview_of_many_costs_no_more(administrator, connection_queries):
    def cost(count):
        chosen = OrganisationFactory.create_batch(count, status="pending")
        with CaptureQueriesContext(connection) as seen:
            act(administrator, "verify", *chosen)
        return len(seen)

    assert cost(2) == cost(40) <= 30


def test_status_cannot_be_typed(administrator):
    organisation = OrganisationFactory(status="draft")
    form = administrator.get(f"{LIST}{organisation.pk}/change/").content.decode()
    assert 'name="status"' not in form


@pytest.mark.parametrize(("status", "allowed"), [("draft", True), ("verified", False)])
def test_what_was_public_is_not_deleted(administrator, status, allowed):
    organisation = OrganisationFactory(status=status)
    answer = administrator.post(f"{LIST}{organisation.pk}/delete/", {"post": "yes"})
    assert answer.status_code == (302 if allowed else 403)
    assert Organisation.objects.filter(pk=organisation.pk).exists() is not allowed


def test_demonstrated_statement_is_for_reading(administrator):
    derived = StatementEvidenceFactory().statement
    page = f"{STATEMENTS}{derived.pk}/change/"
    assert administrator.post(page, {"weight": 3}).status_code == 403
    assert administrator.post(f"{STATEMENTS}{derived.pk}/delete/").status_code == 403
    assert 'name="weight"' not in administrator.get(page).content.decode()


def test_declared_statement_can_be_changed_and_added(administrator):
    declared = StatementFactory(weight=1)
    fields = {
        "organisation": declared.organisation_id,
        "concept": declared.concept_id,
        "role": "offers",
        "weight": 3,
    }
    assert administrator.post(f"{STATEMENTS}{declared.pk}/change/", fields).status_code == 302
    declared.refresh_from_db()
    assert declared.weight == 3
    added = fields | {"concept": ConceptFactory().pk, "origin": "demonstrated"}
    assert administrator.post(f"{STATEMENTS}add/", added).status_code == 302
    assert set(Statement.objects.values_list("origin", flat=True)) == {"declared"}


def test_a_statement_stays_with_its_organisation(administrator):
    declared, other = StatementFactory(weight=1), OrganisationFactory()
    page = f"{STATEMENTS}{declared.pk}/change/"
    fields = {"organisation": other.pk, "concept": declared.concept_id, "role": "offers"}
    assert administrator.post(page, fields | {"weight": 3}).status_code == 302
    before = declared.organisation_id
    declared.refresh_from_db()
    assert (declared.organisation_id, declared.weight) == (before, 3)


def test_a_search_counts_what_it_lists(administrator, db):
    """By organisation and by concept, one that is both once; narrowed, and for a moderator."""
    region = RegionFactory()
    power = OrganisationFactory(name="Energy works", home_region=region)
    energy = ConceptFactory(labels={"en": "Energy storage"})
    StatementFactory(organisation=power, role="offers")
    StatementFactory(organisation=power, concept=energy, role="offers")
    StatementFactory(organisation=OrganisationFactory(home_region=None), concept=energy)
    StatementFactory()
    moderator = RegionRoleFactory(region=region, role="moderator", user__is_staff=True).user
    for client, query, expected in [
        (administrator, {"q": "energy"}, 3),
        (administrator, {"q": "energy", "role__exact": "offers"}, None),
        (administrator, {"q": "nothing at all"}, 0),
        (signed_in(moderator), {"q": "energy"}, 2),
    ]:
        shown = client.get(STATEMENTS, query).context["cl"]
        assert shown.result_count == len(shown.result_list)
        assert expected is None or shown.result_count == expected
