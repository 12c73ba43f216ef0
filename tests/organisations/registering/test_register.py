"""Search first: what is found, what is not named, and what can be done."""

import pytest
from django.urls import reverse

from organisations import claims
from organisations.models import Organisation, TeamMember
from tests.factories import OrganisationFactory, TeamMemberFactory, UserFactory

REGISTER = "/organisations/register/"


@pytest.fixture
def institute(unclaimed):
    Organisation.objects.filter(pk=unclaimed.pk).update(pic="900000001", vat_number="PL1234567890")
    return unclaimed


def text(answer):
    return " ".join(answer.content.decode().split())


def test_it_needs_a_log_in(anonymous):
    answer = anonymous.get(REGISTER)
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={REGISTER}"


def test_it_only_reads(stranger):
    assert stranger.post(REGISTER).status_code == 405
    assert stranger.get(REGISTER).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "krakow hydrogen",
        "900000001",
        "900 000 001",
        "pl 123 456 78 90",
        "www.institute.example.org",
        "https://institute.example.org/other",
        "Krakow Instytut of Hydrogen",
    ],
)
def test_a_public_organisation_is_found_by_whatever_tells_it(stranger, institute, typed):
    answer = stranger.get(REGISTER, {"q": typed})
    assert [row.slug for row in answer.context["found"].rows] == ["krakow-institute"]
    assert "/organisations/krakow-institute/claim/" in text(answer)
    assert "Register it" in text(answer)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("900000001", "with this PIC is being registered"),
        ("PL1234567890", "with this VAT number is being registered"),
        ("institute.example.org", "with this website is being registered"),
        ("Kraków Institute of Hydrogen", ""),
        ("krakow-institute", ""),
    ],
)
@pytest.mark.parametrize("status", ["draft", "pending", "held", "rejected"])
def test_one_that_is_not_public_is_known_by_an_identifier_alone(
    stranger, institute, typed, words, status
):
    Organisation.objects.filter(pk=institute.pk).update(status=status)
    answer = stranger.get(REGISTER, {"q": typed})
    assert answer.context["found"].rows == []
    assert institute.name not in text(answer).replace(f'value="{institute.name}"', "")
    assert institute.slug not in text(answer).replace(f'value="{typed}"', "").replace(
        f"?q={typed}", ""
    )
    assert (len(answer.context["found"].unlisted) == 1) is bool(words)
    if words:
        assert words in text(answer)


def test_an_archived_or_invented_one_is_not_found(stranger, institute):
    Organisation.objects.filter(pk=institute.pk).update(status="archived")
    OrganisationFactory(name="Invented Hydrogen", is_illustrative=True)
    for typed in ("Hydrogen", "900000001"):
        found = stranger.get(REGISTER, {"q": typed}).context["found"]
        assert not found.rows
        assert not found.unlisted


def test_each_says_what_can_be_done(stranger, institute):
    named = {
        role: OrganisationFactory(name=f"Hydrogen {role}", slug=role)
        for role in ("owned", "own", "asked")
    }
    TeamMemberFactory(organisation=named["owned"], user=UserFactory(), role=TeamMember.Role.OWNER)
    TeamMemberFactory(organisation=named["own"], user=stranger.user, role=TeamMember.Role.VIEWER)
    claims.ask(organisation=named["asked"], by=stranger.user)
    page = text(stranger.get(REGISTER, {"q": "hydrogen"})).partition("<main")[2]
    for slug, words in (
        ("krakow-institute", "Claim<"),
        ("owned", "Ask to join<"),
        ("asked", "Your request waits for an answer."),
        ("own", "You are in its team."),
    ):
        item = page.partition(f'href="/organisations/{slug}/"')[2].partition("</li>")[0]
        assert words in item


def test_what_was_typed_is_carried_on(stranger):
    page = text(stranger.get(REGISTER, {"q": "Łódź & Co <b>"}))
    assert "/organisations/register/new/?q=%C5%81%C3%B3d%C5%BA%20%26%20Co%20%3Cb%3E" in page
    assert "<b>" not in page.replace("<b>/", "")
    assert "No organisation is called this" in page


