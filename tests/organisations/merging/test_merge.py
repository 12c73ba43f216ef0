"""Merging two organisations: nothing is lost, two at once come through."""

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from organisations import merging, moderation
from organisations.models import (
    AccessRequest,
    FormerAddress,
    Organisation,
    Statement,
    TeamInvitation,
    TeamMember,
)
from tests.factories import (
    AccessRequestFactory,
    ClusterMembershipFactory,
    ConceptFactory,
    CountryFactory,
    InitiativeFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    RegionRoleFactory,
    StatementEvidenceFactory,
    StatementFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.organisations.merging.makers import one_of_each
from tests.racing import at_once


def test_empty_fields_are_filled_and_others_stay(by):
    unit = NutsUnitFactory(level=3, home_region=RegionFactory())
    keep = OrganisationFactory(
        city="", home_region=None, website="", languages=["pl"], wanted_kinds=[], source=None
    )
    Organisation.objects.filter(pk=keep.pk).update(country=None)
    other = OrganisationFactory(
        slug="other",
        city="Lyon",
        nuts3=unit,
        home_region=unit.home_region,
        latitude=45.0,
        longitude=4.8,
        website="https://other.example.org/",
        pic="123456789",
        description="Tanks",
        languages=["fr", "pl"],
        wanted_kinds=["sme"],
        registered={"name": "Other"},
    )
    name = keep.name
    done = merging.merge(keep=keep, duplicate=other, by=by)
    keep.refresh_from_db()
    assert (keep.name, keep.pic, keep.description) == (name, "123456789", "Tanks")
    assert (keep.city, keep.nuts3, keep.home_region) == ("Lyon", unit, unit.home_region)
    assert keep.website_domain == "other.example.org"
    assert (keep.languages, keep.wanted_kinds) == (["pl", "fr"], ["sme"])
    assert keep.registered == {"name": "Other"}
    assert {"PIC", "website", "working languages", "place"} <= set(done.filled)


def test_half_a_place_is_no_place(keep, other, by):
    Organisation.objects.filter(pk=keep.pk).update(city="", description="Ours")
    region = keep.home_region
    Organisation.objects.filter(pk=other.pk).update(description="Theirs", city="Lyon")
    merging.merge(keep=keep, duplicate=other, by=by)
    keep.refresh_from_db()
    assert (keep.city, keep.home_region, keep.description) == ("", region, "Ours")


def test_the_whole_of_the_other_is_kept_and_logged(keep, other, by):
    moderation.archive(organisation=other, by=by, reason="Twice.")
    merging.merge(keep=keep, duplicate=other, by=by)
    address = FormerAddress.objects.get()
    assert (address.slug, address.organisation) == ("other", keep)
    assert (address.was["name"], address.was["id"]) == ("Other", other.pk)
    assert set(address.was) >= {field.attname for field in Organisation._meta.concrete_fields}
    entries = LogEntry.objects.filter(object_id=str(keep.pk))
    assert any("Twice." in entry.get_change_message() for entry in entries)
    assert any("Merged with “Other”" in entry.get_change_message() for entry in entries)
    last = Organisation.history.filter(id=other.pk).first()
    assert (last.history_type, last.history_user) == ("-", by)
    assert Organisation.history.filter(id=keep.pk).first().history_user == by


def test_an_address_leads_on_through_a_chain(keep, other, by):
    last = OrganisationFactory(slug="last")
    merging.merge(keep=keep, duplicate=other, by=by)
    merging.merge(keep=last, duplicate=keep, by=by)
    addresses = FormerAddress.objects.order_by("slug").values_list("slug", "organisation__slug")
    assert list(addresses) == [("keep", "last"), ("other", "last")]


def test_an_address_used_again_and_merged_again(keep, other, by):
    merging.merge(keep=keep, duplicate=other, by=by)
    again = OrganisationFactory(slug="other", name="Other again")
    last = OrganisationFactory(slug="last")
    merging.merge(keep=last, duplicate=again, by=by)
    address = FormerAddress.objects.get()
    assert (address.organisation, address.was["name"]) == (last, "Other again")
    assert address.was["before"]["name"] == "Other"


def test_a_preview_tells_all_and_changes_nothing(keep, other, by):
    one_of_each(keep), one_of_each(other)
    before = {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in {"organisations", "initiatives", "matching", "admin"}
        and model._meta.label != "matching.Change"
    }
    told = merging.preview(keep=keep, duplicate=other, by=by)
    for label, rows in before.items():
        assert list(apps.get_model(label)._base_manager.order_by("pk").values()) == rows, label
    done = merging.merge(keep=keep, duplicate=other, by=by)
    assert (told.moved, told.filled, told.warnings) == (done.moved, done.filled, done.warnings)
    assert told.conflicts == done.conflicts
    assert told.moved


def test_different_numbers_want_a_further_word(keep, other, by):
    Organisation.objects.filter(pk=keep.pk).update(pic="111111111")
    Organisation.objects.filter(pk=other.pk).update(pic="222222222")
    with pytest.raises(merging.NumbersDiffer, match="111111111 ≠ 222222222"):
        merging.merge(keep=keep, duplicate=other, by=by)
    assert Organisation.objects.count() == 2
    merging.merge(keep=keep, duplicate=other, by=by, despite_numbers=True)
    assert FormerAddress.objects.get().was["pic"] == "222222222"


def test_refusals(keep, other, by):
    with pytest.raises(merging.MergeRefused):
        merging.merge(keep=keep, duplicate=keep, by=by)
    invented = OrganisationFactory(is_illustrative=True)
    with pytest.raises(merging.MergeRefused, match="invented"):
        merging.merge(keep=keep, duplicate=invented, by=by)
    group = ClusterMembershipFactory().cluster
    with pytest.raises(merging.MergeRefused, match="keep the cluster"):
        merging.merge(keep=keep, duplicate=group, by=by)
    merging.merge(keep=keep, duplicate=other, by=by)
    with pytest.raises(merging.MergeRefused, match="gone"):
        merging.merge(keep=keep, duplicate=other, by=by)


def test_only_moderators_of_all_regions_merge(keep, other):
    regional = RegionRoleFactory(region=keep.home_region).user
    RegionRoleFactory(region=other.home_region, user=regional)
    owner = UserFactory()
    for organisation in (keep, other):
        TeamMemberFactory(organisation=organisation, user=owner, role="owner")
    for user in (regional, owner):
        with pytest.raises(PermissionDenied):
            merging.merge(keep=keep, duplicate=other, by=user)


def test_warnings(keep, other, by):
    Organisation.objects.filter(pk=keep.pk).update(
        status="draft", kind="sme", country=CountryFactory(code="SI")
    )
    keep.refresh_from_db()
    done = merging.preview(keep=keep, duplicate=other, by=by)
    assert len(done.warnings) == 3
    keep.refresh_from_db()
    merging.merge(keep=keep, duplicate=other, by=by)
    keep.refresh_from_db()
    assert keep.status == "draft"


def test_a_merge_costs_the_same_for_few_and_many(by):
    def cost(rows):
        keep, other = OrganisationFactory.create_batch(2)
        for _more in range(rows):
            concept, project = ConceptFactory(), InitiativeFactory()
            for each in (keep, other):
                statement = StatementFactory(organisation=each, concept=concept)
                StatementEvidenceFactory(statement=statement, initiative=project)
                ParticipationFactory(organisation=each, initiative=project)
                StatementFactory(organisation=each)
                ParticipationFactory(organisation=each)
        with CaptureQueriesContext(connection) as seen:
            merging.merge(keep=keep, duplicate=other, by=by)
        return len(seen)

    assert cost(2) == cost(20) <= 30


def test_the_most_that_a_merge_costs(keep, other, by):
    one_of_each(keep), one_of_each(other)
    with CaptureQueriesContext(connection) as seen:
        merging.merge(keep=keep, duplicate=other, by=by)
    assert len(seen) <= 70


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crosswise", [True, False])
def test_two_merges_at_the_same_moment(crosswise):
    a, b, c = OrganisationFactory.create_batch(3)
    StatementFactory(organisation=a), StatementFactory(organisation=b)
    users = UserFactory.create_batch(2, administrator=True)
    wished = [(a, b), (b, a)] if crosswise else [(a, b), (c, b)]

    def merger(pair, user):
        return lambda: merging.merge(keep=pair[0], duplicate=pair[1], by=user)

    outcomes = at_once(*map(merger, wished, users), expected=[merging.MergeRefused])
    assert sum(isinstance(each, merging.MergeRefused) for each in outcomes) == 1
    assert Organisation.objects.count() == 2
    assert Statement.objects.count() == 2
    address = FormerAddress.objects.get()
    assert Statement.objects.filter(Q(organisation=address.organisation)).exists()


def test_an_organisation_that_something_still_points_at_is_not_deleted(keep, other, by):
    """The database's own word, should a relation ever be forgotten."""
    AccessRequestFactory(organisation=other)
    TeamInvitationFactory(organisation=other)
    merging.merge(keep=keep, duplicate=other, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert AccessRequest.objects.get().organisation == keep
    assert TeamInvitation.objects.get().organisation == keep


def test_the_team_of_what_goes_is_told_where_it_is_now(
    keep, other, by, mailoutbox, django_capture_on_commit_callbacks
):
    TeamMemberFactory(organisation=keep, role="owner", user__email="ours@example.org")
    for role, email, language in (
        ("owner", "owner@example.org", "en"),
        ("viewer", "viewer@example.org", "fr"),
    ):
        user = UserFactory(email=email, language=language)
        TeamMemberFactory(organisation=other, role=role, user=user)
    TeamMemberFactory(organisation=other, user__is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        merging.preview(keep=keep, duplicate=other, by=by)
    assert not mailoutbox
    with django_capture_on_commit_callbacks(execute=True):
        merging.merge(keep=keep, duplicate=other, by=by, page="https://regions.example/keep/")
    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert set(mails) == {"owner@example.org", "viewer@example.org"}
    body = mails["owner@example.org"].body
    assert "the profile of “Other” was merged into that of “Keep”" in body
    assert "What your profile stated is kept" in body
    assert "In the team of “Keep” you are: viewer. It has an owner already" in body
    assert "https://regions.example/keep/" in body
    assert by.email not in body
    assert "It has an owner already" not in mails["viewer@example.org"].body


def test_each_is_told_their_role_in_their_language(
    keep, other, by, mailoutbox, django_capture_on_commit_callbacks
):
    TeamMemberFactory(organisation=other, role="editor", user__language="fr")
    with translation.override("pl"), django_capture_on_commit_callbacks(execute=True):
        merging.merge(keep=keep, duplicate=other, by=by)
    with translation.override("fr"):
        role = str(TeamMember.Role.EDITOR.label)
    (message,) = mailoutbox
    assert f": {role}." in message.body


def test_a_merge_says_which_fields_came_from_where(by):
    keep = OrganisationFactory(slug="keep", name="Keep", languages=["pl"], website="")
    other = OrganisationFactory(
        slug="other", short_name="OTH", languages=["en"], website="https://other.example.org/"
    )
    merging.merge(keep=keep, duplicate=other, by=by)
    said = LogEntry.objects.get(object_id=str(keep.pk)).get_change_message()
    assert "From it: short name, website." in said
    assert "From both: working languages." in said
    assert said.endswith("All else is from “Keep” (keep).")
    reason = keep.history.first().history_change_reason
    assert reason == "merge of other; from it: short name, website, working languages"
    another = OrganisationFactory(slug="another", name="Another", short_name="A")
    empty = OrganisationFactory(slug="empty", home_region=another.home_region)
    merging.merge(keep=another, duplicate=empty, by=by)
    said = LogEntry.objects.get(object_id=str(another.pk)).get_change_message()
    assert said.endswith("All is from “Another”.")
