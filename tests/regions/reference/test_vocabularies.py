"""Vocabularies and the reviewed relations between their concepts, as committed."""

from itertools import pairwise

import pytest

from regions.models import Concept, ConceptRelation, Vocabulary

pytestmark = pytest.mark.usefixtures("reference")

SIZES = {
    "themes": 4,
    "hydrogen-value-chain": 27,
    "industrial-ecosystems": 14,
    "emerging-industries": 10,
    "key-enabling-technologies": 6,
    "advanced-technologies": 16,
    "cohesion-policy-objectives": 5,
    "s3-policy-objectives": 10,
    "s3-thematic-platforms": 4,
    "nace": 22,
    "euroscivoc": 970,
    "clean-hydrogen-alliance-round-tables": 6,
    "clean-hydrogen-ju-pillars": 8,
    "valley-archetypes": 3,
    "partnering-profile-types": 5,
    "h2020-programme-parts": 17,
    "smart-specialisations": 14,
    "region-themes": 16,
    "cooperation-services": 7,
    "organisation-activity-types": 5,
}
CROSS_CUTTING = {
    "equipment-materials",
    "safety-standards",
    "skills",
    "research-testing",
    "finance",
    "planning-permitting",
}


def test_every_vocabulary_is_there_with_its_source_and_version():
    assert {
        vocabulary.scheme: vocabulary.concepts.count() for vocabulary in Vocabulary.objects.all()
    } == SIZES
    assert not Vocabulary.objects.filter(version="").exists()


@pytest.mark.parametrize(
    "scheme",
    ["themes", "hydrogen-value-chain", "industrial-ecosystems", "h2020-programme-parts"],
)
def test_labels_in_three_languages(scheme):
    for concept in Concept.objects.filter(vocabulary__scheme=scheme):
        assert concept.labels.keys() >= {"en", "fr", "pl"}, concept.code


def test_unchecked_lists_are_illustrative():
    assert Vocabulary.objects.get(scheme="nace").source.is_illustrative
    assert not Vocabulary.objects.get(scheme="industrial-ecosystems").source.is_illustrative


def test_value_chain_segments_lie_in_their_groups():
    broader = dict(
        Concept.objects.filter(vocabulary__scheme="hydrogen-value-chain").values_list(
            "code", "broader__code"
        )
    )
    assert broader["electrolysis"] == "production"
    assert broader["liquefaction"] == "conditioning"
    assert broader["maritime"] == "end-use"
    assert {code for code, above in broader.items() if above == "cross-cutting"} == CROSS_CUTTING


def test_euroscivoc_has_the_nearest_known_code_above_each():
    hydrogen = Concept.objects.get(vocabulary__scheme="euroscivoc", code="/25/67/425/1169/1691")
    assert hydrogen.labels["en"] == "Hydrogen energy"
    assert hydrogen.broader.code == "/25/67/425/1169"
    # the list is not whole: marine energy itself is missing between these two
    wave = Concept.objects.get(vocabulary__scheme="euroscivoc", code__endswith="/1823/1819")
    assert wave.broader.labels["en"] == "Hydroelectricity"


def neighbours(code):
    relations = ConceptRelation.objects.filter(kind="neighbour").values_list(
        "source__code", "target__code"
    )
    return {b if a == code else a for a, b in relations if code in (a, b)}


def test_every_segment_has_a_neighbour_but_the_heading_of_the_cross_cutting_ones():
    alone = {
        code
        for code in Concept.objects.filter(vocabulary__scheme="hydrogen-value-chain").values_list(
            "code", flat=True
        )
        if not neighbours(code)
    }
    assert alone == {"cross-cutting"}


def test_the_chain_runs_from_supply_to_use():
    chain = [
        "renewable-supply",
        "electrolysis",
        "compression",
        "storage",
        "transport-distribution",
        "industry",
    ]
    for segment, following in pairwise(chain):
        assert following in neighbours(segment)


def test_neighbours_are_segments_and_stored_once_for_each_pair():
    pairs = list(ConceptRelation.objects.filter(kind="neighbour").values_list("source", "target"))
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert not ConceptRelation.objects.filter(kind="neighbour").exclude(
        source__vocabulary__scheme="hydrogen-value-chain",
        target__vocabulary__scheme="hydrogen-value-chain",
    )


def test_every_relation_has_a_reason():
    assert not ConceptRelation.objects.filter(reason="").exists()


def test_relations_point_to_themes_and_ecosystems():
    targets = set(
        ConceptRelation.objects.exclude(kind="neighbour").values_list(
            "kind", "target__vocabulary__scheme"
        )
    )
    assert targets == {("theme", "themes"), ("ecosystem", "industrial-ecosystems")}


def themes_of(scheme, code):
    return set(
        ConceptRelation.objects.filter(
            kind="theme", source__vocabulary__scheme=scheme, source__code=code
        ).values_list("target__code", flat=True)
    )


@pytest.mark.parametrize(
    ("code", "themes"),
    [
        ("SC3", {"green-transition"}),
        ("SC4", {"green-transition", "digital-transition"}),
        ("MSCA", {"training-and-jobs"}),
        ("LEIT", {"digital-transition"}),
        # research of any kind: on no theme as a whole
        ("ERC", set()),
        ("FET", set()),
    ],
)
def test_themes_of_programme_parts(code, themes):
    assert themes_of("h2020-programme-parts", code) == themes
