"""Merging two organisations: everything follows, nothing is lost, two at once come through."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q, UniqueConstraint
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.models import Participation, StatementEvidence
from matching.models import Exclusion, Feedback, SuggestionList
from organisations import merging, moderation
from organisations.merging.moving import relations
from organisations.merging.rules import RULES
from organisations.models import (
    AccessRequest,
    ClusterInvitation,
    ClusterMembership,
    FormerAddress,
    Logo,
    Organisation,
    Sector,
    Statement,
    TeamInvitation,
    TeamMember,
    WebsiteCheck,
)
from tests.factories import (
    AccessRequestFactory,
    ClusterInvitationFactory,
    ClusterMembershipFactory,
    ConceptFactory,
    CountryFactory,
    ExclusionFactory,
    FeedbackFactory,
    FormerAddressFactory,
    InitiativeFactory,
    LogoFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    RegionRoleFactory,
    ReviewAnswerFactory,
    ReviewFactory,
    SectorFactory,
    StatementEvidenceFactory,
    StatementFactory,
    SuggestionListFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
    WebsiteCheckFactory,
)
from tests.racing import at_once

RELATIONS = relations(Organisation)


@pytest.fixture
def by(db):
    return UserFactory(administrator=True)


@pytest.fixture
def keep(db):
    return OrganisationFactory(slug="keep", name="Keep")


@pytest.fixture
def other(db):
    return OrganisationFactory(slug="other", name="Other")


def cluster(**fields):
    return OrganisationFactory(kind="cluster", **fields)


def wanted(organisation):
    through = Organisation.wanted_regions.through
    return through.objects.create(organisation=organisation, region=RegionFactory())


MAKERS = {
    "organisations.ClusterMembership.cluster": lambda o: ClusterMembershipFactory(cluster=o),
    "organisations.ClusterMembership.member": lambda o: ClusterMembershipFactory(member=o),
    "organisations.ClusterInvitation.cluster": lambda o: ClusterInvitationFactory(cluster=o),
    "organisations.ClusterInvitation.member": lambda o: ClusterInvitationFactory(member=o),
    "organisations.Logo.organisation": lambda o: LogoFactory(organisation=o),
    "organisations.FormerAddress.organisation": lambda o: FormerAddressFactory(organisation=o),
    "organisations.Review.organisation": lambda o: ReviewFactory(organisation=o),
    "organisations.ReviewAnswer.organisation": lambda o: ReviewAnswerFactory(organisation=o),
    "organisations.WebsiteCheck.organisation": lambda o: WebsiteCheckFactory(organisation=o),
    "organisations.Sector.organisation": lambda o: SectorFactory(organisation=o),
    "organisations.Statement.organisation": lambda o: StatementFactory(organisation=o),
    "organisations.TeamMember.organisation": lambda o: TeamMemberFactory(organisation=o),
    "organisations.TeamInvitation.organisation": lambda o: TeamInvitationFactory(organisation=o),
    "organisations.AccessRequest.organisation": lambda o: AccessRequestFactory(organisation=o),
    "organisations.Organisation_wanted_regions.organisation": wanted,
    "initiatives.Initiative.lead": lambda o: InitiativeFactory(lead=o),
    "initiatives.Participation.organisation": lambda o: ParticipationFactory(organisation=o),
    "matching.Feedback.organisation": lambda o: FeedbackFactory(organisation=o),
    "matching.Feedback.other": lambda o: FeedbackFactory(other=o),
    "matching.Exclusion.organisation": lambda o: ExclusionFactory(organisation=o),
    "matching.SuggestionList.organisation": lambda o: SuggestionListFactory(organisation=o),
}


def one_of_each(organisation):
    return {name: make(organisation) for name, make in MAKERS.items()}


def test_every_relation_is_tried_here():
    assert {each.name for each in RELATIONS} == set(MAKERS)


def keys_to_organisations():
    """Every foreign key to organisations, found from the other end."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is Organisation and not hasattr(model, "history_object")
    }


def test_no_key_is_overlooked():
    assert keys_to_organisations() == {each.name for each in RELATIONS}


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_what_may_collide_has_a_rule(relation):
    if relation.uniques:
        assert relation.model._meta.label in RULES
    for constraint in relation.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert not constraint.expressions, "merging compares columns"
            assert constraint.nulls_distinct is not False, "merging takes nulls for different"


