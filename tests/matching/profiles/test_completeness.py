"""What the meter says is what the engine says, and what comes true."""

from decimal import Decimal

import pytest

from matching.engine import PERFECT
from matching.facts import scoring_in_force
from matching.feedback.hidden import Hidden
from matching.profiles import completeness
from matching.profiles.completeness import completeness_of
from matching.services import suggestions_for
from organisations import stating
from organisations.models import Statement
from tests.factories import StatementFactory

Role = Statement.Role


def best(organisation):
    return suggestions_for(organisation=organisation, limit=1)[0].score


def state(organisation, concept, role):
    return StatementFactory(organisation=organisation, concept=concept, role=role)


def test_a_promise_comes_true(world, newcomer, owner):
    state(newcomer, world.green, Role.INTERESTED)
    meter = completeness_of(newcomer)
    assert meter.best == best(newcomer)
    assert meter.gains
    for gain in meter.gains:
        assert gain.before == meter.best
        (made,) = stating.declare(
            organisation=newcomer, concepts=[gain.concept], role=gain.role, by=owner.user
        )
        assert best(newcomer) == gain.after > gain.before
        stating.withdraw(organisation=newcomer, statement=made.pk, by=owner.user)


def test_the_most_useful_first(world, newcomer):
    state(newcomer, world.green, Role.INTERESTED)
    gains = completeness_of(newcomer).gains
    assert [gain.after for gain in gains] == sorted((g.after for g in gains), reverse=True)
    assert (world.storage, Role.NEEDS) in {(gain.concept, gain.role) for gain in gains}
    assert gains[0].points == gains[0].after - gains[0].before


def test_what_is_stated_is_not_proposed(world, newcomer):
    state(newcomer, world.green, Role.INTERESTED)
    state(newcomer, world.storage, Role.NEEDS)
    gains = completeness_of(newcomer).gains
    assert (world.storage, Role.NEEDS) not in {(gain.concept, gain.role) for gain in gains}


def test_pieces_are_the_unknown_terms_of_the_engine(world, newcomer):
    state(newcomer, world.green, Role.INTERESTED)
    pieces = {piece.step: piece for piece in completeness_of(newcomer).pieces}
    match = suggestions_for(organisation=newcomer, limit=1)[0]
    said = {item.missing: item.possible_points for item in match.unknown if item.side == "a"}
    assert pieces["needs"].possible >= said["no_needs"] > 0
    assert pieces["chain"].possible >= said["no_segments"] > 0
    assert pieces["interests"].is_there
    assert pieces["interests"].possible is None
    assert pieces["who"].is_there


def test_an_unknown_place_is_a_piece(world, newcomer):
    state(newcomer, world.green, Role.INTERESTED)
    newcomer.nuts3 = newcomer.home_region = None
    newcomer.save()
    assert completeness_of(newcomer).missing[-1].step == "who"


def test_the_bar_grows_with_every_piece_up_to_the_whole(world, newcomer):
    steps = [completeness_of(newcomer)]
    for concept, role in (
        (world.green, Role.INTERESTED),
        (world.storage, Role.NEEDS),
        (world.transport, Role.OFFERS),
    ):
        state(newcomer, concept, role)
        steps.append(completeness_of(newcomer))
    reached = [meter.opened for meter in steps]
    assert reached == sorted(set(reached))
    assert all(meter.opened <= meter.whole for meter in steps)
    weights = scoring_in_force().weights
    only_projects = weights["track_record"] + weights["experience"]
    assert steps[0].whole <= Decimal(PERFECT - only_projects) / 100
    assert 0 <= steps[0].percent < steps[-1].percent <= 100


def test_nothing_stated_still_shows_what_would_help(world, newcomer):
    meter = completeness_of(newcomer)
    assert meter.gains
    assert all(gain.after > gain.before for gain in meter.gains)


def test_the_text_is_tried(world, newcomer):
    newcomer.description = "We look for storage."
    newcomer.save()
    tried = {(gain.concept, gain.role) for gain in completeness_of(newcomer).gains}
    assert (world.storage, Role.NEEDS) in tried


def test_hidden_partners_promise_nothing(world, newcomer):
    hidden = Hidden(regions=frozenset({world.ara.pk, world.berlin.pk}))
    meter = completeness_of(newcomer, hidden=hidden)
    assert meter.best == 0
    assert meter.gains == ()


def test_no_more_questions_than_promised(world, newcomer, monkeypatch):
    monkeypatch.setattr(completeness, "MOST_SIMULATIONS", 1)
    state(newcomer, world.green, Role.INTERESTED)
    assert len(completeness_of(newcomer).gains) <= 1


@pytest.mark.django_db
def test_without_an_index_there_are_no_figures(organisation, index_folder):
    meter = completeness_of(organisation)
    assert not meter.is_computed
    assert meter.gains == ()
    assert all(piece.possible is None for piece in meter.pieces)
    assert meter.percent == 0
