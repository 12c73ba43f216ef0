"""Who changed what and when, and the way back."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.urls import path as url

from accounts.history import History
from initiatives.models import Initiative, Participation
from matching.models import ScoringWeights
from organisations.models import ClusterMembership, Organisation, Statement, TeamMember
from organisations.services import add_statement
from regions.models import (
    Concept,
    Distinction,
    KeyFigure,
    Priority,
    Region,
    RegionContact,
    RegionRole,
)
from tests import factories
from tests.config.admin.conftest import address, said

WITH_HISTORY = {
    ClusterMembership,
    Concept,
    Distinction,
    Initiative,
    KeyFigure,
    Organisation,
    Participation,
    Priority,
    Region,
    RegionContact,
    RegionRole,
    ScoringWeights,
    Statement,
    TeamMember,
}


def edit(client, row, **fields):
    page = address(type(row), "change", row.pk)
    form = client.get(page).context["adminform"].form
    data = {
        name: value
        for name, value in ((each.html_name, each.value()) for each in form)
        if value not in (None, False)
    }
    for inline in client.get(page).context["inline_admin_formsets"]:
        manage = inline.formset.management_form
        data |= {f"{manage.prefix}-{name}": manage[name].value() for name in manage.fields}
    answer = client.post(page, data | fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row.refresh_from_db()


def versions(row):
    return list(row.history.order_by("history_id"))


def staff(*permissions):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_every_model_with_history_shows_it():
    assert {
        model for model, page in admin.site._registry.items() if hasattr(model, "history")
    } == WITH_HISTORY
    for model in WITH_HISTORY:
        assert isinstance(admin.site._registry[model], History)


def test_change_is_told_field_by_field_with_who_and_when(administrator):
    row = factories.KeyFigureFactory(value="1.00", year=2018)
    edit(administrator, row, value="2.50", rank=3, rank_scope="country")
    page = said(administrator.get(address(KeyFigure, "history", row.pk)))
    assert "Value 1.00 → 2.50" in page
    assert "Scope of the rank – → in the country" in page
    assert f"Changed {administrator.user}" in page
    assert "by a command" in page
    assert row.history.first().history_user == administrator.user


def test_labels_differ_by_language_and_references_by_name(administrator):
    row = factories.ConceptFactory(labels={"en": "One", "fr": "Un"})
    broader = factories.ConceptFactory(labels={"en": "Broader"})
    row.labels, row.broader = {"en": "One", "pl": "Jeden"}, broader
    row.save()
    page = said(administrator.get(address(Concept, "history", row.pk)))
    assert "Labels, fr Un → –" in page
    assert "Labels, pl – → Jeden" in page
    assert "Broader concept – → Broader" in page


def declare(request):
    """A page that writes."""
    add_statement(
        organisation=Organisation.objects.get(slug="agh-university"),
        concept=factories.ConceptFactory(),
        role=Statement.Role.OFFERS,
        by=request.user,
    )
    return HttpResponse()


urlpatterns = [url("declare/", declare)]


@pytest.mark.urls(__name__)
def test_pages_of_the_site_are_remembered_with_their_user(editor, organisation):
    assert editor.post("/declare/").status_code == 200
    assert Statement.objects.get().history.get().history_user == editor.user


def test_going_back_takes_back_the_form_and_nothing_else(administrator):
    row = factories.OrganisationFactory(status="draft", name="Before", city="Kraków")
    row.status, row.name, row.city = "verified", "After", "Lyon"
    row.save()
    first, _second = versions(row)
    page = address(Organisation, "simple_history", row.pk, first.pk)
    shown = said(administrator.get(page))
    assert "Name Before After" in shown
    assert "Status draft verified" in shown
    assert administrator.post(page).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.city) == ("Before", "Kraków")
    # the moderators' word stands
    assert row.status == "verified"
    record = row.history.first()
    assert record.history_user == administrator.user
    assert record.history_change_reason.startswith("Back to the version of")
    count = row.history.count()
    assert "Nothing had changed." in administrator.post(page, follow=True).content.decode()
    assert row.history.count() == count


def test_going_back_passes_all_checks(administrator):
    row = factories.OrganisationFactory(pic="111111111")
    row.pic = "222222222"
    row.save()
    factories.OrganisationFactory(pic="111111111")
    page = address(Organisation, "simple_history", row.pk, versions(row)[0].pk)
    answer = administrator.post(page)
    assert answer.status_code == 400
    assert "The row cannot be as it was then" in said(answer)
    row.refresh_from_db()
    assert row.pic == "222222222"


def test_going_back_closes_no_circle(administrator):
    one, other = factories.ConceptFactory.create_batch(2)
    one.broader = other
    one.save()
    with_broader = versions(one)[-1]
    one.broader = None
    one.save()
    other.broader = one
    other.save()
    answer = administrator.post(address(Concept, "simple_history", one.pk, with_broader.pk))
    assert answer.status_code == 400
    assert "that would be a circle" in said(answer)


def test_readers_may_look_and_not_go_back(db):
    row = factories.RegionFactory(capital="A")
    row.capital = "B"
    row.save()
    page = address(Region, "simple_history", row.pk, versions(row)[0].pk)
    reader, stranger = staff("view_region"), staff("view_source")
    answer = reader.get(page)
    assert answer.status_code == 200
    assert "Go back to this version" not in said(answer)
    assert reader.post(page).status_code == 403
    for place in (page, address(Region, "history", row.pk), address(Region, "deleted")):
        assert stranger.get(place).status_code == 403
        assert reader.get(place).status_code == 200
    row.refresh_from_db()
    assert row.capital == "B"


def test_derived_statement_does_not_go_back(administrator):
    row = factories.StatementEvidenceFactory().statement
    row.weight = 1
    row.save()
    page = address(Statement, "simple_history", row.pk, versions(row)[0].pk)
    assert administrator.post(page).status_code == 403


def test_version_in_force_does_not_go_back(administrator):
    row = ScoringWeights.objects.get(in_force=True)
    row.save()
    page = address(ScoringWeights, "simple_history", row.pk, versions(row)[-1].pk)
    assert administrator.post(page).status_code == 403


def test_what_is_deleted_is_found_and_read(administrator):
    row = factories.StatementFactory(organisation__name="Gone for good", text="In its own words")
    key, organisation = row.pk, row.organisation
    factories.RegionContactFactory()
    page = address(Organisation, "delete", organisation.pk)
    Organisation.objects.filter(pk=organisation.pk).update(status="draft")
    assert administrator.post(page, {"post": "yes"}).status_code == 302
    listed = said(administrator.get(address(Organisation, "deleted")))
    assert "Gone for good" in listed
    assert str(administrator.user) in listed
    history = administrator.get(address(Organisation, "history", organisation.pk))
    assert "This row is deleted" in said(history)
    # a statement is called after its organisation, which is gone as well
    statements = administrator.get(address(Statement, "deleted"))
    assert statements.status_code == 200
    history = administrator.get(address(Statement, "history", key))
    assert history.status_code == 200
    version = Statement.history.filter(id=key).latest("history_id")
    shown = administrator.get(address(Statement, "simple_history", key, version.pk))
    assert "In its own words" in said(shown)
    assert (
        administrator.post(address(Statement, "simple_history", key, version.pk)).status_code == 403
    )


@pytest.mark.parametrize("key", ["0", "99999999", "x", "1%27", "9" * 40])
def test_what_never_was_is_not_found(administrator, key):
    assert administrator.get(f"/admin/organisations/organisation/{key}/history/").status_code == 404
    page = f"/admin/organisations/organisation/{key}/history/1/"
    assert administrator.get(page).status_code == 404


def test_version_of_another_row_is_not_found(administrator):
    one, other = factories.RegionFactory.create_batch(2)
    page = address(Region, "simple_history", one.pk, versions(other)[0].pk)
    assert administrator.get(page).status_code == 404
    assert administrator.post(page).status_code == 404


def test_long_history_comes_in_pages_and_the_last_of_a_page_has_its_difference(administrator):
    row = factories.RegionFactory(capital="0")
    for number in range(1, 61):
        row.capital = str(number)
        row.save()
    first = said(administrator.get(address(Region, "history", row.pk)))
    assert "Capital 59 → 60" in first
    assert "Capital 10 → 11" in first
    assert "Capital 9 → 10" not in first
    assert "Capital 9 → 10" in said(administrator.get(address(Region, "history", row.pk), {"p": 2}))


@pytest.mark.parametrize("model", sorted(WITH_HISTORY, key=lambda model: model.__name__))
def test_history_takes_few_queries_however_long(administrator, connection_queries, model):
    make = {each._meta.model: each for each in vars(factories).values() if hasattr(each, "_meta")}
    row = (
        make[model]()
        if model in make
        else RegionRole.objects.create(
            region=factories.RegionFactory(), user=factories.UserFactory(), role="editor"
        )
    )
    row.save()
    page = address(model, "history", row.pk)
    few = connection_queries(administrator, page)
    for _more in range(20):
        row.save()
    assert connection_queries(administrator, page) == few <= 15
    version = address(model, "simple_history", row.pk, row.history.first().pk)
    assert connection_queries(administrator, version) <= 25
    assert connection_queries(administrator, address(model, "deleted")) <= 15


def test_pages_have_nothing_that_the_policy_forbids(administrator):
    row = factories.RegionFactory()
    row.save()
    for page in (
        address(Region, "history", row.pk),
        address(Region, "simple_history", row.pk, versions(row)[0].pk),
        address(Region, "deleted"),
    ):
        content = administrator.get(page).content.decode()
        assert " style=" not in content
        assert "<style" not in content
        assert "onclick=" not in content
