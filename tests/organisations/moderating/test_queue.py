from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organisations.models import AccessRequest, Organisation, TeamMember
from tests.conftest import signed_in
from tests.factories import (
    AccessRequestFactory,
    OrganisationFactory,
    RegionRoleFactory,
    ReviewFactory,
    TeamMemberFactory,
    UserFactory,
)

QUEUE = "/moderation/"
BUDGET = 15


def waiting(days, **fields):
    submitted = timezone.now() - timedelta(days=days)
    return OrganisationFactory(status="pending", submitted_at=submitted, **fields)


@pytest.fixture
def regional(db):
    return signed_in(RegionRoleFactory(user__email="regional@example.org").user)


def shown(client, **parameters):
    answer = client.get(QUEUE, parameters)
    assert answer.status_code == 200
    return [row.name for row in answer.context["page_obj"]]


def test_anonymous_readers_log_in_first(anonymous):
    answer = anonymous.get(QUEUE)
    assert answer.status_code == 302
    assert "next=/moderation/" in answer["Location"]


@pytest.mark.parametrize("persona", ["stranger", "viewer", "editor"])
def test_others_are_refused(request, persona):
    assert request.getfixturevalue(persona).get(QUEUE).status_code == 403


def test_the_longest_waiting_first_and_nothing_else(administrator):
    waiting(1, name="Young")
    waiting(9, name="Old")
    OrganisationFactory(status="pending", name="Undated")
    for status in ("draft", "verified", "held", "rejected", "archived"):
        OrganisationFactory(status=status)
    assert shown(administrator) == ["Old", "Young", "Undated"]


def test_regional_moderators_see_their_regions(regional):
    region = regional.user.region_roles.get().region
    waiting(1, name="Ours", home_region=region)
    waiting(2, name="Theirs")
    OrganisationFactory(status="held", home_region=region)
    OrganisationFactory(status="held")
    assert shown(regional) == ["Ours"]
    page = regional.get(QUEUE)
    assert page.context["counts"] == {"pending": 1, "held": 1, "rejected": 0}
    assert list(page.context["filter_form"].fields["region"].queryset) == [region]


def test_filters(administrator):
    old = waiting(9, name="Old", kind="cluster")
    waiting(1, name="Young", kind="sme", city="Lyon")
    OrganisationFactory(status="held", name="Held")
    OrganisationFactory(status="rejected", name="Rejected")
    assert shown(administrator, waiting="long") == ["Old"]
    assert shown(administrator, kind="sme") == ["Young"]
    assert shown(administrator, region=old.home_region.slug) == ["Old"]
    assert shown(administrator, status="held") == ["Held"]
    assert shown(administrator, status="rejected") == ["Rejected"]
    assert shown(administrator, q="lyon") == ["Young"]


@pytest.mark.parametrize(
    "query", [{"status": "verified"}, {"kind": "x"}, {"region": "nowhere"}, {"waiting": "short"}]
)
def test_a_malformed_filter_is_a_400(administrator, query):
    answer = administrator.get(QUEUE, query)
    assert answer.status_code == 400
    assert b"could not be understood" in answer.content


def test_nothing_waits(administrator):
    page = administrator.get(QUEUE).content.decode()
    assert "Nothing waits here" in page
    assert "No claim waits" in page


def test_ones_own_profiles_are_marked(administrator):
    organisation = waiting(1)
    TeamMemberFactory(organisation=organisation, user=administrator.user)
    assert "for somebody else" in administrator.get(QUEUE).content.decode()


def test_pages(administrator):
    for _row in range(26):
        waiting(1)
    assert len(shown(administrator)) == 25
    assert len(shown(administrator, page=2)) == 1
    assert administrator.get(QUEUE, {"page": 3}).status_code == 404


@pytest.mark.parametrize("persona", ["administrator", "regional"])
def test_few_and_many_cost_the_same(request, persona, connection_queries):
    client = request.getfixturevalue(persona)
    role = client.user.region_roles.first()
    place = {"home_region": role.region} if role else {}

    def row():
        organisation = waiting(1, **place)
        ReviewFactory(organisation=organisation)
        AccessRequestFactory(organisation=OrganisationFactory(**place))

    row()
    few = connection_queries(client, QUEUE)
    for _more in range(30):
        row()
    assert connection_queries(client, QUEUE) <= few + 1 <= BUDGET


