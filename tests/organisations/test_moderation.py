import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from organisations import moderation
from organisations.models import Organisation, Review, ReviewAnswer
from tests.factories import (
    OrganisationFactory,
    RegionRoleFactory,
    ReviewAnswerFactory,
    ReviewFactory,
    TeamMemberFactory,
    UserFactory,
)
from tests.racing import at_once

Status, Step, Decision = Organisation.Status, Organisation.Step, Review.Decision
SERVICES = {
    Step.VERIFY: moderation.verify,
    Step.HOLD: moderation.hold,
    Step.REJECT: moderation.reject,
    Step.ARCHIVE: moderation.archive,
    Step.REOPEN: moderation.reopen,
}
LEADS_TO = {
    (Status.DRAFT, Step.VERIFY): Status.VERIFIED,
    (Status.PENDING, Step.VERIFY): Status.VERIFIED,
    (Status.HELD, Step.VERIFY): Status.VERIFIED,
    (Status.PENDING, Step.HOLD): Status.HELD,
    (Status.PENDING, Step.REJECT): Status.REJECTED,
    (Status.HELD, Step.REJECT): Status.REJECTED,
    (Status.DRAFT, Step.ARCHIVE): Status.ARCHIVED,
    (Status.PENDING, Step.ARCHIVE): Status.ARCHIVED,
    (Status.HELD, Step.ARCHIVE): Status.ARCHIVED,
    (Status.VERIFIED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.REJECTED, Step.ARCHIVE): Status.ARCHIVED,
    (Status.HELD, Step.REOPEN): Status.PENDING,
    (Status.REJECTED, Step.REOPEN): Status.PENDING,
    (Status.ARCHIVED, Step.REOPEN): Status.PENDING,
}
GOOD = {"innovation": 3, "clarity": 3, "expectations": 2, "guidelines": 2}
FAIR = {"innovation": 2, "clarity": 2, "expectations": 2, "guidelines": 2}


@pytest.fixture
def moderator(db):
    return UserFactory(administrator=True)


@pytest.fixture
def pending(db):
    return OrganisationFactory(status=Status.PENDING, slug="lab", name="Secret Lab")


def decide(organisation, by, decision=Decision.PUBLISH, scores=GOOD, **fields):
    return moderation.review(
        organisation=organisation, by=by, decision=decision, **scores, **fields
    )


def test_every_step_but_submitting_is_a_moderators():
    assert set(SERVICES) == set(Step) - {Step.SUBMIT}


@pytest.mark.django_db
@pytest.mark.parametrize("step", SERVICES)
@pytest.mark.parametrize("status", Status)
def test_every_step_from_every_status(status, step):
    organisation = OrganisationFactory(status=status)
    moderator = UserFactory(administrator=True)
    target = LEADS_TO.get((status, step))
    assert (step in organisation.steps) is (target is not None)

    if target is None:
        with pytest.raises(moderation.StepNotPossible, match=organisation.name):
            SERVICES[step](organisation=organisation, by=moderator, reason="So it is.")
        assert not LogEntry.objects.exists()
    else:
        taken = SERVICES[step](organisation=organisation, by=moderator, reason="So it is.")
        assert taken == organisation
        entry = LogEntry.objects.get()
        assert entry.user == moderator
        assert "So it is." in entry.get_change_message()
        change = organisation.history.first()
        assert (change.history_user, change.status) == (moderator, target)

    organisation.refresh_from_db()
    assert organisation.status == (target or status)


def test_only_moderators_take_steps(editor, organisation):
    with pytest.raises(PermissionDenied):
        moderation.archive(organisation=organisation, by=editor.user)
    organisation.refresh_from_db()
    assert organisation.status == Status.VERIFIED


@pytest.mark.parametrize("service", [moderation.hold, moderation.reject])
def test_holding_and_rejecting_need_a_reason(moderator, pending, service):
    with pytest.raises(moderation.ReasonNeeded):
        service(organisation=pending, by=moderator, reason="  ")
    pending.refresh_from_db()
    assert pending.status == Status.PENDING


@pytest.mark.django_db
def test_step_follows_what_is_stored_and_not_a_stale_copy():
    stale = OrganisationFactory(status=Status.PENDING)
    Organisation.objects.filter(pk=stale.pk).update(status=Status.ARCHIVED)
    with pytest.raises(moderation.StepNotPossible):
        moderation.verify(organisation=stale, by=UserFactory(administrator=True))


