"""Translations are complete, keep their placeholders, and are compiled."""

import gettext
import io

import pytest
from babel.messages.catalog import Message

from config import languages
from scripts import messages

HEADER = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"
"""
GOOD = (
    HEADER
    + """
#, python-format
msgid "%(count)s region"
msgid_plural "%(count)s regions"
msgstr[0] "une région"
msgstr[1] "%(count)s régions"
"""
)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(languages, "REQUIRED", ("fr",))
    source = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(GOOD)
    return source


def run(monkeypatch, *options):
    monkeypatch.setattr("sys.argv", ["messages", *options])
    return messages.main()


def test_what_is_compiled_is_what_django_reads(catalogue, monkeypatch):
    assert run(monkeypatch) == 0
    read = gettext.GNUTranslations(io.BytesIO(catalogue.with_suffix(".mo").read_bytes()))
    assert read.ngettext("%(count)s region", "%(count)s regions", 1) == "une région"
    assert read.ngettext("%(count)s region", "%(count)s regions", 2) == "%(count)s régions"


def test_a_change_that_is_not_compiled_is_found(catalogue, monkeypatch, capsys):
    assert run(monkeypatch, "--check") == 1
    run(monkeypatch)
    assert run(monkeypatch, "--check") == 0
    catalogue.write_text(GOOD.replace("une région", "1 région"))
    assert run(monkeypatch, "--check") == 1
    assert "not compiled since it changed" in capsys.readouterr().out


def test_dates_alone_change_nothing(catalogue, monkeypatch):
    run(monkeypatch)
    catalogue.write_text(
        GOOD.replace("charset=UTF-8", "charset=UTF-8\\nPOT-Creation-Date: 2026-11-23 10:00+0100")
    )
    assert run(monkeypatch, "--check") == 0


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("Save", ""), "is not translated"),
        (Message("Save", "Zapisz", flags=["fuzzy"]), "is fuzzy"),
        (Message("%(a)s and %(b)s", "%(a)s"), "loses %(b)s"),
        (Message("{name}", "{nom}"), "has no {nom}"),
        (Message(("%(n)s a", "%(n)s as"), ("jeden", "%(n)s", "%(m)s")), "has no %(m)s"),
    ],
)
def test_faults(message, fault):
    assert any(fault in found for found in messages.faults_of(message))


def test_a_singular_may_write_its_number_as_a_word():
    assert not list(messages.faults_of(Message(("%(n)s a", "%(n)s as"), ("un", "%(n)s uns"))))


def test_a_language_that_is_needed_has_a_catalogue(monkeypatch):
    assert messages.faults_of_languages({"fr", "pl"}) == []
    assert messages.faults_of_languages({"fr", "de"}) == ["pl: there is no catalogue"]
    assert messages.faults_of_languages({"fr", "pl", "xx"}) == [
        "xx: is no language of config/languages.py"
    ]