def test_the_queue_reads_its_own_index(administrator):
    OrganisationFactory.create_batch(20)
    waiting(3)
    with CaptureQueriesContext(connection) as seen:
        administrator.get(QUEUE)
    (page,) = [
        each["sql"] for each in seen if "LIMIT" in each["sql"] and "review_count" in each["sql"]
    ]
    with connection.cursor() as cursor:
        # so few rows are sorted as well as read in order: the plan shows whether they could be
        for other in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute(f"EXPLAIN {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "organisation_queue" in plan


def test_a_claim_is_granted(regional):
    region = regional.user.region_roles.get().region
    claim = AccessRequestFactory(organisation__home_region=region, message="I am the <director>.")
    page = regional.get(QUEUE).content.decode()
    assert "I am the &lt;director&gt;." in page
    answer = regional.post(f"{QUEUE}claims/{claim.pk}/", {"decision": "grant"})
    assert answer.status_code == 302
    member = TeamMember.objects.get(organisation=claim.organisation)
    assert (member.user, member.role) == (claim.user, "owner")
    claim.refresh_from_db()
    assert claim.status == AccessRequest.Status.GRANTED


def test_a_claim_is_refused_with_words_only(administrator):
    claim = AccessRequestFactory()
    address = f"{QUEUE}claims/{claim.pk}/"
    assert administrator.post(address, {"decision": "refuse"}).status_code == 400
    assert administrator.post(address, {"decision": "maybe"}).status_code == 400
    claim.refresh_from_db()
    assert claim.status == "pending"
    administrator.post(address, {"decision": "refuse", "answer": "Write from your office."})
    claim.refresh_from_db()
    assert (claim.status, claim.answer) == ("refused", "Write from your office.")
    again = administrator.post(address, {"decision": "grant"}, follow=True)
    assert again.status_code == 200
    assert not TeamMember.objects.exists()


def test_claims_elsewhere_do_not_exist(regional):
    claim = AccessRequestFactory()
    assert claim.organisation.name not in regional.get(QUEUE).content.decode()
    assert regional.post(f"{QUEUE}claims/{claim.pk}/", {"decision": "grant"}).status_code == 404


def test_ones_own_claim_is_for_somebody_else(administrator):
    claim = AccessRequestFactory(user=administrator.user)
    assert not administrator.get(QUEUE).context["claims"]
    answer = administrator.post(f"{QUEUE}claims/{claim.pk}/", {"decision": "grant"})
    assert answer.status_code in {302, 403, 404}
    assert not TeamMember.objects.exists()


def test_wishes_to_join_are_the_owners_affair(administrator):
    wish = AccessRequestFactory(kind="join")
    TeamMemberFactory(organisation=wish.organisation, role="owner")
    assert not administrator.get(QUEUE).context["claims"]
    answer = administrator.post(f"{QUEUE}claims/{wish.pk}/", {"decision": "grant"})
    assert answer.status_code == 404


def test_a_wish_to_join_a_team_without_an_owner_is_the_moderators(administrator):
    wish = AccessRequestFactory(kind="join")
    assert list(administrator.get(QUEUE).context["claims"]) == [wish]
    administrator.post(f"{QUEUE}claims/{wish.pk}/", {"decision": "grant"})
    assert TeamMember.objects.get().role == "editor"


def test_claims_are_answered_by_post_and_by_moderators(anonymous, stranger, administrator):
    address = f"{QUEUE}claims/{AccessRequestFactory().pk}/"
    assert administrator.get(address).status_code == 405
    assert stranger.post(address, {"decision": "grant"}).status_code == 403
    assert anonymous.post(address, {"decision": "grant"}).status_code == 302
    assert not TeamMember.objects.exists()


def test_who_waits_with_a_claim_is_no_moderator(stranger):
    AccessRequestFactory(user=stranger.user)
    assert stranger.get(QUEUE).status_code == 403
    assert not Organisation.objects.moderated_by(UserFactory()).exists()
