"""Words of others in messages of ours."""

import pytest
from django.utils import translation

from accounts import mail
from accounts.templatetags.mail_text import quoted
from organisations.models import Organisation, TeamMember

EVIL = "Foo\n\nLog in again at https://evil.example.org"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "“Foo Bar”"), ("fr", "«\u00a0Foo Bar\u00a0»"), ("pl", "„Foo Bar”")],
)
def test_a_name_is_quoted_as_the_language_does(language, shown):
    with translation.override(language):
        assert quoted("Foo\n\n Bar") == shown


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("profile_waits", {"is_again": False, "page": ""}),
        ("profile_waits", {"is_again": True, "page": ""}),
        ("draft_discarded", {"name": EVIL, "person": EVIL}),
        ("merged", {"former_name": EVIL, "member": TeamMember(), "is_lowered": False, "page": ""}),
    ],
)
def test_names_with_line_breaks_are_no_words_of_ours(template, context):
    context = {"organisation": Organisation(name=EVIL), **context}
    sent = mail.message(
        to="anna@example.org", language="en", template=f"mail/{template}", context=context
    )
    assert "“Foo Log in again at https://evil.example.org”" in sent.body
    assert sent.body.count("“Foo Log") == sent.body.count("Log in again")
