"""Addresses of websites: what a profile may name, and what a domain proves."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from organisations.fields import WebsiteField
from organisations.models import Organisation
from organisations.websites import (
    domain_of,
    domain_of_email,
    is_shared,
    proves,
    shared_domains,
    website_of,
)
from tests.factories import OrganisationFactory


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        ("example.org", "https://example.org"),
        ("//example.org", "https://example.org"),
        ("www.Example.ORG/About", "https://www.example.org/About"),
        ("HTTP://Example.org:80/a?b=c#d", "http://example.org/a?b=c#d"),
        ("https://example.org:443", "https://example.org"),
        ("https://example.org.", "https://example.org"),
        ("https://zażółć.pl", "https://xn--za-6ja4f8n1l.pl"),
        ("https://straße.de", "https://xn--strae-oqa.de"),
        ("https://example。org", "https://example.org"),
        ("https://example.org/ł ".strip(), "https://example.org/%C5%82"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert website_of(typed) == kept
    assert website_of(kept) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ftp://example.org", "website_scheme"),
        ("javascript:alert(1)", "website"),
        ("JavaScript:alert(1)", "website"),
        ("data:text/html,x", "website"),
        ("mailto:a@example.org", "website"),
        ("file:///etc/passwd", "website_scheme"),
        ("http://user@example.org", "website_credentials"),
        ("http://user:secret@example.org", "website_credentials"),
        ("http://example.org@127.0.0.1", "website_credentials"),
        ("http://example.org:8080", "website_port"),
        ("https://example.org:80", "website_port"),
        ("http://example.org:0", "website_port"),
        ("http://example.org:port", "website_port"),
        ("example.org:99999", "website_port"),
        ("127.0.0.1:5432", "website_number"),
        ("localhost:8000", "website_internal"),
        ("http://127.0.0.1", "website_number"),
        ("http://8.8.8.8", "website_number"),
        ("http://2130706433", "website_number"),
        ("http://0x7f.1", "website_number"),
        ("http://0177.0.0.1", "website_number"),
        ("http://127.1", "website_number"),
        ("http://[::1]", "website_number"),
        ("http://[::ffff:127.0.0.1]/", "website_number"),
        ("http://１２７.0.0.1", "website_internal"),
        ("http://localhost", "website_internal"),
        ("http://localhost.localdomain", "website_internal"),
        ("http://intranet", "website_internal"),
        ("http://db.internal", "website_internal"),
        ("http://printer.local", "website_internal"),
        ("http://router.home.arpa", "website_internal"),
        ("http://nas.lan", "website_internal"),
        ("http://example.123", "website_internal"),
        ("http://", "website"),
        ("http://-example.org", "website"),
        ("http://exam_ple.org", "website"),
        ("http://example..org", "website"),
        ("http://" + "a" * 64 + ".org", "website"),
        ("http://[::1", "website"),
        ("https:\\\\example.org", "website"),
        ("https://example.org/a b", "spaces"),
        ("https://exam\nple.org", "spaces"),
        ("https://example.org/\u202egro.lpmaxe", "spaces"),
        ("https://example.org/" + "a" * 300, "max_length"),
        ("not a website", "spaces"),
        ("https://<script>.org", "website"),
    ],
)
def test_what_is_no_public_address_is_refused_with_its_reason(typed, code):
    with pytest.raises(ValidationError) as refused:
        website_of(typed)
    assert refused.value.code == code


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text):
    try:
        website = website_of(text)
    except ValidationError:
        return
    assert website == "" or website.startswith(("http://", "https://"))
    assert website_of(website) == website
    assert "@" not in website.split("/")[2:3]


def test_the_field_of_forms_obeys_the_rule():
    field = WebsiteField(required=False)
    assert field.clean("example.org") == "https://example.org"
    with pytest.raises(ValidationError, match="port"):
        field.clean("http://example.org:22")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "website", ["https://www.example.org/a", "http://example.org", "https://a.www.example.org?x#y"]
)
def test_python_and_the_database_agree_on_the_domain(website):
    OrganisationFactory(website=website)
    assert Organisation.objects.get().website_domain == domain_of(website)


@pytest.mark.parametrize(
    ("email", "website", "is_proof"),
    [
        ("a@example.org", "https://example.org", True),
        ("a@EXAMPLE.org", "https://www.example.org/x", True),
        ("a@mail.example.org", "https://example.org", False),
        ("a@example.org", "https://faculty.example.org", False),
        ("a@notexample.org", "https://example.org", False),
        ("a@zażółć.pl", "https://xn--za-6ja4f8n1l.pl", True),
        ("a@gmail.com", "https://gmail.com", False),
        ("a@tenant.github.io", "https://tenant.github.io", False),
        ("a@wp.pl", "https://www.wp.pl", False),
        ("a@example.org", "", False),
        ("nothing", "https://example.org", False),
    ],
)
def test_only_the_very_domain_proves_and_shared_ones_never(email, website, is_proof):
    assert proves(email=email, website=website) is is_proof


def test_every_shared_domain_has_a_reason_and_is_written_as_domains_are():
    assert set(shared_domains().values()) == {"mail", "host"}
    assert len(shared_domains()) > 300
    for domain in shared_domains():
        assert domain_of(website_of(domain)) == domain
    assert is_shared("someone.wordpress.com")
    assert not is_shared("wordpress.com.example.org")
    assert domain_of_email("a@[127.0.0.1]") == ""
