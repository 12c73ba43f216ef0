"""Registering: one draft per form, near-duplicates first, an address of its own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver
from procrastinate.contrib.django.models import ProcrastinateJob

from organisations import registration
from organisations.models import FormerAddress, Organisation, TeamMember
from organisations.refusals import NotPossible
from organisations.registration import NearDuplicates, free_slug, register
from tests.factories import CountryFactory, OrganisationFactory, UserFactory
from tests.racing import at_once


@pytest.fixture
def fields(db):
    return {
        "by": UserFactory(),
        "token": "t" * 32,
        "name": "Łódź Hydrogen Works",
        "kind": "company",
        "country": CountryFactory(),
        "city": "Łódź",
        "website": "https://works.example.org",
    }


def test_it_makes_a_draft_whose_owner_one_is(fields):
    made = register(**fields, pic="900000009", vat_number="PL1234567890", short_name="ŁHW")
    assert (made.status, made.slug) == ("draft", "lodz-hydrogen-works")
    assert (made.pic, made.vat_number, made.short_name) == ("900000009", "PL1234567890", "ŁHW")
    member = TeamMember.objects.get()
    assert (member.user, member.role) == (fields["by"], "owner")
    assert made.history.count() == 1
    (job,) = ProcrastinateJob.objects.filter(args={"organisation": made.pk})
    assert job.task_name == "organisations.check_website"


def test_a_form_sent_twice_makes_one(fields):
    assert register(**fields) == register(**fields)
    assert Organisation.objects.count() == 1
    with pytest.raises(NearDuplicates):
        register(**{**fields, "token": "u" * 32})
    other = register(**{**fields, "by": UserFactory(), "website": ""})
    assert other.slug == "lodz-hydrogen-works-2"


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one(fields):
    fields["website"] = ""  # the queue is not emptied after the test
    first, second = at_once(*[lambda: register(**fields)] * 2)
    assert first == second
    assert TeamMember.objects.count() == 1


def test_who_is_near_is_shown_until_each_was_seen(fields):
    first = OrganisationFactory(name="Lodz Hydrogen Works", city="Łódź")
    with pytest.raises(NearDuplicates) as error:
        register(**fields)
    (shown,) = error.value.found
    assert shown.organisation == first
    OrganisationFactory(name="Łódź Hydrogen Work")
    with pytest.raises(NearDuplicates) as error:
        register(**fields, seen={shown.mark})
    assert len(error.value.found) == 2
    assert register(**fields, seen={one.mark for one in error.value.found}).status == "draft"


def test_a_pic_is_given_once(fields):
    OrganisationFactory(name="Else", pic="900000009")
    with pytest.raises(NearDuplicates) as error:
        register(**fields, pic="900000009")
    with pytest.raises(NearDuplicates):
        register(**fields, pic="900000009", seen={one.mark for one in error.value.found})
    Organisation.objects.update(status="archived")
    with pytest.raises(NotPossible, match="archived"):
        register(**fields, pic="900000009")


def test_a_pic_that_somebody_takes_at_the_same_moment(fields, monkeypatch):
    monkeypatch.setattr(registration.duplicates, "near", lambda **_described: [])
    OrganisationFactory(name="Else", pic="900000009")
    with pytest.raises(ValidationError) as error:
        register(**fields, pic="900000009")
    assert "pic" in error.value.message_dict
    assert Organisation.objects.count() == 1


def test_nobody_makes_drafts_without_end(fields, monkeypatch):
    monkeypatch.setattr(registration, "MOST_DRAFTS", 1)
    register(**fields)
    with pytest.raises(NotPossible, match="not verified yet"):
        register(**{**fields, "token": "u" * 32, "name": "Quite another"})
    Organisation.objects.update(status="verified")
    assert register(**{**fields, "token": "u" * 32, "name": "Quite another", "website": ""})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Register", "register-2"),
        ("Invitations", "invitations-2"),
        ("Ελληνικό Ινστιτούτο", "elliniko-institouto"),
        ("日本", "organisation"),
        ("12345", "12345-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("a" * 300, "a" * 90),
        ("Old Name", "old-name-2"),
    ],
)
def test_addresses_are_free_and_no_words_of_the_site(name, slug):
    FormerAddress.objects.create(slug="old-name", organisation=OrganisationFactory())
    assert free_slug(name) == slug


def test_every_word_of_the_site_is_reserved():
    patterns = get_resolver().url_patterns
    (organisations,) = [p for p in patterns if str(p.pattern) == "organisations/"]
    words = {str(p.pattern).partition("/")[0] for p in organisations.url_patterns}
    assert {word for word in words if word and "<" not in word} <= registration.RESERVED