@pytest.mark.parametrize("label", sorted(RULES))
def test_what_depends_on_rows_that_may_become_one_has_a_rule_as_well(label):
    for relation in relations(apps.get_model(label)):
        assert not relation.uniques or relation.model._meta.label in RULES


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_everything_follows(keep, other, by, relation):
    row = MAKERS[relation.name](other)
    merging.merge(keep=keep, duplicate=other, by=by)
    model = relation.model
    if model is SuggestionList or relation.key.primary_key:
        assert model.objects.filter(**{relation.key.name: keep}).exists()
    else:
        stored = model._base_manager.get(pk=row.pk)
        assert getattr(stored, relation.key.attname) == keep.pk
    if relation.has_history:
        change = model.history.filter(id=row.pk).first()
        assert (change.history_user, change.history_type) == (by, "~")
        assert getattr(change, relation.key.attname) == keep.pk
    assert not Organisation.objects.filter(pk=other.pk).exists()


def test_both_full_of_everything(keep, other, by):
    one_of_each(keep), one_of_each(other)
    before = {each.name: each.model._base_manager.count() for each in RELATIONS}
    done = merging.merge(keep=keep, duplicate=other, by=by)
    singles = {"Logo", "WebsiteCheck", "SuggestionList"}
    for each in RELATIONS:
        if each.model.__name__ == "FormerAddress":
            continue
        lost = 1 if each.model.__name__ in singles else 0
        assert each.model._base_manager.count() == before[each.name] - lost, each.name
    assert {conflict.kind for conflict in done.conflicts} == {
        model._meta.verbose_name for model in (Logo, WebsiteCheck, SuggestionList)
    }
    was = FormerAddress.objects.get(slug="other").was
    assert {row["model"].split(".")[1] for row in was["dropped"]} == singles


def test_the_same_statement_twice(keep, other, by):
    concept = ConceptFactory()
    common = {"concept": concept, "role": "offers"}
    ours = StatementFactory(
        organisation=keep, weight=1, text="Tanks", trl_from=4, trl_to=5, **common
    )
    theirs = StatementFactory(
        organisation=other,
        weight=3,
        text="Pipes",
        trl_from=3,
        trl_to=4,
        valid_until=date(2030, 1, 1),
        **common,
    )
    derived = StatementFactory(organisation=other, origin="demonstrated", **common)
    shared = InitiativeFactory()
    StatementEvidenceFactory(statement=ours, initiative=shared)
    StatementEvidenceFactory(statement=theirs, initiative=shared)
    moved = StatementEvidenceFactory(statement=theirs)
    done = merging.merge(keep=keep, duplicate=other, by=by)
    ours.refresh_from_db()
    assert (ours.weight, ours.trl_from, ours.trl_to) == (3, 3, 5)
    assert ours.text == "Tanks\n\nPipes"
    assert ours.valid_until is None  # one of the two has no end
    assert set(keep.statements.all()) == {ours, derived}
    evidence = StatementEvidence.objects.filter(statement=ours)
    assert {row.initiative for row in evidence} == {shared, moved.initiative}
    assert [conflict.what for conflict in done.conflicts] == [f"offers {concept}"]
    kinds = list(Statement.history.filter(id=theirs.pk).values_list("history_type", flat=True))
    assert kinds[0] == "-"
    dropped = FormerAddress.objects.get().was["dropped"]
    assert dropped[0]["row"]["text"] == "Pipes"


def test_the_later_of_two_ends(keep, other, by):
    concept = ConceptFactory()
    for organisation, year in ((keep, 2030), (other, 2031)):
        StatementFactory(
            organisation=organisation, concept=concept, valid_until=date(year, 1, 1), text="Same"
        )
    merging.merge(keep=keep, duplicate=other, by=by)
    statement = keep.statements.get()
    assert (statement.valid_until.year, statement.text) == (2031, "Same")


def test_one_participation_with_what_either_says(keep, other, by):
    project = InitiativeFactory()
    ParticipationFactory(initiative=project, organisation=keep, contribution=100, name="Kept")
    ParticipationFactory(
        initiative=project,
        organisation=other,
        role="coordinator",
        contribution=300,
        pic="123456789",
        name="Gone",
    )
    merging.merge(keep=keep, duplicate=other, by=by)
    row = Participation.objects.get()
    assert (row.organisation, row.role, row.contribution) == (keep, "coordinator", 300)
    assert (row.pic, row.name) == ("123456789", "Kept")


@pytest.mark.parametrize(
    ("ours", "theirs", "then"),
    [("viewer", "owner", "owner"), ("owner", "viewer", "owner"), ("viewer", "editor", "editor")],
)
def test_the_higher_role(keep, other, by, ours, theirs, then):
    user = UserFactory()
    TeamMemberFactory(organisation=keep, user=user, role=ours)
    TeamMemberFactory(organisation=other, user=user, role=theirs)
    merging.merge(keep=keep, duplicate=other, by=by)
    assert TeamMember.objects.get().role == then


