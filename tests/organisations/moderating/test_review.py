from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from organisations.models import Organisation, Review, ReviewAnswer, WebsiteCheck
from organisations.website_checks import TASK
from tests.conftest import signed_in
from tests.factories import (
    ClusterMembershipFactory,
    FormerAddressFactory,
    LogoFactory,
    OrganisationFactory,
    RegionFactory,
    RegionRoleFactory,
    ReviewAnswerFactory,
    ReviewFactory,
    SectorFactory,
    StatementEvidenceFactory,
    StatementFactory,
    TeamMemberFactory,
    WebsiteCheckFactory,
)
from tests.organisations.moderating.conftest import MEMBER, REVIEW, verdict

ANSWER = "/moderation/lab/answer/"
BUDGET = 30


def checks_of(page):
    return {
        check.label: check.met
        for check in [
            page.context["website_check"],
            page.context["email_check"],
            *page.context["cluster_criteria"],
        ]
    }


def test_anonymous_readers_log_in_first(anonymous, lab):
    for address in (REVIEW, MEMBER):
        answer = anonymous.get(address)
        assert answer.status_code == 302
        assert f"next={address}" in answer["Location"]


def test_to_strangers_it_does_not_exist(stranger, lab):
    elsewhere = signed_in(RegionRoleFactory().user)
    for client in (stranger, elsewhere):
        for address in (REVIEW, MEMBER):
            assert client.get(address).status_code == 404
        assert client.post(REVIEW, verdict(lab)).status_code == 404
        assert client.post(ANSWER, {"text": "x"}).status_code == 404
    assert not Review.objects.exists()


def test_whom_it_is_public_to_is_refused(stranger, lab):
    Organisation.objects.update(status="verified")
    for address in (REVIEW, MEMBER):
        assert stranger.get(address).status_code == 403


def test_the_team_does_not_see_the_moderators_page(owner, lab):
    assert owner.get(REVIEW).status_code == 403
    assert owner.post(REVIEW, verdict(lab)).status_code == 403


def test_the_profile_as_everyone_would_see_it(regional, lab):
    lab.description = "Stores <script>alert(1)</script>"
    lab.save()
    statement = StatementFactory(organisation=lab, text="Tanks of any size")
    page = regional.get(REVIEW).content.decode()
    assert "Tanks of any size" in page
    assert str(statement.concept) in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_publishing(regional, lab):
    answer = regional.post(REVIEW, verdict(lab), follow=True)
    assert answer.redirect_chain == [("/moderation/", 302)]
    assert "is now: verified" in answer.content.decode()
    lab.refresh_from_db()
    assert lab.status == "verified"
    assert Review.objects.get().by == regional.user


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"clarity": ""}, "clarity"),
        ({"clarity": "6"}, "clarity"),
        ({"decision": ""}, "decision"),
        ({"decision": "burn"}, "decision"),
        ({"decision": "hold"}, "reason"),
        ({"clarity": "0"}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "with \x00"}, "reason"),
    ],
)
def test_bad_input_is_told_by_its_field_and_kept(regional, lab, fields, field):
    answer = regional.post(REVIEW, verdict(lab, **fields))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Review.objects.exists()


def test_a_decision_that_the_status_does_not_allow(regional, lab):
    Organisation.objects.update(status="held")
    lab.refresh_from_db()
    answer = regional.post(REVIEW, verdict(lab, decision="hold", reason="Still."))
    assert answer.status_code == 400
    assert "decision" in answer.context["form"].errors


def test_the_second_moderator_sees_what_the_first_decided(regional, administrator, lab):
    form = verdict(lab)
    regional.post(REVIEW, verdict(lab, decision="hold", reason="Which tanks?"))
    answer = administrator.post(REVIEW, form)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "decided meanwhile by Mo Derator" in page
    assert "Which tanks?" in page
    lab.refresh_from_db()
    assert (lab.status, Review.objects.count()) == ("held", 1)


def test_the_second_moderator_with_errors_learns_it_too(regional, administrator, lab):
    form = verdict(lab, decision="hold", reason="")
    regional.post(REVIEW, verdict(lab))
    assert administrator.post(REVIEW, form).status_code == 409


def test_a_double_submit_does_no_harm(regional, lab):
    form = verdict(lab)
    for _again in range(2):
        answer = regional.post(REVIEW, form)
        assert answer.status_code == 302
    assert Review.objects.count() == 1


@pytest.mark.parametrize("status", ["draft", "verified", "archived", "rejected"])
def test_nothing_to_decide(regional, lab, status):
    Organisation.objects.update(status=status)
    page = regional.get(REVIEW).content.decode()
    assert "There is nothing to decide" in page
    assert 'name="innovation"' not in page


def test_ones_own_profile_is_for_somebody_else(regional, lab):
    TeamMemberFactory(organisation=lab, user=regional.user, role="viewer")
    page = regional.get(REVIEW).content.decode()
    assert "somebody else decides" in page
    assert 'name="innovation"' not in page
    assert regional.post(REVIEW, verdict(lab)).status_code == 403
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "url", "age", "met"),
    [
        ("answers", "https://www.lab.example.org/", 1, True),
        ("elsewhere", "https://www.lab.example.org/", 1, False),
        ("fails", "https://www.lab.example.org/", 1, False),
        ("answers", "https://www.lab.example.org/", 40, None),
        ("answers", "https://other.example.org/", 1, None),
    ],
)
def test_what_the_website_answered(regional, lab, outcome, url, age, met):
    checked = timezone.now() - timedelta(days=age)
    WebsiteCheckFactory(organisation=lab, outcome=outcome, url=url, checked_at=checked)
    assert regional.get(REVIEW).context["website_check"].met is met


