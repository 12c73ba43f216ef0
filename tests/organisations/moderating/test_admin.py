"""Moderators of a region in the administration pages: their region's profiles, and no trace of
others by any way in."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from organisations.models import (
    AccessRequest,
    FormerAddress,
    Organisation,
    Review,
    ReviewAnswer,
    Sector,
    Statement,
    WebsiteCheck,
)
from regions.models import RegionRole
from tests.conftest import signed_in
from tests.factories import (
    AccessRequestFactory,
    ClusterInvitationFactory,
    CountryFactory,
    OrganisationFactory,
    RegionFactory,
    RegionRoleFactory,
    ReviewAnswerFactory,
    ReviewFactory,
    SectorFactory,
    StatementFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
    WebsiteCheckFactory,
)

ADMIN = "/admin/organisations/"
LIST = f"{ADMIN}organisation/"
LIMITED = {
    Statement: StatementFactory,
    Sector: SectorFactory,
    Review: ReviewFactory,
    ReviewAnswer: ReviewAnswerFactory,
    AccessRequest: AccessRequestFactory,
    WebsiteCheck: WebsiteCheckFactory,
}


@pytest.fixture
def region(db):
    return RegionFactory()


@pytest.fixture
def regional(region):
    user = UserFactory(is_staff=True, name="Mo Derator")
    RegionRoleFactory(region=region, user=user)
    return signed_in(user)


@pytest.fixture
def ours(region):
    return OrganisationFactory(home_region=region, name="Ours", slug="ours", status="pending")


@pytest.fixture
def theirs(db):
    return OrganisationFactory(name="Zebra Secret", slug="zebra-secret", status="pending")


def confirm(client, action, *organisations):
    return client.post(
        LIST,
        {
            "action": action,
            "_selected_action": [row.pk for row in organisations],
            "confirm": "1",
            "reason": "Looked at.",
        },
        follow=True,
    )


def test_the_index_names_what_moderators_see(regional):
    page = regional.get("/admin/").content.decode()
    assert LIST in page
    assert "/admin/accounts/user/" not in page
    assert f"{ADMIN}teammember/" not in page
    assert "add/" not in page


@pytest.mark.parametrize("role", ["editor", None])
def test_staff_without_the_role_sees_nothing(region, ours, role):
    user = UserFactory(is_staff=True)
    if role:
        RegionRoleFactory(region=region, user=user, role=role)
    client = signed_in(user)
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{ours.pk}/change/").status_code == 403


def test_moderators_who_are_no_staff_do_not_come_in(region):
    client = signed_in(RegionRoleFactory(region=region).user)
    assert client.get(LIST).status_code == 302


@pytest.mark.parametrize(
    "query",
    ["", "q=zebra", "status__exact=pending", "name__startswith=Zebra", "_facets=True", "all="],
)
def test_lists_and_searches_do_not_leak(regional, ours, theirs, query):
    answer = regional.get(f"{LIST}?{query}")
    assert "Zebra Secret" not in answer.content.decode()
    if answer.status_code == 200 and answer.context.get("cl"):
        assert theirs not in answer.context["cl"].queryset


def test_filters_by_country_name_only_countries_of_the_region(regional, ours, theirs):
    Organisation.objects.filter(pk=theirs.pk).update(country=CountryFactory(code="SI"))
    specs = regional.get(LIST).context["cl"].filter_specs
    shown = [str(choice["display"]) for spec in specs for choice in spec.choices(_list(regional))]
    assert "Slovenia" not in " ".join(shown)
    assert "SI" not in shown


def _list(client):
    return client.get(LIST).context["cl"]


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_pages_of_other_regions_do_not_open(regional, ours, theirs, page):
    LogEntry.objects.log_actions(
        UserFactory().pk, [theirs], CHANGE, "Zebra changed", single_object=True
    )
    answer = regional.get(f"{LIST}{theirs.pk}/{page}/", follow=True)
    assert answer.status_code in (403, 404) or answer.redirect_chain[-1][0] == "/admin/"
    assert "Zebra" not in answer.content.decode()


def test_their_own_are_for_reading(regional, ours):
    page = regional.get(f"{LIST}{ours.pk}/change/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "/moderation/ours/" in text
    assert 'name="_save"' not in text
    assert "merge/" not in text
    assert regional.post(f"{LIST}{ours.pk}/change/", {"name": "x"}).status_code == 403
    assert regional.post(f"{LIST}{ours.pk}/delete/", {"post": "yes"}).status_code == 403
    assert regional.get(f"{LIST}add/").status_code == 403
    assert regional.get(f"{LIST}{ours.pk}/history/").status_code == 200
    assert regional.get(f"{LIST}merge/").status_code == 403
    assert regional.post(f"{LIST}merge/", {"keep": ours.pk, "confirm": 1}).status_code == 403


@pytest.mark.parametrize("model", LIMITED, ids=lambda model: model.__name__)
def test_what_belongs_to_profiles_is_limited_too(regional, ours, theirs, model):
    mine, other = LIMITED[model](organisation=ours), LIMITED[model](organisation=theirs)
    address = f"{ADMIN}{model._meta.model_name}/"
    for query in ("", "?q=zebra", "?organisation__name__startswith=Zebra"):
        answer = regional.get(address + query)
        if answer.status_code == 200:
            rows = set(answer.context["cl"].queryset)
            assert rows <= {mine}
            assert query or rows == {mine}
            assert "Zebra Secret" not in answer.content.decode()
    assert regional.get(f"{address}{mine.pk}/change/").status_code == 200
    assert regional.post(f"{address}{mine.pk}/change/", {"weight": 3}).status_code == 403
    for page in ("change", "history", "delete"):
        answer = regional.get(f"{address}{other.pk}/{page}/", follow=True)
        assert "Zebra" not in answer.content.decode()
    assert regional.get(f"{address}add/").status_code == 403


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("statement", "organisation"),
        ("teammember", "organisation"),
        ("clustermembership", "member"),
        ("sector", "organisation"),
    ],
)
def test_autocompletion_does_not_leak(regional, ours, theirs, model, field):
    asked = {"app_label": "organisations", "model_name": model, "field_name": field}
    for term in ("", "zebra", "ours"):
        answer = regional.get("/admin/autocomplete/", {**asked, "term": term})
        if answer.status_code == 200:
            names = [row["text"] for row in answer.json()["results"]]
            assert set(names) <= {"Ours"}
        else:
            assert answer.status_code == 403


def test_autocompletion_of_people_is_refused(regional):
    asked = {"app_label": "organisations", "model_name": "teammember", "field_name": "user"}
    assert regional.get("/admin/autocomplete/", {**asked, "term": ""}).status_code == 403


def test_view_on_site_does_not_tell_addresses(regional, administrator, ours, theirs):
    kind = ContentType.objects.get_for_model(Organisation).pk
    assert regional.get(f"/admin/r/{kind}/{theirs.pk}/").status_code == 404
    assert regional.get(f"/admin/r/{kind}/{ours.pk}/")["Location"] == "/organisations/ours/"
    led = administrator.get(f"/admin/r/{kind}/{theirs.pk}/")
    assert led["Location"] == "/organisations/zebra-secret/"
    assert administrator.get(f"/admin/r/{kind}/0/").status_code == 404
    assert administrator.get(f"/admin/r/{kind}/x/").status_code == 404


@pytest.mark.parametrize(
    ("action", "after"),
    [("verify", "verified"), ("hold", "held"), ("reject", "rejected"), ("archive", "archived")],
)
def test_actions_reach_their_regions_alone(regional, ours, theirs, action, after):
    page = confirm(regional, action, ours, theirs).content.decode()
    assert "Zebra" not in page
    ours.refresh_from_db(), theirs.refresh_from_db()
    assert (ours.status, theirs.status) == (after, "pending")
    assert LogEntry.objects.get().user == regional.user


def test_merging_is_no_action_of_theirs(regional, ours):
    second = OrganisationFactory(home_region=ours.home_region)
    confirm(regional, "merge", ours, second)
    assert Organisation.objects.count() == 2
    assert "Merge the two" not in regional.get(LIST).content.decode()


def test_ones_own_team_is_for_somebody_else(regional, ours):
    TeamMemberFactory(organisation=ours, user=regional.user)
    preview = regional.post(LIST, {"action": "verify", "_selected_action": [ours.pk]})
    assert preview.context["impossible"] == [(ours, "you are in its team")]
    confirm(regional, "verify", ours)
    ours.refresh_from_db()
    assert ours.status == "pending"


def test_losing_the_role_is_losing_the_pages(regional, ours):
    RegionRole.objects.all().delete()
    assert regional.get(LIST).status_code == 403
    assert regional.get(f"{LIST}{ours.pk}/change/").status_code == 403


def test_a_right_to_the_table_is_a_right_to_all_of_it(regional, ours, theirs):
    right = Permission.objects.get(codename="view_organisation")
    regional.user.user_permissions.add(right)
    assert set(regional.get(LIST).context["cl"].queryset) == {ours, theirs}
    confirm(regional, "verify", theirs)
    theirs.refresh_from_db()
    assert theirs.status == "pending"


def test_few_and_many_cost_the_same(regional, region, connection_queries):
    OrganisationFactory(home_region=region)
    few = connection_queries(regional, LIST)
    OrganisationFactory.create_batch(20, home_region=region)
    assert connection_queries(regional, LIST) <= few + 1 <= 30


@pytest.mark.parametrize("factory", [TeamInvitationFactory, ClusterInvitationFactory])
def test_tokens_are_not_shown(administrator, factory):
    row = factory(token_digest="f" * 64)
    address = f"{ADMIN}{row._meta.model_name}/"
    for page in (address, f"{address}{row.pk}/change/"):
        text = administrator.get(page).content.decode()
        assert row.email in text
        assert "ffffffff" not in text
    found = administrator.get(f"{address}?token_digest__startswith=f")
    assert found.status_code == 200 or "token" not in found.content.decode()


def test_roles_are_given_on_the_regions_page(administrator, region):
    page = administrator.get(f"/admin/regions/region/{region.pk}/change/")
    prefixes = [each.formset.prefix for each in page.context["inline_admin_formsets"]]
    assert "roles" in prefixes
    user = UserFactory()
    given = {"user": user.pk, "region": region.pk, "role": "moderator"}
    assert administrator.post("/admin/regions/regionrole/add/", given).status_code == 302
    assert RegionRole.objects.get().user == user


# merging


MERGE = f"{LIST}merge/"


def test_two_chosen_profiles_lead_to_the_page(administrator, ours, theirs):
    chosen = {"action": "merge", "_selected_action": [ours.pk, theirs.pk]}
    answer = administrator.post(LIST, chosen)
    assert answer["Location"] == f"{MERGE}?keep={ours.pk}&duplicate={theirs.pk}"
    page = administrator.get(answer["Location"]).content.decode()
    assert "Ours" in page
    assert "Zebra Secret" in page
    for rows in ([ours.pk], [ours.pk, theirs.pk, OrganisationFactory().pk]):
        told = administrator.post(LIST, {"action": "merge", "_selected_action": rows}, follow=True)
        assert "exactly two" in told.content.decode()


def test_look_then_merge(administrator, ours, theirs):
    statement = StatementFactory(organisation=theirs)
    StatementFactory(organisation=ours, concept=statement.concept)
    asked = {"keep": ours.pk, "duplicate": theirs.pk}
    page = administrator.post(MERGE, asked)
    text = page.content.decode()
    assert "Nothing has been changed yet" in text
    assert f"offers {statement.concept}" in text
    assert Organisation.objects.count() == 2
    answer = administrator.post(MERGE, {**asked, "confirm": "1"}, follow=True)
    assert answer.redirect_chain == [(f"{LIST}{ours.pk}/change/", 302)]
    assert FormerAddress.objects.get().organisation == ours
    again = administrator.post(MERGE, {**asked, "confirm": "1"})
    assert again.status_code == 400


def test_different_numbers_are_confirmed_apart(administrator, ours, theirs):
    Organisation.objects.filter(pk=ours.pk).update(pic="111111111")
    Organisation.objects.filter(pk=theirs.pk).update(pic="222222222")
    asked = {"keep": ours.pk, "duplicate": theirs.pk, "confirm": "1"}
    page = administrator.post(MERGE, asked)
    assert page.status_code == 400
    assert "111111111 ≠ 222222222" in page.content.decode()
    assert administrator.post(MERGE, {**asked, "despite_numbers": "on"}).status_code == 302


@pytest.mark.parametrize("asked", [{}, {"keep": "x"}, {"keep": "1" * 40, "duplicate": "0"}])
def test_bad_input(administrator, asked):
    assert administrator.post(MERGE, asked).status_code == 400
    assert administrator.get(MERGE, asked).status_code == 200


def test_the_same_twice_is_refused(administrator, ours):
    page = administrator.post(MERGE, {"keep": ours.pk, "duplicate": ours.pk})
    assert page.status_code == 400
    assert "two different profiles" in page.content.decode()
