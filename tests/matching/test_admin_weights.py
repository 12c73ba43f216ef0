import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied

from matching import weights
from matching.models import ScoringWeights
from tests.factories import ScoringWeightsFactory, UserFactory

LIST = "/admin/matching/scoringweights/"


def in_force():
    return ScoringWeights.objects.get(in_force=True)


@pytest.mark.django_db
def test_one_version_takes_the_place_of_the_other():
    before, administrator = in_force(), UserFactory(administrator=True)
    version = ScoringWeightsFactory()
    assert weights.put_in_force(weights=version, by=administrator) == version
    assert in_force() == version
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (administrator, str(version.pk))
    assert before.version in entry.change_message


@pytest.mark.django_db
def test_version_in_force_stays_without_a_word():
    version = in_force()
    weights.put_in_force(weights=version, by=UserFactory(administrator=True))
    assert in_force() == version
    assert not LogEntry.objects.exists()


@pytest.mark.django_db
def test_only_administrators_choose():
    before = in_force()
    with pytest.raises(PermissionDenied):
        weights.put_in_force(weights=ScoringWeightsFactory(), by=UserFactory())
    assert in_force() == before


def test_action_puts_exactly_one_in_force(administrator):
    before = in_force()
    one, other = ScoringWeightsFactory.create_batch(2)
    action = {"action": "put_in_force"}

    both = administrator.post(LIST, action | {"_selected_action": [one.pk, other.pk]}, follow=True)
    assert "Choose exactly one version." in both.content.decode()
    assert in_force() == before

    asked = administrator.post(LIST, action | {"_selected_action": [one.pk]})
    assert f"Put “{one.version}” in force?" in asked.content.decode()
    assert in_force() == before

    administrator.post(LIST, action | {"_selected_action": [one.pk], "confirmed": "yes"})
    assert in_force() == one
    for version in (before, one):
        record = version.history.first()
        assert record.in_force is (version == one)
        assert record.history_user == administrator.user


def test_version_in_force_is_neither_changed_nor_deleted(administrator):
    version = in_force()
    assert administrator.post(f"{LIST}{version.pk}/change/", {"note": "x"}).status_code == 403
    assert administrator.post(f"{LIST}{version.pk}/delete/", {"post": "yes"}).status_code == 403


def test_weights_that_do_not_add_up_are_refused_with_words(administrator):
    fields = dict.fromkeys(
        [
            "complementarity",
            "shared_priorities",
            "value_chain",
            "track_record",
            "regional_fit",
            "experience",
        ],
        20,
    )
    before = ScoringWeights.objects.count()
    answer = administrator.post(f"{LIST}add/", fields | {"version": "2", "note": "Too much"})
    errors = answer.context["adminform"].form.errors
    assert errors["complementarity"] == ["The six weights add up to 100 points. 20 are too many."]
    few = fields | {"version": "2", "note": "Too few", "experience": 0, "value_chain": 10}
    errors = administrator.post(f"{LIST}add/", few).context["adminform"].form.errors
    assert list(errors) == ["complementarity"]
    assert "10 points are missing." in errors["complementarity"][0]
    assert ScoringWeights.objects.count() == before