@pytest.mark.parametrize("typed", ["x", "y" * 201])
def test_a_search_that_is_none_says_so(stranger, typed):
    answer = stranger.get(REGISTER, {"q": typed})
    assert answer.status_code == 400
    assert answer.context["found"] is None


@pytest.mark.parametrize(
    "typed", ["'; DROP TABLE", "%%%", "\\\\", "[[[", "=cmd|' /C calc'!A0", "😀😀"]
)
def test_odd_text_is_searched_for_as_any_other(stranger, institute, typed):
    assert stranger.get(REGISTER, {"q": typed}).status_code == 200


def test_as_many_queries_for_many_as_for_one(stranger, institute, connection_queries):
    before = connection_queries(stranger, REGISTER, q="hydrogen")
    region = institute.home_region
    for number in range(15):
        OrganisationFactory(name=f"Hydrogen {number}", home_region=region)
    assert connection_queries(stranger, REGISTER, q="hydrogen") <= before <= 20
    assert connection_queries(stranger, REGISTER, q="hydrogen") <= 10


def test_requests_that_wait_are_listed_and_withdrawn(stranger, institute):
    hidden = OrganisationFactory(name="Hidden", status="draft")
    asked = [claims.ask(organisation=one, by=stranger.user) for one in (institute, hidden)]
    page = text(stranger.get(REGISTER))
    assert institute.name in page
    assert "Hidden" not in page
    for one in asked:
        for _turn in range(2):
            answer = stranger.post(reverse("organisations:withdraw-request", args=[one.pk]))
            assert answer["Location"] == REGISTER
        one.refresh_from_db()
        assert one.status == "withdrawn"


def test_only_ones_own_requests_are_withdrawn(stranger, viewer, anonymous, institute):
    asked = claims.ask(organisation=institute, by=stranger.user)
    address = reverse("organisations:withdraw-request", args=[asked.pk])
    assert viewer.post(address).status_code == 404
    assert anonymous.post(address).status_code == 302
    assert stranger.get(address).status_code == 405
    asked.refresh_from_db()
    assert asked.status == "pending"


def shown(answer):
    return [row.slug for row in answer.context["found"].rows]


def test_all_that_are_found_can_be_reached(stranger, connection_queries):
    for number in range(45):
        OrganisationFactory(name=f"Hydrogen {number:02}", slug=f"h-{number:02}")
    pages = [stranger.get(REGISTER, {"q": "hydrogen", "page": n}) for n in (1, 2, 3)]
    assert "45 organisations may be meant." in text(pages[0])
    assert "Shown are 21 to 40" in text(pages[1])
    assert [slug for page in pages for slug in shown(page)] == [f"h-{n:02}" for n in range(45)]
    assert "?q=hydrogen&amp;page=3" in text(pages[1])
    assert 'rel="next"' not in text(pages[2])
    assert shown(stranger.get(REGISTER, {"q": "hydrogen", "page": "x"})) == shown(pages[0])
    assert shown(stranger.get(REGISTER, {"q": "hydrogen", "page": "99"})) == shown(pages[2])
    assert connection_queries(stranger, REGISTER, q="hydrogen", page=2) <= 10


def test_one_with_the_identifier_is_first_and_only_once(stranger):
    for number in range(25):
        OrganisationFactory(
            name=f"Works {number:02}",
            slug=f"w-{number:02}",
            website="https://works.example.org" if number == 24 else "",
        )
    pages = [stranger.get(REGISTER, {"q": "works.example.org", "page": n}) for n in (1, 2)]
    slugs = [slug for page in pages for slug in shown(page)]
    assert slugs == ["w-24", *(f"w-{n:02}" for n in range(24))]


def test_few_are_counted_and_not_paged(stranger, institute):
    page = text(stranger.get(REGISTER, {"q": "krakow hydrogen"}))
    assert "1 organisation may be meant." in page
    assert "Shown are" not in page


def test_where_nothing_is_found_the_language_of_the_country_is_advised(stranger):
    page = text(stranger.get(REGISTER, {"q": "Nobody of Nowhere"}))
    assert "Try the name in the language of its country" in page
