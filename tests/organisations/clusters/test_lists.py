"""Many members from a file: previewed row by row, then stored as previewed or not at all."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations import membership_rules
from organisations.clusters import planning
from organisations.clusters.lists import CappedUpload
from organisations.clusters.reading import Line
from organisations.memberships import BY_CLUSTER
from organisations.models import ClusterInvitation, ClusterMembership, Organisation, TeamMember
from tests.conftest import signed_in
from tests.factories import ClusterMembershipFactory, CountryFactory, OrganisationFactory
from tests.organisations.clusters.conftest import link, with_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cluster, owner):
    """One organisation for each way of being found."""
    return {
        "asked": with_team(OrganisationFactory(name="Łódź Lab"))[0],
        "recorded": OrganisationFactory(name="Maker", pic="123456789"),
        "sited": OrganisationFactory(name="Sited", website="https://www.sited.example.org/en"),
        "member": ClusterMembershipFactory(
            cluster=cluster, member=OrganisationFactory(name="Member")
        ).member,
    }


LIST = """name;pic;website;email;since
lodz lab;;;;2019
Whatever;123456789;;;
;;sited.example.org;;2020
MEMBER;;;;
New one;;;new@example.org;
Łódź LAB;;;;
Again;;;new@example.org;
"""


def address(name="members-file", slug="hydrogen-cluster"):
    return reverse(f"organisations:{name}", args=[slug])


def choose(client, content, **more):
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = "members.csv"
    return client.post(address(), {"file": file, **more})


def packed(response):
    return re.search(r'name="list" value="([^"]+)"', response.content.decode())[1]


def outcomes(rows):
    return [(row.line.number, row.outcome.value) for row in rows]


def test_the_preview_says_row_by_row_what_happens_and_stores_nothing(client_of_owner, world):
    response = choose(client_of_owner, LIST)
    assert response.status_code == 200
    assert outcomes(response.context["rows"]) == [
        (2, "ask"),
        (3, "record"),
        (4, "record"),
        (5, "member"),
        (6, "invite"),
        (7, "same"),
        (8, "same"),
    ]
    assert "the same as line 2" in response.content.decode()
    assert ClusterMembership.objects.count() == 1
    assert not ClusterInvitation.objects.exists()


def test_what_was_previewed_happens_once(client_of_owner, world, cluster, sent, owner):
    list_ = packed(choose(client_of_owner, LIST))
    messages = sent(lambda: client_of_owner.post(address("members-confirm"), {"list": list_}))
    assert sent.result.url == address("members")
    by_slug = dict(cluster.memberships.values_list("member__name", "source__slug"))
    assert by_slug["Maker"] == by_slug["Sited"] == BY_CLUSTER
    assert cluster.memberships.get(member=world["sited"]).since == 2020
    recorded = ClusterMembership.history.filter(member=world["recorded"]).get()
    assert recorded.history_user == owner
    asked = world["asked"].team.get().user.email
    assert sorted(message.to[0] for message in messages) == sorted([asked, "new@example.org"])
    again = client_of_owner.post(address("members-confirm"), {"list": list_})
    assert again.status_code == 409
    assert {row.outcome.value for row in again.context["rows"]} <= {"member", "waiting", "same"}
    assert "nothing to do" in again.content.decode()
    assert ClusterMembership.objects.count() == 3
    assert ClusterInvitation.objects.count() == 2


def test_where_the_world_changed_nothing_is_stored_and_the_new_preview_shown(
    client_of_owner, world
):
    list_ = packed(choose(client_of_owner, LIST))
    with_team(world["recorded"])
    response = client_of_owner.post(address("members-confirm"), {"list": list_})
    assert response.status_code == 409
    assert (3, "ask") in outcomes(response.context["rows"])
    assert ClusterMembership.objects.count() == 1
    assert not ClusterInvitation.objects.exists()
    confirmed = client_of_owner.post(address("members-confirm"), {"list": packed(response)})
    assert confirmed.status_code == 302


def test_one_faulty_row_keeps_the_whole_list_out(client_of_owner, world):
    response = choose(client_of_owner, LIST + "=cmd|x;;;;\nNobody knows;;;;\n")
    assert response.status_code == 400
    text = response.content.decode()
    assert [fault.number for fault in response.context["faults"]] == [9, 10]
    assert "formula" in text
    assert "Not found among the public profiles" in text
    assert 'name="list"' not in text


def test_ten_thousand_bad_rows_show_a_hundred_and_their_number(client_of_owner, cluster):
    response = choose(client_of_owner, "name,pic\n" + "x,1\n" * 10_000)
    assert response.status_code == 400
    assert len(response.context["faults"]) == 100
    assert response.context["fault_count"] == 10_000
    assert "at most 2000" in response.content.decode().replace("2,000", "2000")


def test_fifty_megabytes_are_refused_without_being_kept(client_of_owner, cluster, monkeypatch):
    kept = []
    receive = CappedUpload.receive_data_chunk

    def watched(handler, raw_data, start):
        try:
            receive(handler, raw_data, start)
        finally:
            kept.append(len(handler._kept.getvalue()))

    monkeypatch.setattr(CappedUpload, "receive_data_chunk", watched)
    response = choose(client_of_owner, b"name\n" + b"x" * 50_000_000)
    assert response.status_code == 400
    assert "larger than 2 MB" in response.content.decode()
    assert max(kept) <= 2 * 1024 * 1024


@pytest.mark.parametrize(
    ("content", "message"),
    [("name\nŁódź".encode("cp1250"), "Windows-1250"), (b"", "empty"), (b"fax\n1\n", "fax")],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    client_of_owner, cluster, content, message
):
    response = choose(client_of_owner, content)
    assert response.status_code == 400
    assert message in response.content.decode()


def test_a_form_without_a_file_is_refused(client_of_owner, cluster):
    assert client_of_owner.post(address()).status_code == 400


def test_the_forms_token_is_asked_for(cluster, owner):
    client = signed_in(owner)
    client.handler.enforce_csrf_checks = True
    assert choose(client, LIST).status_code == 403


def test_a_preview_is_bound_to_its_user_and_cluster(client_of_owner, cluster, world, owner):
    list_ = packed(choose(client_of_owner, LIST))
    colleague = signed_in(with_team(cluster, TeamMember.Role.EDITOR)[1])
    other = with_team(OrganisationFactory(slug="other", kind=Organisation.Kind.CLUSTER))[0]
    other.team.create(user=owner, role=TeamMember.Role.OWNER)
    for client, slug in ((colleague, cluster.slug), (client_of_owner, other.slug)):
        response = client.post(address("members-confirm", slug), {"list": list_})
        assert response.url == address(slug=slug)
    changed = client_of_owner.post(address("members-confirm"), {"list": list_[:-1] + "x"})
    assert changed.url == address()
    assert ClusterMembership.objects.count() == 1


def test_unpublished_and_invented_profiles_are_not_found(cluster, owner):
    OrganisationFactory(name="Secret", status=Organisation.Status.DRAFT)
    OrganisationFactory(name="Invented", is_illustrative=True)
    lines = [Line(2, name="Secret"), Line(3, name="Invented")]
    rows = planning.plan(cluster=cluster, lines=lines, by=owner)
    assert outcomes(rows) == [(2, "error"), (3, "error")]


def test_two_of_one_name_need_a_country_or_a_pic(cluster, owner):
    OrganisationFactory(name="Twin")
    french = OrganisationFactory(name="Twin", country=CountryFactory(code="FR"))
    lines = [Line(2, name="Twin"), Line(3, name="Twin", country="FR")]
    ambiguous, found = planning.plan(cluster=cluster, lines=lines, by=owner)
    assert ambiguous.outcome == planning.Outcome.ERROR
    assert "2 organisations" in ambiguous.note
    assert found.organisation == french


def test_another_pic_is_another_organisation(cluster, owner):
    OrganisationFactory(name="Maker", pic="123456789")
    lines = [Line(2, name="Maker", pic="987654321")]
    assert outcomes(planning.plan(cluster=cluster, lines=lines, by=owner)) == [(2, "error")]


def test_a_list_of_any_length_takes_the_same_queries(cluster, owner):
    names = [OrganisationFactory(name=f"Maker {n}").name for n in range(20)]

    def count(number):
        lines = [Line(n, name=name) for n, name in enumerate(names[:number], 2)]
        with CaptureQueriesContext(connection) as queries:
            rows = planning.plan(cluster=cluster, lines=lines, by=owner)
        assert {row.outcome.value for row in rows} == {"record"}
        return len(queries)

    count(1)  # what the user may do is asked once
    assert count(1) == count(20) <= 12


def test_more_invitations_than_may_wait_are_refused_as_a_whole(
    client_of_owner, world, monkeypatch, cluster, owner
):
    monkeypatch.setattr(membership_rules, "MOST_OPEN", 1)
    response = choose(client_of_owner, LIST)
    assert response.status_code == 400
    assert 'name="list"' not in response.content.decode()
    lines = [Line(2, email="a@example.org"), Line(3, email="b@example.org")]
    rows = planning.plan(cluster=cluster, lines=lines, by=owner)
    with pytest.raises(membership_rules.MembershipRefused):
        planning.carry_out(
            cluster=cluster,
            lines=lines,
            expected=planning.fingerprint(rows),
            by=owner,
            link=link,
            language="en",
        )
    assert not ClusterInvitation.objects.exists()


def test_the_empty_table_opens_as_utf_8_and_is_read_again(client_of_owner, cluster, world):
    response = client_of_owner.get(address("members-template"))
    assert response.content.startswith(b"\xef\xbb\xbfemail,name,pic")
    assert choose(client_of_owner, response.content + b",Maker,,,,\r\n").status_code == 200


@pytest.mark.parametrize("name", ["members-file", "members-template"])
def test_who_may_not_write_gets_no_further(
    name, anonymous, stranger, client_of_viewer, cluster, editor, organisation
):
    assert anonymous.get(address(name)).status_code == 302
    assert stranger.get(address(name)).status_code == 404
    assert client_of_viewer.get(address(name)).status_code == 403
    assert editor.get(address(name, organisation.slug)).status_code == 404


def test_a_short_name_is_found_after_the_full_ones(cluster, owner):
    agh = OrganisationFactory(name="Akademia Górniczo-Hutnicza", short_name="ÁGH")
    full = OrganisationFactory(name="CEA", short_name="")
    OrganisationFactory(name="Another", short_name="cea")
    for _again in range(2):
        OrganisationFactory(short_name="Twice")
    rows = planning.plan(
        cluster=cluster,
        lines=[
            Line(2, name="agh"),
            Line(3, name="CEA"),
            Line(4, name="Twice"),
            Line(5, name="Nil"),
        ],
        by=owner,
    )
    assert [row.organisation for row in rows] == [agh, full, None, None]
    assert [row.note for row in rows[:2]] == ["found by its short name", "found by its name"]
    assert "2 organisations fit this row." in rows[2].note


def test_errors_name_their_rows(client_of_owner, cluster):
    page = choose(client_of_owner, "name,pic\nŁódź Lab,12\nNobody knows,\n")
    assert page.status_code == 400
    assert [fault.called for fault in page.context["faults"]] == ["Łódź Lab", "Nobody knows"]
    text = page.content.decode()
    assert '<td data-label="In the file">Łódź Lab</td>' in text
    assert '<td data-label="In the file">Nobody knows</td>' in text