def test_two_invitations_of_one_address(by):
    keep, other = cluster(slug="keep"), cluster(slug="other")
    soon = timezone.now() + timedelta(days=1)
    late = timezone.now() + timedelta(days=9)
    first = ClusterInvitationFactory(cluster=keep, email="x@example.org", expires_at=soon)
    second = ClusterInvitationFactory(cluster=other, email="x@example.org", expires_at=late)
    merging.merge(keep=keep, duplicate=other, by=by)
    first.refresh_from_db(), second.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.is_open
    assert second.cluster == keep


def test_who_registered_the_same_name_takes_nothing_over(keep, other, by):
    owner = TeamMemberFactory(organisation=keep, role="owner")
    stranger = TeamMemberFactory(organisation=other, role="owner", user__email="s@example.org")
    sent = TeamInvitationFactory(organisation=other, email="x@example.org", role="owner")
    Organisation.objects.filter(pk=other.pk).update(
        status="draft", website="https://stranger.example.org"
    )
    Organisation.objects.filter(pk=keep.pk).update(website="")
    done = merging.merge(keep=keep, duplicate=other, by=by)
    assert any("s@example.org" in warning for warning in done.warnings)
    roles = dict(TeamMember.objects.filter(organisation=keep).values_list("user", "role"))
    assert roles == {owner.user_id: "owner", stranger.user_id: "viewer"}
    sent.refresh_from_db()
    assert not sent.is_open
    keep.refresh_from_db()
    assert keep.website == ""


def test_who_comes_where_nobody_rules_is_told(keep, other, by):
    TeamMemberFactory(organisation=other, role="owner", user__email="s@example.org")
    done = merging.preview(keep=keep, duplicate=other, by=by)
    assert any("s@example.org" in warning and "owner" in warning for warning in done.warnings)


def test_two_requests_of_one_person(keep, other, by):
    user = UserFactory()
    first = AccessRequestFactory(organisation=keep, user=user, message="Mine.")
    second = AccessRequestFactory(organisation=other, user=user, message="Mine too.")
    merging.merge(keep=keep, duplicate=other, by=by)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, first.message) == ("pending", "Mine.\n\nMine too.")
    assert (second.status, second.organisation) == ("withdrawn", keep)


def test_sectors_regions_and_memberships_are_named_once(keep, by):
    other = OrganisationFactory(slug="other")
    group, region, concept = cluster(), RegionFactory(), ConceptFactory()
    for organisation, since in ((keep, 2015), (other, 2012)):
        ClusterMembershipFactory(cluster=group, member=organisation, since=since)
        organisation.wanted_regions.add(region)
        SectorFactory(organisation=organisation, concept=concept)
    merging.merge(keep=keep, duplicate=other, by=by)
    assert ClusterMembership.objects.get().since == 2012
    assert list(keep.wanted_regions.all()) == [region]
    assert Sector.objects.get().organisation == keep


def test_a_cluster_does_not_become_its_own_member(by):
    keep, other = cluster(slug="keep"), cluster(slug="other")
    ClusterMembershipFactory(cluster=keep, member=other)
    ClusterMembershipFactory(cluster=other, member=keep)
    ClusterInvitationFactory(cluster=other, member=keep)
    merging.merge(keep=keep, duplicate=other, by=by)
    assert not ClusterMembership.objects.exists()
    assert not ClusterInvitation.objects.exists()
    assert len(FormerAddress.objects.get().was["dropped"]) == 3


def test_the_later_choice_about_a_partner_holds(keep, other, by):
    partner, region = OrganisationFactory(), RegionFactory()
    saved = FeedbackFactory(organisation=keep, other=partner)
    dismissed = FeedbackFactory(organisation=other, other=partner, kind="dismissed", reason="known")
    received = [FeedbackFactory(organisation=partner, other=each) for each in (keep, other)]
    FeedbackFactory(organisation=keep, other=other)
    for organisation in (keep, other):
        ExclusionFactory(organisation=organisation, region=region)
        ExclusionFactory(organisation=organisation, region=None, kind="ngo")
    merging.merge(keep=keep, duplicate=other, by=by)
    assert set(Feedback.objects.active()) == {dismissed, received[1]}
    assert set(Feedback.objects.values_list("pk", flat=True)) == {
        saved.pk,
        dismissed.pk,
        *(row.pk for row in received),
    }
    assert Exclusion.objects.active().count() == 2
    assert Exclusion.objects.count() == 4


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
    assert "the profile of Other was merged into that of Keep" in body
    assert "What your profile stated is kept" in body
    assert "In the team of Keep you are: viewer. It has an owner already" in body
    assert "https://regions.example/keep/" in body
    assert by.email not in body
    assert "It has an owner already" not in mails["viewer@example.org"].body


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
