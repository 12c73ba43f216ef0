"""Pages of the administration that look before something is done: few queries for many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.models import Organisation
from tests import factories
from tests.config.admin.conftest import preview

BUDGET = 30
MERGE = reverse("admin:organisations_organisation_merge")
LIST = reverse("admin:organisations_organisation_changelist")


def queries(do):
    with CaptureQueriesContext(connection) as seen:
        answer = do()
        answer.render() if hasattr(answer, "render") else None
    assert answer.status_code == 200, answer.content[-2000:]
    return len(seen)


def test_choosing_what_to_merge(administrator):
    keep, other = factories.OrganisationFactory.create_batch(2)
    for each in (keep, other):
        for _more in range(20):
            factories.StatementFactory(organisation=each)
    factories.OrganisationFactory.create_batch(30)
    asked = {"keep": keep.pk, "duplicate": other.pk}
    assert queries(lambda: administrator.get(MERGE, asked)) <= BUDGET


def test_looking_at_a_merge(administrator):
    def cost(rows):
        keep, other = factories.OrganisationFactory.create_batch(2)
        for _more in range(rows):
            concept, project = factories.ConceptFactory(), factories.InitiativeFactory()
            for each in (keep, other):
                factories.StatementFactory(organisation=each, concept=concept)
                factories.ParticipationFactory(organisation=each, initiative=project)
            factories.TeamMemberFactory(organisation=other)
        said = {"keep": keep.pk, "duplicate": other.pk}
        return queries(lambda: administrator.post(MERGE, said))

    few = cost(2)
    # what Django knows of its own tables it asks for once
    assert few - 1 <= cost(20) <= few <= BUDGET


def test_looking_at_an_import(administrator):
    """Rows that are known and unchanged, or wrong, cost nothing each."""
    known = factories.OrganisationFactory.create_batch(20)
    rows = "".join(f"{each.slug},{each.name}\n" for each in known)
    rows += "".join(f",{each.name}\n" for each in factories.OrganisationFactory.create_batch(20))
    assert queries(lambda: preview(administrator, Organisation, f"slug,name\n{rows}")) <= BUDGET


@pytest.mark.parametrize("action", ["verify", "hold", "reject", "archive"])
def test_confirming_a_step_for_many(administrator, action):
    chosen = factories.OrganisationFactory.create_batch(40, status="pending")
    said = {"action": action, "_selected_action": [each.pk for each in chosen]}
    assert queries(lambda: administrator.post(LIST, said)) <= BUDGET
