"""Every administration page of every model: it answers, and within its budget of queries."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from config.models import DataLoad
from matching import jobs
from tests import factories
from tests.test_factories import FACTORIES

BUDGET = 30


def deferred_job():
    """A job as the queue keeps it: its models are not written through Django."""
    lock = f"lock-{ProcrastinateJob.objects.count()}"
    job = jobs.refresh_lists.configure(queueing_lock=lock).defer(timestamp=0)
    return ProcrastinateJob.objects.get(pk=job)


MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
MAKERS = {factory._meta.model: factory for factory in FACTORIES} | {
    Group: lambda: Group.objects.create(name=f"Group {Group.objects.count()}"),
    DataLoad: lambda: DataLoad.objects.create(name=f"load-{DataLoad.objects.count()}"),
    ProcrastinateJob: deferred_job,
}
FOR_READING = {
    "AccessRequest",
    "ApiToken",
    "Change",
    "ClusterInvitation",
    "Consent",
    "DataLoad",
    "Digest",
    "Exclusion",
    "Feedback",
    "FormerAddress",
    "Logo",
    "ProcrastinateJob",
    "Pruning",
    "RegionBoundary",
    "RegionNeighbour",
    "Review",
    "ReviewAnswer",
    "SavedSearch",
    "StatementEvidence",
    "SuggestionList",
    "TeamInvitation",
    "WebsiteCheck",
}
OURS = {"accounts", "regions", "organisations", "initiatives", "matching", "site"}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def queries(client, path, parameters=None):
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path, parameters or {})
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return len(seen)


def rows(model, count):
    return [MAKERS[model]() for _row in range(count)]


def test_every_model_has_administration_pages():
    ours = {
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not model._meta.auto_created
        and not hasattr(model, "history_object")  # seen on the pages of what it is about
    }
    assert ours <= set(MODELS)
    assert set(MODELS) <= set(MAKERS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_and_search_cost_the_same_for_few_and_many(administrator, model):
    rows(model, 2)
    few = queries(administrator, address(model, "changelist"))
    rows(model, 12)
    many = queries(administrator, address(model, "changelist"))
    searched = queries(administrator, address(model, "changelist"), {"q": "organisation 1 %_"})
    assert many <= max(few, BUDGET)
    assert many - few <= 1
    assert max(many, searched) <= BUDGET


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_change_and_history_pages(administrator, model):
    (row, *_others) = rows(model, 3)
    assert queries(administrator, address(model, "change", row.pk)) <= BUDGET
    assert queries(administrator, address(model, "history", row.pk)) <= BUDGET


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_add_page(administrator, model):
    rows(model, 3)
    answer = administrator.get(address(model, "add"))
    if model.__name__ in FOR_READING:
        assert answer.status_code == 403
    else:
        assert queries(administrator, address(model, "add")) <= BUDGET


READ_ONLY = [model for model in MODELS if model.__name__ in FOR_READING]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.label)
def test_what_is_for_reading_has_a_page_without_a_form(administrator, model):
    (row, *_others) = rows(model, 3)
    change, delete = address(model, "change", row.pk), address(model, "delete", row.pk)
    page = administrator.get(change)
    assert not page.context["adminform"].form.fields
    for inline in page.context["inline_admin_formsets"]:
        assert not inline.has_add_permission
        assert not inline.has_change_permission
        assert not inline.has_delete_permission
    assert b'name="_save"' not in page.content
    assert administrator.post(change).status_code == 403
    assert administrator.post(delete, {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("persona", ["anonymous", "stranger", "editor"])
def test_only_administrators_come_in(request, persona, model):
    answer = request.getfixturevalue(persona).get(address(model, "changelist"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_region_with_many_facts_stays_within_the_budget(administrator):
    region = factories.RegionFactory()
    region.nuts_units.set(factories.NutsUnitFactory.create_batch(8))
    for year in range(2000, 2030):
        factories.KeyFigureFactory(region=region, year=year)
        factories.PriorityFactory(region=region)
        factories.NetworkMembershipFactory(region=region)
    assert queries(administrator, address(type(region), "change", region.pk)) <= BUDGET


def test_initiative_with_many_parts_stays_within_the_budget(administrator):
    initiative = factories.InitiativeFactory()
    for _more in range(30):
        factories.InitiativeRegionFactory(initiative=initiative)
        factories.InitiativeConceptFactory(initiative=initiative)
        factories.InitiativeFigureFactory(initiative=initiative)
        factories.ParticipationFactory(initiative=initiative)
    assert queries(administrator, address(type(initiative), "change", initiative.pk)) <= BUDGET


def test_organisation_with_many_rows_stays_within_the_budget(administrator):
    organisation = factories.OrganisationFactory()
    for _more in range(30):
        factories.StatementFactory(organisation=organisation)
        factories.SectorFactory(organisation=organisation)
        factories.ParticipationFactory(organisation=organisation)
    for _member in range(4):
        factories.TeamMemberFactory(organisation=organisation)
    assert queries(administrator, address(type(organisation), "change", organisation.pk)) <= BUDGET


def test_autocomplete_finds_by_name_without_accents(administrator):
    factories.OrganisationFactory(name="Akademia Górniczo-Hutnicza")
    answer = administrator.get(
        reverse("admin:autocomplete"),
        {
            "app_label": "organisations",
            "model_name": "statement",
            "field_name": "organisation",
            "term": "gorniczo",
        },
    ).json()
    assert [found["text"] for found in answer["results"]] == ["Akademia Górniczo-Hutnicza"]


@pytest.mark.parametrize("query", ["q=%00", "p=9999999", "p=x", "o=99.-1.x", "kind__exact=party"])
def test_malformed_addresses_are_no_errors(administrator, query):
    factories.OrganisationFactory()
    answer = administrator.get(f"/admin/organisations/organisation/?{query}")
    assert answer.status_code in {200, 302, 400}