def test_a_website_not_asked_yet(regional, lab):
    check = regional.get(REVIEW).context["website_check"]
    assert (check.met, check.text) == (None, "Not asked yet.")


@pytest.mark.parametrize(
    ("email", "met"),
    [
        ("a@lab.example.org", True),
        ("a@mail.lab.example.org", True),
        ("a@example.org", True),
        ("a@notlab.example.org", False),
        ("a@lab.example.org.evil.example", False),
    ],
)
def test_email_domains_of_the_team(regional, lab, email, met):
    TeamMemberFactory(organisation=lab, user__email=email)
    page = regional.get(REVIEW)
    assert page.context["email_check"].met is met
    assert email not in page.content.decode()


def test_possible_duplicates_and_rejected_ones(regional, lab):
    same = OrganisationFactory(name="Hydrogen Storage Läb", website="")
    site = OrganisationFactory(name="Quite another", website="http://lab.example.org/en/")
    gone = OrganisationFactory(
        name="Hydrogen storage lab 2", status="rejected", home_region=lab.home_region
    )
    OrganisationFactory(name="Bakery")
    page = regional.get(REVIEW)
    assert [each.organisation for each in page.context["near"]] == [same, site]
    assert [each.organisation for each in page.context["near_rejected"]] == [gone]


def test_criteria_of_clusters(regional, lab):
    Organisation.objects.filter(pk=lab.pk).update(kind="cluster")
    for kind in ["sme"] * 14:
        ClusterMembershipFactory(cluster=lab, member__kind=kind)
    few = checks_of(regional.get(REVIEW))
    assert few["At least 15 committed members"] is False
    assert few["At least 2 kinds of members"] is False
    assert few["Website in English"] is None
    ClusterMembershipFactory(cluster=lab, member__kind="university")
    many = checks_of(regional.get(REVIEW))
    assert many["At least 15 committed members"] is True
    assert many["At least 2 kinds of members"] is True


def test_history_of_reviews_answers_and_changes(regional, lab):
    ReviewFactory(organisation=lab, by=regional.user, reason="Which tanks?")
    ReviewAnswerFactory(organisation=lab, text="Round ones.")
    lab.name = "Another name"
    lab._history_user = regional.user
    lab.save()
    page = regional.get(REVIEW)
    text = page.content.decode()
    assert "Which tanks?" in text
    assert "Round ones." in text
    assert any(
        each.what == "changed: name" and each.who == "Mo Derator"
        for each in page.context["changes"]
    )


@pytest.mark.parametrize("status", ["pending", "verified"])
def test_a_full_profile_stays_within_the_budget(regional, lab, connection_queries, status):
    """A cluster with something of everything, published and changed since as well."""
    lab.kind, lab.status = "cluster", status
    lab._change_reason = "verify"
    lab.save()
    lab.website = "https://elsewhere.example.org/"
    lab.save()
    LogoFactory(organisation=lab)
    WebsiteCheckFactory(organisation=lab)
    former = OrganisationFactory(name="Another", status="verified")
    former.name = "Hydrogen Storage Lab"
    former.save()
    former.name = "Another"
    former.save()

    def more():
        StatementFactory(organisation=lab)
        StatementEvidenceFactory(
            statement=StatementFactory(organisation=lab, origin="demonstrated")
        )
        SectorFactory(organisation=lab)
        ClusterMembershipFactory(cluster=lab)
        TeamMemberFactory(organisation=lab)
        ReviewFactory(organisation=lab)
        ReviewAnswerFactory(organisation=lab)
        FormerAddressFactory(organisation=lab)
        lab.wanted_regions.add(RegionFactory())
        OrganisationFactory(name="Hydrogen storage lab")
        OrganisationFactory(name="Of one house", website="https://elsewhere.example.org/en/")
        lab.save()

    more()
    few = connection_queries(regional, REVIEW)
    for _again in range(12):
        more()
    assert connection_queries(regional, REVIEW) == few <= BUDGET


def test_languages_have_names_and_nothing_is_said_of_what_is_empty(regional, lab):
    lab.languages = ["pl", "zz"]
    lab.save()
    lab.save()
    page = regional.get(REVIEW)
    text = page.content.decode()
    assert "<dd>Polish, zz</dd>" in text
    assert "changed: –" not in text
    assert [each.what for each in page.context["changes"]] == [
        "changed: working languages",
        "added",
    ]


def test_the_website_is_asked_again_within_limits(regional, lab, waiting_jobs):
    WebsiteCheckFactory(organisation=lab, url=lab.website, checked_at=timezone.now())
    address = f"{REVIEW}website/"
    assert f'action="{address}"' in regional.get(REVIEW).content.decode()
    assert regional.get(address).status_code == 405
    answer = regional.post(address, follow=True)
    assert "it is not asked again yet" in answer.content.decode()
    assert not waiting_jobs()
    WebsiteCheck.objects.update(checked_at=timezone.now() - timedelta(minutes=11))
    for _again in range(2):
        answer = regional.post(address, follow=True)
        assert "The website is asked now." in answer.content.decode()
    assert waiting_jobs() == 1
    Organisation.objects.filter(pk=lab.pk).update(website="")
    assert f'action="{address}"' not in regional.get(REVIEW).content.decode()
    assert "There is no website" in regional.post(address, follow=True).content.decode()


@pytest.fixture
def waiting_jobs(db):
    return lambda: ProcrastinateJob.objects.filter(task_name=TASK, status="todo").count()


def test_a_moderator_writes_to_the_team(regional, lab):
    answer = regional.post(ANSWER, {"text": "Which tanks?"})
    assert answer["Location"] == f"{REVIEW}#thread"
    assert ReviewAnswer.objects.get().is_moderator
    assert regional.post(ANSWER, {"text": " "}).status_code == 400
    assert regional.get(ANSWER).status_code == 405
