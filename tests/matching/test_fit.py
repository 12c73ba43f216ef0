"""Region with region: reasons, symmetry, and the same figures as in the index."""

from decimal import Decimal
from threading import BoundedSemaphore

import pytest
from django.core.cache import caches

from matching import facts, index, regional, services
from matching.engine import MatchIndex
from organisations.models import Organisation
from regions import pressure
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    OrganisationFactory,
    PriorityFactory,
    SourceFactory,
    StatementFactory,
    VocabularyFactory,
)
from tests.matching.conftest import project


def fit(a, b, **options):
    return services.region_fit(a=a, b=b, **options)


def test_the_reasons_add_up_and_show_their_evidence(world):
    answer = fit(world.malopolska, world.ara)

    assert sum(term.points for term in answer.terms) == answer.score > 0
    assert [shared.concept for shared in answer.shared_priorities] == [world.green]
    assert answer.networks == ()
    assert all(term.evidence for term in answer.terms)
    assert [(c.a_segment, c.b_segment) for c in answer.complements] == [
        (world.transport, world.storage)
    ]
    assert next((m.a, m.b) for m in answer.pairs) == (world.lab, world.maker)


def test_more_pairs_than_are_compared_are_said_to_be_too_many(world, anonymous, monkeypatch):
    monkeypatch.setattr("matching.engine.index.MAX_PAIRS", 0)
    answer = fit(world.malopolska, world.ara)
    assert (answer.pairs, answer.illustrative_pairs, answer.are_compared) == ((), (), False)
    assert answer.score > 0

    page = anonymous.get(f"/regions/{world.malopolska.slug}/with/{world.ara.slug}/")
    assert "Too many organisations to compare them all" in page.content.decode()


