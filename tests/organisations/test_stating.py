"""What an organisation declares: added, changed and taken away."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from organisations import stating
from organisations.merging_edits import EditsClash
from organisations.models import Statement
from tests.factories import ConceptFactory, StatementFactory, VocabularyFactory

Role = Statement.Role


def declare(organisation, client, *concepts, role=Role.NEEDS, **values):
    return stating.declare(
        organisation=organisation, concepts=concepts, role=role, by=client.user, values=values
    )


def test_declared_twice_is_declared_once(organisation, editor):
    concept = ConceptFactory()
    assert len(declare(organisation, editor, concept, concept, weight=3)) == 1
    assert declare(organisation, editor, concept, weight=1) == []
    assert organisation.statements.get().weight == 3


def test_what_projects_demonstrate_stays_beside(organisation, editor):
    shown = StatementFactory(organisation=organisation, origin="demonstrated", role=Role.NEEDS)
    (declared,) = declare(organisation, editor, shown.concept)
    assert stating.withdraw(organisation=organisation, statement=declared.pk, by=editor.user)
    assert not stating.withdraw(organisation=organisation, statement=declared.pk, by=editor.user)
    assert not stating.withdraw(organisation=organisation, statement=shown.pk, by=editor.user)
    assert organisation.statements.get() == shown


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"weight": 0}, "weight"),
        ({"weight": None}, "weight"),
        ({"trl_from": 3}, "trl_from"),
        ({"trl_from": 7, "trl_to": 3}, "trl_from"),
        ({"trl_from": 0, "trl_to": 3}, "trl_from"),
        ({"text": "x" * 10_000}, "text"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(organisation, editor, values, field):
    with pytest.raises(ValidationError) as error:
        declare(organisation, editor, ConceptFactory(), **values)
    assert set(error.value.message_dict) == {field}
    assert not organisation.statements.exists()


def test_an_interest_has_no_trl(organisation, editor):
    with pytest.raises(ValidationError):
        declare(organisation, editor, ConceptFactory(), role=Role.INTERESTED, trl_from=1, trl_to=2)


def test_a_change_says_all_of_it(organisation, editor):
    statement = StatementFactory(organisation=organisation)
    values = {
        "weight": 3,
        "trl_from": 4,
        "trl_to": 9,
        "valid_until": "2030-01-31",
        "text": " ours ",
    }
    stating.change(organisation=organisation, statement=statement.pk, by=editor.user, values=values)
    statement.refresh_from_db()
    assert stating.as_stated(statement) == {**values, "text": "ours"}
    assert statement.valid_until == datetime.date(2030, 1, 31)
    assert statement.history.count() == 2


def test_two_people_change_one_statement(organisation, editor):
    statement = StatementFactory(organisation=organisation)
    opened = stating.as_stated(statement)

    def change(**values):
        return stating.change(
            organisation=organisation,
            statement=statement.pk,
            by=editor.user,
            values=values,
            opened=opened,
        )

    change(weight=3)
    assert change(weight=2, text="ours").taken_over == ("weight",)
    with pytest.raises(EditsClash):
        change(weight=1)
    statement.refresh_from_db()
    assert (statement.weight, statement.text) == (3, "ours")


def test_a_statement_that_is_gone(organisation, editor):
    with pytest.raises(stating.StatementGone):
        stating.change(organisation=organisation, statement=1, by=editor.user, values={})


def test_a_statement_of_another_organisation_is_none_of_theirs(organisation, editor):
    other = StatementFactory()
    assert not stating.withdraw(organisation=organisation, statement=other.pk, by=editor.user)
    with pytest.raises(stating.StatementGone):
        stating.change(organisation=organisation, statement=other.pk, by=editor.user, values={})


def test_segments_are_offers_of_the_value_chain(organisation, editor):
    chain = VocabularyFactory(scheme="hydrogen-value-chain")
    one, two, three = (ConceptFactory(vocabulary=chain, code=code) for code in ("a", "b", "c"))
    kept = StatementFactory(organisation=organisation, concept=one, weight=3)
    StatementFactory(organisation=organisation, concept=two)

    def tick(*codes, opened):
        return stating.set_segments(
            organisation=organisation, codes=codes, opened=opened, by=editor.user
        )

    assert tick("a", "c", opened=["a", "b"]) == (1, 1)
    assert set(organisation.statements.values_list("concept__code", "role")) == {
        ("a", "offers"),
        ("c", "offers"),
    }
    kept.refresh_from_db()
    assert kept.weight == 3
    assert tick("a", "b", opened=["a"]) == (1, 0), "somebody else ticked c meanwhile: it stays"
    assert organisation.statements.filter(concept=three).exists()
    with pytest.raises(ValidationError):
        tick("nothing", opened=[])


def test_only_editors_declare(organisation, viewer, stranger):
    for client in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            declare(organisation, client, ConceptFactory())


def test_a_profile_is_not_endless(organisation, editor, monkeypatch):
    monkeypatch.setattr(stating, "MOST_STATEMENTS", 1)
    with pytest.raises(ValidationError):
        declare(organisation, editor, ConceptFactory(), ConceptFactory())