@pytest.mark.django_db
def test_history_keeps_what_is_stored_and_not_a_stale_copy(moderator):
    stale = OrganisationFactory(status=Status.PENDING, name="Before")
    Organisation.objects.filter(pk=stale.pk).update(name="After")
    moderation.verify(organisation=stale, by=moderator)
    assert stale.status == Status.VERIFIED
    assert Organisation.history.filter(id=stale.pk).first().name == "After"


def test_reopened_profiles_wait_from_now_on(moderator):
    organisation = OrganisationFactory(status=Status.REJECTED)
    moderation.reopen(organisation=organisation, by=moderator)
    organisation.refresh_from_db()
    assert organisation.submitted_at is not None


def test_regional_moderators_decide_for_their_regions_alone(pending):
    role = RegionRoleFactory(region=pending.home_region)
    elsewhere = OrganisationFactory(status=Status.PENDING)
    nowhere = OrganisationFactory(status=Status.PENDING, home_region=None)
    for other in (elsewhere, nowhere):
        with pytest.raises(PermissionDenied):
            moderation.verify(organisation=other, by=role.user)
    moderation.verify(organisation=pending, by=role.user)
    assert Organisation.objects.verified().get() == pending


def test_keeping_a_dossier_is_not_moderating(pending):
    role = RegionRoleFactory(region=pending.home_region, role="editor")
    with pytest.raises(PermissionDenied):
        moderation.verify(organisation=pending, by=role.user)


@pytest.mark.parametrize("role", ["owner", "editor", "viewer"])
def test_nobody_judges_a_profile_of_their_own_team(pending, role):
    judge = RegionRoleFactory(region=pending.home_region).user
    TeamMemberFactory(organisation=pending, user=judge, role=role)
    with pytest.raises(PermissionDenied, match="somebody else"):
        decide(pending, judge)
    pending.refresh_from_db()
    assert pending.status == Status.PENDING


def test_a_superuser_may_where_there_is_nobody_else(pending, moderator):
    TeamMemberFactory(organisation=pending, user=moderator, role="owner")
    decide(pending, moderator)
    assert LogEntry.objects.get().user == moderator


@pytest.mark.parametrize(
    ("scores", "proposed"),
    [
        ((5, 5, 5, 5), "publish"),
        ((3, 3, 2, 2), "publish"),
        ((3, 2, 2, 2), "hold"),
        ((2, 1, 1, 1), "hold"),
        ((1, 1, 1, 1), "reject"),
        ((5, 5, 5, 0), "hold"),
        ((0, 0, 0, 0), "hold"),
    ],
)
def test_what_scores_propose(scores, proposed):
    named = dict(zip(Review.CRITERIA, scores, strict=True))
    assert moderation.proposal(**named) == proposed


def test_publishing_needs_no_reason_where_the_scores_propose_it(pending, moderator):
    verdict = decide(pending, moderator)
    assert (verdict.total, verdict.by, verdict.decision) == (10, moderator, "publish")
    assert pending.status == Status.VERIFIED


@pytest.mark.parametrize(
    ("decision", "scores"),
    [("publish", FAIR), ("hold", FAIR), ("hold", GOOD), ("reject", GOOD), ("reject", FAIR)],
)
def test_deciding_otherwise_or_against_needs_a_reason(pending, moderator, decision, scores):
    with pytest.raises(moderation.ReasonNeeded):
        decide(pending, moderator, decision, scores)
    assert not Review.objects.exists()
    decide(pending, moderator, decision, scores, reason="Read it yourself.")
    assert Review.objects.get().reason == "Read it yourself."


@pytest.mark.parametrize("score", [6, -1])
def test_scores_are_from_0_to_5(pending, moderator, score):
    with pytest.raises(ValidationError):
        decide(pending, moderator, scores={**GOOD, "clarity": score}, reason="x")
    assert not Review.objects.exists()


def test_a_verdict_that_is_not_possible_leaves_nothing(moderator):
    archived = OrganisationFactory(status=Status.ARCHIVED)
    with pytest.raises(moderation.StepNotPossible):
        decide(archived, moderator)
    assert not Review.objects.exists()


def test_second_moderator_overwrites_nothing(pending, moderator):
    seen = moderation.state_of(pending, None)
    first = decide(pending, moderator, "hold", FAIR, reason="More, please.", seen=seen)
    with pytest.raises(moderation.DecidedMeanwhile) as refusal:
        decide(pending, UserFactory(administrator=True), seen=seen)
    assert refusal.value.review == first
    pending.refresh_from_db()
    assert pending.status == Status.HELD
    assert Review.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_the_same_moment():
    organisation = OrganisationFactory(status=Status.PENDING)
    seen = moderation.state_of(organisation, None)
    judges = UserFactory.create_batch(2, administrator=True)

    def judging(by, decision):
        its = Organisation.objects.get(pk=organisation.pk)
        return lambda: decide(its, by, decision, reason="x", seen=seen)

    outcomes = at_once(
        judging(judges[0], "hold"),
        judging(judges[1], "publish"),
        expected=[moderation.DecidedMeanwhile],
    )
    assert sum(isinstance(each, moderation.DecidedMeanwhile) for each in outcomes) == 1
    assert Review.objects.count() == 1