def test_what_takes_too_long_is_too_many_and_not_remembered(world, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("matching.fit.PATIENCE", -1.0)
        assert not fit(world.malopolska, world.ara).are_compared
    assert fit(world.malopolska, world.ara).pairs


def test_pairs_are_compared_once_until_something_changes(world, monkeypatch):
    compared = []
    compare = MatchIndex.best_pairs_between

    def counted(self, left, right, *args, **more):
        compared.append((left, right))
        return compare(self, left, right, *args, **more)

    monkeypatch.setattr(MatchIndex, "best_pairs_between", counted)
    first = fit(world.malopolska, world.ara)
    assert fit(world.malopolska, world.ara).pairs == first.pairs
    assert len(compared) == 1
    Organisation.objects.filter(pk=world.maker.pk).update(status="archived")
    pairs = fit(world.malopolska, world.ara).pairs
    assert len(compared) == 2
    assert world.maker not in {match.b for match in pairs}


@pytest.mark.parametrize("ending", ["/", ".json", ".pdf"])
def test_the_heavy_part_waits_for_its_turn(world, anonymous, monkeypatch, ending):
    turns = BoundedSemaphore(1)
    turns.acquire()
    monkeypatch.setattr(pressure, "_turns", turns)
    monkeypatch.setattr(pressure, "WAIT", 0.01)
    address = f"/regions/{world.malopolska.slug}/with/{world.ara.slug}{ending}"
    answer = anonymous.get(address)
    assert (answer.status_code, bool(answer.headers["Retry-After"])) == (503, True)
    turns.release()
    assert anonymous.get(address).status_code == 200


def test_too_many_invented_pairs_take_no_real_ones_away(world, monkeypatch):
    made = [
        OrganisationFactory(home_region=region, is_illustrative=True)
        for region in (world.malopolska, world.ara)
        for _ in range(9)
    ]
    index.build()
    plain = fit(world.malopolska, world.ara)
    caches["suggestions"].clear()
    monkeypatch.setattr("matching.engine.index.MAX_PAIRS", 80)
    answer = fit(world.malopolska, world.ara)
    assert len(made) == 18
    assert answer.pairs
    assert [(m.a, m.b) for m in answer.pairs] == [(m.a, m.b) for m in plain.pairs]
    assert (answer.illustrative_pairs, answer.are_compared) == ((), True)


def test_swapping_the_regions_swaps_the_sides_only(world):
    there, back = fit(world.malopolska, world.ara), fit(world.ara, world.malopolska)

    assert there.score == back.score
    assert [(t.label, t.points) for t in there.terms] == [(t.label, t.points) for t in back.terms]
    assert [(c.a_segment, c.b_segment, c.a_holders, c.b_holders) for c in there.complements] == [
        (c.b_segment, c.a_segment, c.b_holders, c.a_holders) for c in back.complements
    ]
    assert [(m.a, m.b, m.score) for m in there.pairs] == [(m.b, m.a, m.score) for m in back.pairs]
    assert there.history == back.history


def test_complements_that_rest_on_the_invented_come_last_in_either_order(world):
    for region in (world.malopolska, world.ara):
        made = OrganisationFactory(home_region=region, is_illustrative=True)
        for concept in (world.storage, world.transport):
            StatementFactory(organisation=made, concept=concept, role="offers")

    there, back = (
        [
            (c.a_segment, c.b_segment, c.a_holders, c.b_holders, c.a_illustrative, c.b_illustrative)
            for c in fit(a, b, pairs=0).complements
        ]
        for a, b in ((world.malopolska, world.ara), (world.ara, world.malopolska))
    )

    assert there == [
        (world.transport, world.storage, 1, 1, 1, 1),
        (world.storage, world.transport, 0, 0, 1, 1),
    ]
    assert back == [(b, a, of_b, of_a, y, x) for a, b, of_a, of_b, x, y in there]


def test_invented_organisations_are_paired_apart(world):
    invented = [
        OrganisationFactory(name=f"Example {n}", home_region=region, is_illustrative=True)
        for n, region in enumerate((world.malopolska, world.ara))
    ]
    for organisation, role in zip(invented, ("needs", "offers"), strict=True):
        StatementFactory(organisation=organisation, concept=world.storage, role=role)
    index.build()
    answer = fit(world.malopolska, world.ara)

    assert [(m.a, m.b) for m in answer.illustrative_pairs] == [tuple(invented)]
    assert not any(m.a.is_illustrative or m.b.is_illustrative for m in answer.pairs)
    assert answer.pairs


def test_networks_and_joint_history(world):
    answer = fit(world.malopolska, world.berlin)

    assert [network.name for network in answer.networks] == ["Vanguard Initiative"]
    assert answer.history.total == 1
    assert answer.history.by_year == ((2016, 1),)
    assert answer.history.latest == (world.projects[0],)


def test_years_without_joint_projects_stand_in_the_chart(world):
    project(2013, world.lab, world.institute)
    assert fit(world.malopolska, world.berlin, pairs=0).history.by_year == (
        (2013, 1),
        (2014, 0),
        (2015, 0),
        (2016, 1),
    )


def test_the_pair_page_and_the_index_know_the_same_fit(world):
    answer = fit(world.malopolska, world.ara, pairs=0)
    low, high = sorted((world.malopolska.pk, world.ara.pk))
    mass = sum(m for _reason, m in regional.fit_of_all()[low, high])
    assert answer.score == Decimal(mass) / 100

    match = services.match_of(a=world.lab, b=world.maker)
    points = next(p for p in match.parts if p.signal == "regional_fit").points
    weight = Decimal(facts.scoring_in_force().weights["regional_fit"]) / 100
    assert points == (weight * mass / 10_000).quantize(Decimal("0.01")) > 0


def test_specialisations_worded_differently_meet_in_their_ecosystem(world):
    own = VocabularyFactory(scheme="smart-specialisations")
    ecosystem = ConceptFactory(vocabulary=VocabularyFactory(scheme="industrial-ecosystems"))
    for region in (world.malopolska, world.berlin):
        wording = ConceptFactory(vocabulary=own)
        ConceptRelationFactory(kind="ecosystem", source=wording, target=ecosystem)
        PriorityFactory(region=region, concept=wording, kind="specialisation")
    shared = fit(world.malopolska, world.berlin).shared_priorities
    assert [s.concept for s in shared] == [ecosystem]


def test_historic_priorities_do_not_count(world):
    concept = ConceptFactory()
    for region in (world.malopolska, world.berlin):
        PriorityFactory(region=region, concept=concept, is_historic=True)
    assert fit(world.malopolska, world.berlin).shared_priorities == ()


def test_an_area_fits_too(world):
    answer = fit(world.malopolska, world.rhone)
    assert [(match.a, match.b) for match in answer.pairs] == [
        (world.lab, world.maker),
        (world.neighbour, world.maker),
    ]


def test_adding_what_both_share_never_lowers_the_fit(world):
    before = fit(world.malopolska, world.ara, pairs=0).score
    concept = ConceptFactory()
    for region in (world.malopolska, world.ara):
        PriorityFactory(region=region, concept=concept)
    after = fit(world.malopolska, world.ara, pairs=0).score
    assert after >= before
    project(2017, world.neighbour, world.other)
    assert fit(world.malopolska, world.ara, pairs=0).score >= after


def test_fitting_regions_come_best_first_without_the_region_itself(world):
    rows = services.fitting_regions(region=world.malopolska)

    assert {row.region for row in rows} == {world.ara, world.berlin}
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    for row in rows:
        assert row.score == fit(world.malopolska, row.region, pairs=0).score
        assert row.reasons


def test_an_area_is_not_compared_with_the_region_around_it(world):
    assert world.ara not in {r.region for r in services.fitting_regions(region=world.rhone)}


def test_queries_are_constant(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(35):
        fit(world.malopolska, world.ara)
    with django_assert_max_num_queries(10):
        services.fitting_regions(region=world.malopolska)


def test_points_that_stand_without_what_is_invented_are_not_counted_as_invented(world):
    real, example = ConceptFactory(label="Ceramics"), ConceptFactory(label="Glass")
    invented = SourceFactory(slug="invented", standing="illustrative")
    for concept in (real, example):
        PriorityFactory(region=world.malopolska, concept=concept)
        PriorityFactory(region=world.ara, concept=concept, title="Example", source=invented)
    PriorityFactory(region=world.ara, concept=real)

    answer = fit(world.malopolska, world.ara, pairs=0)

    (of_real, of_example) = (
        next(term for term in answer.terms if concept.label in term.label)
        for concept in (real, example)
    )
    assert any(each.is_illustrative for each in of_real.evidence)
    assert (of_real.is_illustrative, of_example.is_illustrative) == (False, True)
    assert answer.illustrative_points == of_example.points > 0
    assert {item.concept: item.is_illustrative for item in answer.shared_priorities} == {
        world.green: False,
        real: False,
        example: True,
    }
