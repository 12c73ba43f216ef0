"""The write API: the same services, rules and messages as the pages."""

import pytest
from django.test import Client

from organisations.models import Organisation, Statement
from tests.factories import (
    ConceptFactory,
    NutsUnitFactory,
    RegionFactory,
    StatementFactory,
    VocabularyFactory,
)

HOME = "/api/v1/organisations/agh-university/"
STATEMENTS = HOME + "statements/"


def send(client, method, path, data=None):
    return getattr(client, method)(path, data or {}, content_type="application/json")


@pytest.fixture
def storage(db):
    vocabulary = VocabularyFactory(scheme="hydrogen-value-chain")
    return ConceptFactory(vocabulary=vocabulary, code="storage", label="Storage")


def declare(client, **values):
    said = {"role": "needs", "concept": "hydrogen-value-chain:storage", **values}
    return send(client, "post", STATEMENTS, said)


COMMANDS = [
    ("patch", HOME, {"name": "New"}),
    ("post", STATEMENTS, {"role": "needs", "concept": "hydrogen-value-chain:storage"}),
    ("patch", STATEMENTS + "{pk}/", {"weight": 3}),
    ("delete", STATEMENTS + "{pk}/", {}),
    ("post", HOME + "submit/", {}),
]


@pytest.mark.parametrize(("method", "path", "data"), COMMANDS)
def test_who_may_write(
    method, path, data, organisation, storage, viewer, stranger, anonymous, editor
):
    statement = StatementFactory(organisation=organisation, concept=storage)
    path = path.format(pk=statement.pk)
    for client in (viewer, stranger, anonymous):
        assert send(client, method, path, data).status_code == 403
    organisation.status = Organisation.Status.DRAFT
    organisation.save()
    assert send(viewer, method, path, data).status_code == 403
    for client in (stranger, anonymous):
        assert send(client, method, path, data).status_code in (403, 404)
    assert send(stranger, method, path, data).status_code == 404
    assert send(editor, method, path, data).status_code in (200, 201, 204)


def test_own_drafts_are_read(organisation, viewer, stranger, storage):
    organisation.status = Organisation.Status.DRAFT
    organisation.save()
    StatementFactory(organisation=organisation, concept=storage)
    assert viewer.get(HOME).json()["status"] == "draft"
    assert len(viewer.get(STATEMENTS).json()["results"]) == 1
    for path in (HOME, STATEMENTS):
        assert stranger.get(path).status_code == 404


def test_fields_are_edited(organisation, editor):
    unit = NutsUnitFactory(code="PL213", country=organisation.country)
    RegionFactory(slug="brittany")
    answer = send(
        editor,
        "patch",
        HOME,
        {
            "description": "New <script>",
            "website": "https://example.org",
            "nuts3": unit.code,
            "languages": ["pl", "en"],
            "wanted_kinds": ["sme"],
            "wanted_regions": ["brittany"],
            "size": "small",
        },
    )
    assert answer.status_code == 200
    assert answer.json()["description"] == "New <script>"
    organisation.refresh_from_db()
    assert organisation.home_region == unit.home_region
    assert organisation.languages == ["en", "pl"]
    assert organisation.name == "AGH University"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("kind", "spaceship"),
        ("country", "XX"),
        ("website", "javascript:alert(1)"),
        ("pic", "12"),
        ("vat_number", "?"),
        ("nuts3", "PL999"),
        ("languages", ["xx"]),
        ("wanted_regions", ["nowhere"]),
        ("description", "x" * 10_000),
        ("description", "a\0b"),
        ("status", "verified"),
        ("slug", "mine"),
    ],
)
def test_errors_are_by_field(organisation, editor, field, value):
    answer = send(editor, "patch", HOME, {field: value})
    assert answer.status_code == 400
    assert set(answer.json()) == {field}


def test_no_list_and_no_text_is_no_object(organisation, editor):
    assert send(editor, "patch", HOME, ["x"]).status_code == 400


def test_statements_are_declared_changed_and_taken_away(organisation, editor, storage):
    made = declare(editor, weight=3, trl_from=4, trl_to=6, text="Tanks", valid_until="2099-01-01")
    assert made.status_code == 201
    said = made.json()
    assert (said["weight"], said["origin"], said["text"]) == (3, "declared", "Tanks")
    again = declare(editor, weight=1)
    assert again.status_code == 200
    assert again.json() == said
    path = f"{STATEMENTS}{said['id']}/"
    changed = send(editor, "patch", path, {"weight": 1})
    assert changed.json() == {**said, "weight": 1}
    assert send(editor, "delete", path).status_code == 204
    assert send(editor, "delete", path).status_code == 404
    assert send(editor, "patch", path, {"weight": 1}).status_code == 404
    assert not organisation.statements.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"role": "sells"}, "role"),
        ({"concept": "nonsense"}, "concept"),
        ({"concept": "nuts-2021:PL"}, "concept"),
        ({"weight": 4}, "weight"),
        ({"trl_from": 4}, "trl_from"),
        ({"trl_from": 6, "trl_to": 4}, "trl_from"),
        ({"role": "interested", "trl_from": 1, "trl_to": 2}, "trl_from"),
        ({"valid_until": "soon"}, "valid_until"),
        ({"text": "x" * 10_000}, "text"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_statements_that_make_no_sense(organisation, editor, storage, values, field):
    ConceptFactory(vocabulary=VocabularyFactory(scheme="nuts-2021"), code="PL")
    answer = declare(editor, **values)
    assert answer.status_code == 400
    assert set(answer.json()) == {field}


def test_what_projects_demonstrate_is_not_changed_by_hand(organisation, editor, storage):
    shown = StatementFactory(organisation=organisation, concept=storage, origin="demonstrated")
    path = f"{STATEMENTS}{shown.pk}/"
    assert send(editor, "patch", path, {"weight": 1}).status_code == 404
    assert send(editor, "delete", path).status_code == 404
    assert Statement.objects.filter(pk=shown.pk, weight=2).exists()


def test_submitting(organisation, editor, storage):
    organisation.status = Organisation.Status.DRAFT
    organisation.save()
    lacking = send(editor, "post", HOME + "submit/")
    assert lacking.status_code == 400
    assert set(lacking.json()) == {"statements"}
    declare(editor)
    for _ in range(2):
        answer = send(editor, "post", HOME + "submit/")
        assert answer.status_code == 200
        assert answer.json()["status"] == "pending"


def test_what_is_verified_is_not_submitted(organisation, editor):
    answer = send(editor, "post", HOME + "submit/")
    assert answer.status_code == 409
    assert "verified" in answer.json()["detail"]


def test_the_token_of_the_form_is_asked_for(organisation, editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor.user)
    assert send(strict, "patch", HOME, {"name": "x"}).status_code == 403


def test_statements_cost_the_same_for_one_and_for_many(organisation, editor, connection_queries):
    StatementFactory(organisation=organisation)
    few = connection_queries(editor, STATEMENTS)
    for _ in range(10):
        StatementFactory(organisation=organisation)
    assert connection_queries(editor, STATEMENTS) == few <= 10
