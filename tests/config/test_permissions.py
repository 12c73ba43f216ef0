"""Who may do what: `docs/permissions.md` held against every address of the site.

The table's rows are (address by name, method, whose); its columns are the personas. Each cell is
asked for, in a world where every persona stands in its relation to one organisation, and undone.
"""

import fnmatch
import itertools
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.config.permission_world import PERSONAS, arguments_of, data_of, make_world
from tests.config.test_admin import MAKERS

TABLE = settings.BASE_DIR / "docs" / "permissions.md"
ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \| (?P<method>[A-Z]+) \| (?P<whose>[^|]*) \|(?P<cells>.*)\|$"
)
WORDS = {"yes", "log in", "no", "hidden"}
BROAD = {"shut": {"no", "hidden"}, "depends": {"yes", "no"}}
"""Words of rows that stand for many addresses."""


def addresses(resolver=None, namespace=""):
    """Every address with a name, the view behind it, and the parameters of the address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", entry.callback, set(entry.pattern.regex.groupindex)


def parts():
    """The rows of the table by its headings."""
    found, title = {}, ""
    for line in TABLE.read_text().splitlines():
        if line.startswith("## "):
            title = line.removeprefix("## ")
        elif match := ROW.match(line):
            cells = [cell.strip() for cell in match["cells"].split("|")]
            row = (match["name"], match["method"], match["whose"].strip(), cells)
            found.setdefault(title, []).append(row)
    return found


PARTS = parts()
ROWS = list(itertools.chain(*PARTS.values()))
PARAMETERS = {name: parameters for name, _view, parameters in addresses()}


def outcome(response, name):
    """What an answer says to the one who asked, in a word of the table."""
    if response.status_code == 401:
        return "log in"
    if response.status_code in (301, 302, 303, 307, 308):
        to = response.headers["Location"]
        if to.startswith((reverse("account_login"), reverse("admin:login"))):
            return "log in"
        if to == reverse("admin:index") and PARAMETERS[name]:
            return "hidden"  # so the administration says that there is no such row
        return "yes"
    if response.status_code == 404:
        return "hidden"
    if response.status_code == 403:
        return "no"
    assert response.status_code != 405, "the method is not understood here"
    # without a match index, what needs one says that it is being prepared
    assert response.status_code < 500 or response.status_code == 503
    return "yes"


def ask(client, name, method, whose, world, **arguments):
    """The outcome for one persona; whatever was written is undone."""
    if name.endswith("_simple_history"):  # its address does not name its parameters
        address = reverse(name, args=list(arguments.values()))
    else:
        kwargs = arguments or arguments_of(name, PARAMETERS[name], whose, world)
        address = reverse(name, kwargs=kwargs)
    savepoint = transaction.savepoint()
    try:
        send = getattr(client, method.lower())
        options = {"data": data_of(name, method, world)}
        if name.startswith("api-") and method != "GET":
            options["content_type"] = "application/json"
        return outcome(send(address, **options), name)
    finally:
        transaction.savepoint_rollback(savepoint)
        connection.needs_rollback = False


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize("part", PARTS)
def test_every_persona_gets_what_the_table_says(world, part):
    wrong = []
    for name, method, whose, cells in (row for row in PARTS[part] if "*" not in row[0]):
        for persona, expected in zip(PERSONAS, cells, strict=True):
            client = Client()
            if world.users.get(persona):
                client.force_login(world.users[persona])
            got = ask(client, name, method, whose, world)
            if got != expected:
                wrong.append(f"{method} {name} ({whose}) as {persona}: {got}, not {expected}")
    assert not wrong


def methods_of(view):
    """The methods that a view says it answers; None where it does not say."""
    actions = getattr(view, "actions", None)
    if actions:
        return {method.upper() for method in actions if method != "head"}
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return None
    # Django's forms answer PUT as POST; those of the API say what they mean by it
    known = ("get", "post", "patch", "delete") + (("put",) if hasattr(view, "cls") else ())
    return {m.upper() for m in known if hasattr(cls, m)} or None


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
    for name, _method, _whose, cells in ROWS:
        assert len(cells) == len(PERSONAS)
        assert set(cells) <= WORDS | (BROAD.keys() if "*" in name else set())


def models_page(name):
    """The model of an address of the administration."""
    label = name.removeprefix("admin:")
    return next(
        model
        for model in sorted(admin.site._registry, key=lambda m: -len(m._meta.model_name))
        if label.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    )


def arguments_for(name, world):
    """A row of the model, at home in no region that anybody here moderates."""
    is_version = name.endswith("_simple_history")
    if not PARAMETERS[name] and not is_version:
        return {}
    model = models_page(name)
    row = world.rows.get(model) or world.rows.setdefault(model, MAKERS[model]())
    arguments = {"object_id": row.pk}
    if is_version:
        arguments["version_id"] = row.history.first().pk
    return arguments


@pytest.mark.parametrize(
    ("pattern", "method", "cells"),
    [pytest.param(row[0], row[1], row[3], id=row[0]) for row in ROWS if "*" in row[0]],
)
def test_administration_is_for_those_it_is_for(world, pattern, method, cells):
    """A row with a star stands for every page of the administration without one of its own."""
    names = sorted(set(fnmatch.filter(PARAMETERS, pattern)) - {row[0] for row in ROWS})
    if not pattern.endswith("_simple_history"):
        names = [name for name in names if not name.endswith("_simple_history")]
    if not pattern.endswith("_process_import"):
        names = [name for name in names if not name.endswith("_process_import")]
    assert names
    for name in names:
        arguments = arguments_for(name, world)
        for persona, expected in zip(PERSONAS, cells, strict=True):
            client = Client()
            if world.users.get(persona):
                client.force_login(world.users[persona])
            got = ask(client, name, method, "–", world, **arguments)
            assert got in BROAD.get(expected, {expected}), (name, persona, got)
