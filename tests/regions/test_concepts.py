"""Concepts in the administration: their place in the vocabulary, and what keeps them."""

import pytest

from regions.models import Concept, ConceptRelation
from tests import factories

LIST = "/admin/regions/concept/"
RELATIONS = "/admin/regions/conceptrelation/"


def post(client, concept, **fields):
    form = {
        "vocabulary": concept.vocabulary_id,
        "code": concept.code,
        "labels_en": concept.labels["en"],
        "position": 0,
        **fields,
    }
    return client.post(f"{LIST}{concept.pk}/change/", form)


def errors(answer):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_broader_concept_is_another_one_of_the_same_vocabulary(administrator):
    concept, other, third = factories.ConceptFactory.create_batch(3)
    assert post(administrator, concept, broader=other.pk).status_code == 302
    assert post(administrator, other, broader=third.pk).status_code == 302
    for circle in (third, concept):
        answer = post(administrator, third, broader=concept.pk if circle is third else third.pk)
        assert "that would be a circle" in errors(answer)["broader"][0]
    stranger = factories.ConceptFactory(vocabulary__scheme="nace")
    answer = post(administrator, third, broader=stranger.pk)
    assert "belongs to another vocabulary" in errors(answer)["broader"][0]
    answer = post(administrator, other, vocabulary=stranger.vocabulary_id)
    assert errors(answer)
    assert Concept.objects.get(pk=third.pk).broader is None


def test_concept_in_use_is_kept_and_the_page_says_by_what(administrator):
    concept = factories.ConceptFactory()
    for _each in range(3):
        factories.StatementFactory(concept=concept)
    factories.PriorityFactory(concept=concept)
    page = administrator.get(f"{LIST}{concept.pk}/delete/").content.decode()
    assert "3 statements" in page
    assert "1 priority" in page
    answer = administrator.post(f"{LIST}{concept.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 200
    assert Concept.objects.filter(pk=concept.pk).exists()


def test_page_of_deletion_costs_the_same_however_much_it_is_used(administrator, connection_queries):
    concept = factories.ConceptFactory()
    factories.StatementFactory(concept=concept)
    few = connection_queries(administrator, f"{LIST}{concept.pk}/delete/")
    for _each in range(20):
        factories.StatementFactory(concept=concept)
    assert connection_queries(administrator, f"{LIST}{concept.pk}/delete/") == few


def test_concept_that_nobody_uses_goes(administrator):
    concept = factories.ConceptFactory()
    answer = administrator.post(f"{LIST}{concept.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not Concept.objects.exists()


@pytest.mark.parametrize("kind", ["neighbour", "theme"])
def test_neighbours_are_of_one_vocabulary_and_recorded_once(administrator, kind):
    one, other = factories.ConceptFactory.create_batch(2)
    far = factories.ConceptFactory(vocabulary__scheme="nace")

    def relate(source, target):
        form = {"kind": kind, "source": source.pk, "target": target.pk, "weight": 1}
        return administrator.post(f"{RELATIONS}add/", form)

    assert relate(one, other).status_code == 302
    if kind == "theme":
        assert relate(one, far).status_code == 302
        return
    assert "the other way round" in errors(relate(other, one))["target"][0]
    assert "one vocabulary" in errors(relate(one, far))["target"][0]
    assert ConceptRelation.objects.count() == 1