def test_the_team_is_told_in_its_language(
    pending, moderator, mailoutbox, django_capture_on_commit_callbacks
):
    owner = UserFactory(language="fr")
    TeamMemberFactory(organisation=pending, user=owner, role="owner")
    TeamMemberFactory(organisation=pending, role="editor", user__email="e@example.org")
    TeamMemberFactory(organisation=pending, role="viewer")
    TeamMemberFactory(organisation=pending, role="editor", user__is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        decide(pending, moderator, "hold", FAIR, reason="Say <more> & why.", page="https://x/r/")
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([owner.email, "e@example.org"])
    for mail in mailoutbox:
        assert "Secret" not in mail.subject
        assert "Say <more> & why." in mail.body
        assert "https://x/r/" in mail.body
        assert moderator.name not in mail.body


def test_a_member_answers_whoever_judged_last(
    pending, mailoutbox, django_capture_on_commit_callbacks
):
    judge = RegionRoleFactory(region=pending.home_region).user
    RegionRoleFactory(region=pending.home_region)
    ReviewFactory(organisation=pending, by=judge)
    member = TeamMemberFactory(organisation=pending, role="editor").user
    with django_capture_on_commit_callbacks(execute=True):
        written = moderation.answer(organisation=pending, by=member, text=" It is there now. ")
    assert (written.text, written.is_moderator) == ("It is there now.", False)
    assert [mail.to for mail in mailoutbox] == [[judge.email]]
    assert "Secret" not in mailoutbox[0].subject
    assert "Secret Lab" in mailoutbox[0].body
    assert "It is there now." not in mailoutbox[0].body


def test_an_answer_before_any_review_goes_to_the_region_or_to_the_global_moderators(
    pending, mailoutbox, django_capture_on_commit_callbacks
):
    everywhere = UserFactory(administrator=True)
    member = TeamMemberFactory(organisation=pending, role="owner").user
    with django_capture_on_commit_callbacks(execute=True):
        moderation.answer(organisation=pending, by=member, text="Is anybody there?")
    regional = RegionRoleFactory(region=pending.home_region).user
    with django_capture_on_commit_callbacks(execute=True):
        moderation.answer(organisation=pending, by=member, text="And now?")
    assert [mail.to[0] for mail in mailoutbox] == [everywhere.email, regional.email]


def test_a_moderator_writes_to_the_team(
    pending, moderator, mailoutbox, django_capture_on_commit_callbacks
):
    owner = TeamMemberFactory(organisation=pending, role="owner").user
    with django_capture_on_commit_callbacks(execute=True):
        written = moderation.answer(organisation=pending, by=moderator, text="Which place?")
    assert written.is_moderator
    assert [mail.to for mail in mailoutbox] == [[owner.email]]


def test_viewers_and_strangers_do_not_answer(pending):
    viewer = TeamMemberFactory(organisation=pending, role="viewer").user
    for nobody in (viewer, UserFactory(), RegionRoleFactory().user):
        with pytest.raises(PermissionDenied):
            moderation.answer(organisation=pending, by=nobody, text="Hello")
    assert not ReviewAnswer.objects.exists()


def test_the_same_answer_twice_is_one(pending, moderator):
    for _again in range(2):
        moderation.answer(organisation=pending, by=moderator, text="Which place?")
    assert ReviewAnswer.objects.count() == 1


def test_answers_have_a_daily_limit(pending, moderator):
    for number in range(moderation.MOST_ANSWERS):
        ReviewAnswerFactory(organisation=pending, author=moderator, text=str(number))
    with pytest.raises(moderation.TooManyAnswers):
        moderation.answer(organisation=pending, by=moderator, text="One more")


def test_an_answer_says_something(pending, moderator):
    with pytest.raises(ValidationError):
        moderation.answer(organisation=pending, by=moderator, text="  ")


def test_the_reason_of_a_step_without_scores_stands_in_the_conversation(pending, moderator):
    moderation.reject(organisation=pending, by=moderator, reason="It is a copy.")
    said = ReviewAnswer.objects.get()
    assert (said.text, said.is_moderator, said.author) == ("It is a copy.", True, moderator)
