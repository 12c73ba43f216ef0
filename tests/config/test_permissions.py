"""Who may do what: `docs/permissions.md` held against every address of the site.

The table's rows are (address by name, method, whose); its columns are the personas. Each cell is
asked for, in a world where every persona stands in its relation to one organisation, and undone.
"""

import fnmatch
import re

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.config.permission_world import PERSONAS, arguments_of, make_world

TABLE = settings.BASE_DIR / "docs" / "permissions.md"
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?P<method>[A-Z]+) \| (?P<whose>[^|]*) \|(?P<cells>.*)\|$"
)
WORDS = {"yes", "log in", "no", "hidden", "moved"}


def addresses(resolver=None, namespace=""):
    """Every address with a name, the view behind it, and the parameters of the address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", entry.callback, set(entry.pattern.regex.groupindex)


def rows():
    found = []
    for line in TABLE.read_text().splitlines():
        if match := ROW.match(line):
            cells = [cell.strip() for cell in match["cells"].split("|")]
            found.append((match["name"], match["method"], match["whose"].strip(), cells))
    return found


ROWS = rows()
PARAMETERS = {name: parameters for name, _view, parameters in addresses()}


def outcome(response):
    """What an answer says to the one who asked, in a word of the table."""
    if response.status_code == 401:
        return "log in"
    if response.status_code in (301, 302, 303, 307, 308):
        to = response.headers["Location"]
        if to.startswith((reverse("account_login"), reverse("admin:login"))):
            return "log in"
        return "yes"
    if response.status_code == 404:
        return "hidden"
    if response.status_code == 403:
        return "no"
    assert response.status_code != 405, "the method is not understood here"
    # without a match index, what needs one says that it is being prepared
    assert response.status_code < 500 or response.status_code == 503
    return "yes"


def ask(client, name, method, whose, world):
    """The outcome for one persona; whatever was written is undone."""
    address = reverse(name, kwargs=arguments_of(name, PARAMETERS[name], whose, world))
    savepoint = transaction.savepoint()
    try:
        send = getattr(client, method.lower())
        options = {}
        if name.startswith("api-") and method != "GET":
            options = {"data": {}, "content_type": "application/json"}
        return outcome(send(address, **options))
    finally:
        transaction.savepoint_rollback(savepoint)
        connection.needs_rollback = False


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize(
    ("name", "method", "whose", "cells"),
    [pytest.param(*row, id=f"{row[1]}-{row[0]}-{row[2]}") for row in ROWS if "*" not in row[0]],
)
def test_every_persona_gets_what_the_table_says(world, name, method, whose, cells):
    got = {}
    for persona in PERSONAS:
        client = Client(raise_request_exception=True)
        if world.users.get(persona):
            client.force_login(world.users[persona])
        got[persona] = ask(client, name, method, whose, world)
    assert got == dict(zip(PERSONAS, cells, strict=True))


def methods_of(view):
    """The methods that a view says it answers; None where it does not say."""
    actions = getattr(view, "actions", None)
    if actions:
        return {method.upper() for method in actions}
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return None
    return {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(cls, m)} or None


def test_the_table_lacks_no_address():
    known = {}
    for name, method, _whose, _cells in ROWS:
        known.setdefault(name, set()).add(method)
    lacking = []
    for name, view, _parameters in addresses():
        patterns = [row for row in known if row == name or fnmatch.fnmatchcase(name, row)]
        told = set().union(*(known[row] for row in patterns)) if patterns else set()
        wanted = methods_of(view)
        if not told:
            lacking.append(name)
        elif wanted and not any("*" in row for row in patterns) and (more := wanted - told):
            lacking.append(f"{name}: {', '.join(sorted(more))}")
    assert not lacking, "not in docs/permissions.md: " + "; ".join(sorted(set(lacking)))


def test_the_table_has_no_address_that_does_not_exist():
    names = set(PARAMETERS)
    gone = [row[0] for row in ROWS if not fnmatch.filter(names, row[0])]
    assert not gone


def test_every_cell_is_one_of_the_words():
    assert ROWS
    for _name, _method, _whose, cells in ROWS:
        assert len(cells) == len(PERSONAS)
        assert set(cells) <= WORDS


def test_administration_is_for_those_it_is_for(world):
    """Rows with a star stand for every model's page of the administration."""
    checked = 0
    for pattern, method, whose, cells in ROWS:
        if "*" not in pattern:
            continue
        names = fnmatch.filter(set(PARAMETERS), pattern)
        for name in sorted(names):
            if PARAMETERS[name]:
                continue  # pages of one row: those of organisations have rows of their own
            for persona, expected in zip(PERSONAS, cells, strict=True):
                client = Client()
                if world.users.get(persona):
                    client.force_login(world.users[persona])
                assert ask(client, name, method, whose, world) == expected, (name, persona)
                checked += 1
    assert checked
