"""What points to either of two organisations follows to the one that is kept."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db.models import UniqueConstraint
from django.utils import timezone

from initiatives.models import Participation, StatementEvidence
from matching.models import Exclusion, Feedback, SuggestionList
from organisations import merging
from organisations.merging.moving import relations
from organisations.merging.rules import RULES
from organisations.models import (
    ClusterInvitation,
    ClusterMembership,
    FormerAddress,
    Logo,
    Organisation,
    Sector,
    Statement,
    TeamMember,
    WebsiteCheck,
)
from tests.factories import (
    AccessRequestFactory,
    ClusterInvitationFactory,
    ClusterMembershipFactory,
    ConceptFactory,
    ExclusionFactory,
    FeedbackFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    SectorFactory,
    StatementEvidenceFactory,
    StatementFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.organisations.merging.makers import MAKERS, RELATIONS, cluster, one_of_each


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
