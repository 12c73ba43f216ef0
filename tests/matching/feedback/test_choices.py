"""The commands: who may, what is remembered, what happens twice, and what is undone."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from matching import index, services
from matching.facts import scoring_in_force
from matching.feedback import choices
from matching.feedback.hidden import choices_of
from matching.models import Exclusion, Feedback
from organisations.models import Organisation
from tests.factories import OrganisationFactory, UserFactory

KNOWN, OTHER = Feedback.Reason.KNOWN, Feedback.Reason.OTHER


@pytest.fixture
def editor(lab_editor):
    return lab_editor.user


def suggested(world, **asked):
    hidden = choices_of(organisation=world.lab).hidden
    found = services.suggestions_for(organisation=world.lab, hidden=hidden, **asked)
    return [match.organisation.slug for match in found]


def test_a_save_remembers_the_score_of_that_moment(world, editor):
    match = services.match_of(a=world.lab, b=world.maker)
    saved = choices.save(organisation=world.lab, other=world.maker, by=editor, rank_shown=1)

    assert (saved.kind, saved.reason, saved.rank_shown, saved.by) == ("saved", "", 1, editor)
    assert saved.score == match.score * 100
    assert saved.signals == {part.signal: int(part.points * 100) for part in match.parts}
    assert saved.weights_version == scoring_in_force().version
    assert suggested(world)[0] == "maker"


def test_without_an_index_the_choice_is_kept_without_a_score(world, editor, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "nothing"
    saved = choices.save(organisation=world.lab, other=world.maker, by=editor)
    assert (saved.score, saved.signals, saved.weights_version) == (None, {}, "")


def test_a_dismissed_partner_is_left_out_and_comes_back(world, editor):
    dismissed = choices.dismiss(
        organisation=world.lab, other=world.maker, reason=KNOWN, by=editor, text=" Since 2010. "
    )
    assert dismissed.text == "Since 2010."
    assert suggested(world) == ["other"]
    theirs = services.suggestions_for(organisation=world.maker)
    assert world.lab in {match.organisation for match in theirs}, "the other side is not told"

    choices.withdraw(feedback=dismissed, by=editor)
    assert suggested(world) == ["maker", "other"]
    assert Feedback.objects.get().withdrawn_at is not None


def test_a_dismissal_changes_no_score(world, editor):
    before = services.match_of(a=world.lab, b=world.other).score
    choices.dismiss(organisation=world.lab, other=world.maker, reason=KNOWN, by=editor)
    assert services.match_of(a=world.lab, b=world.other).score == before


def test_sent_twice_is_one_choice(world, editor):
    for _ in range(2):
        choices.save(organisation=world.lab, other=world.other, by=editor)
        choices.dismiss(organisation=world.lab, other=world.maker, reason=KNOWN, by=editor)
        choices.leave_out_region(organisation=world.lab, region=world.berlin, by=editor)
        choices.leave_out_kind(organisation=world.lab, kind=Organisation.Kind.NGO, by=editor)
    assert Feedback.objects.count() == Exclusion.objects.count() == 2


def test_the_latest_choice_about_a_partner_holds_and_the_others_stay_on_record(world, editor):
    choices.save(organisation=world.lab, other=world.maker, by=editor)
    choices.dismiss(organisation=world.lab, other=world.maker, reason=KNOWN, by=editor)
    choices.dismiss(
        organisation=world.lab, other=world.maker, reason=OTHER, text="We asked.", by=editor
    )
    rows = Feedback.objects.order_by("pk")
    assert [(row.kind, row.reason, row.withdrawn_at is None) for row in rows] == [
        ("saved", "", False),
        ("dismissed", "known", False),
        ("dismissed", "other", True),
    ]


def test_undone_twice_is_undone_once(world, editor):
    saved = choices.save(organisation=world.lab, other=world.maker, by=editor)
    first = choices.withdraw(feedback=saved, by=editor).withdrawn_at
    assert first is not None
    assert choices.withdraw(feedback=saved, by=editor).withdrawn_at == first


def test_another_reason_is_said_in_words(world, editor):
    kept = choices.save(organisation=world.lab, other=world.maker, by=editor)
    with pytest.raises(ValidationError, match="Say in a few words"):
        choices.dismiss(
            organisation=world.lab, other=world.maker, reason=OTHER, text=" ", by=editor
        )
    assert Feedback.objects.active().get() == kept, "what was refused undoes nothing"


def test_no_choice_about_oneself(world, editor):
    with pytest.raises(ValidationError, match="not suggested to itself"):
        choices.save(organisation=world.lab, other=world.lab, by=editor)


def test_a_region_left_out_lasts_until_it_is_brought_back(world, editor):
    far = OrganisationFactory(slug="far", home_region=world.berlin)
    exclusion = choices.leave_out_region(organisation=world.lab, region=world.ara, by=editor)
    assert suggested(world) == []
    assert exclusion.what == "Auvergne-Rhône-Alpes"
    assert far.home_region != world.ara

    choices.bring_back(exclusion=exclusion, by=editor)
    assert suggested(world) == ["maker", "other"]
    again = choices.leave_out_region(organisation=world.lab, region=world.ara, by=editor)
    assert again.pk != exclusion.pk
    assert Exclusion.objects.count() == 2


def test_a_kind_left_out_lasts_whatever_else_is_asked_for(world, editor):
    Organisation.objects.filter(pk=world.maker.pk).update(kind=Organisation.Kind.SME)
    index.build()
    choices.leave_out_kind(organisation=world.lab, kind=Organisation.Kind.RESEARCH, by=editor)
    assert suggested(world) == ["maker"]
    assert suggested(world, kind=Organisation.Kind.RESEARCH) == []


def test_an_area_is_nobodys_home(world, editor):
    with pytest.raises(ValueError, match="no home region"):
        choices.leave_out_region(organisation=world.lab, region=world.rhone, by=editor)


@pytest.mark.parametrize(
    ("persona", "may"),
    [
        ("stranger", False),
        ("viewer", False),
        ("editor", True),
        ("moderator", True),
        ("administrator", True),
    ],
)
def test_only_those_who_edit_the_organisation_choose_for_it(world, personas, persona, may):
    user = getattr(personas, persona).user
    saved = choices.save(
        organisation=world.lab, other=world.other, by=UserFactory(administrator=True)
    )
    left_out = choices.leave_out_region(
        organisation=world.lab, region=world.berlin, by=UserFactory(administrator=True)
    )
    commands = [
        lambda: choices.save(organisation=world.lab, other=world.maker, by=user),
        lambda: choices.dismiss(organisation=world.lab, other=world.maker, reason=KNOWN, by=user),
        lambda: choices.withdraw(feedback=saved, by=user),
        lambda: choices.leave_out_region(organisation=world.lab, region=world.ara, by=user),
        lambda: choices.leave_out_kind(organisation=world.lab, kind=Organisation.Kind.NGO, by=user),
        lambda: choices.bring_back(exclusion=left_out, by=user),
    ]
    for command in commands:
        if may:
            assert command().by is not None
        else:
            with pytest.raises(PermissionDenied):
                command()
    assert Feedback.objects.count() == (3 if may else 1)
    assert Exclusion.objects.count() == (3 if may else 1)


def test_what_somebody_chose_outlives_the_account(world, editor):
    saved = choices.save(organisation=world.lab, other=world.maker, by=editor)
    User.objects.filter(pk=editor.pk).delete()
    saved.refresh_from_db()
    assert saved.by is None


def test_no_more_choices_an_hour_than_people_make(world, editor, monkeypatch):
    monkeypatch.setattr(choices, "AN_HOUR", 1)
    saved = choices.save(organisation=world.lab, other=world.maker, by=editor)
    again = choices.save(organisation=world.lab, other=world.maker, by=editor)
    assert again == saved, "what holds already is no new choice"

    choices.withdraw(feedback=saved, by=editor)
    with pytest.raises(choices.TooManyChoices, match="1 choices within an hour"):
        choices.save(organisation=world.lab, other=world.maker, by=editor)
    assert Feedback.objects.count() == 1
    choices.leave_out_kind(organisation=world.lab, kind=Organisation.Kind.COMPANY, by=editor)
    with pytest.raises(choices.TooManyChoices):
        choices.leave_out_kind(organisation=world.lab, kind=Organisation.Kind.CLUSTER, by=editor)
