"""Suggestions in words: exact sums, evidence, and who is never suggested."""

from decimal import Decimal

import pytest

from matching import engine, index, services
from matching.exposure import HEAD, WellKnown
from matching.models import ScoringWeights
from matching.ranking import Ranking
from matching.results import SIGNALS
from organisations.models import Organisation
from tests.factories import (
    ConceptFactory,
    OrganisationFactory,
    ParticipationFactory,
    StatementFactory,
)
from tests.matching.conftest import project


def best(world, **narrowed):
    return services.suggestions_for(organisation=world.lab, **narrowed)


def test_every_signal_speaks_and_the_terms_add_up(world):
    match = best(world)[0]

    assert match.organisation == world.maker
    assert {part.signal for part in match.parts if part.points} == set(SIGNALS)
    assert sum(term.points for term in match.terms) == match.score
    assert sum(part.points for part in match.parts) == match.score
    assert all(term.points == term.points.quantize(Decimal("0.01")) for term in match.terms)


def test_each_term_says_why_with_evidence(world):
    match = best(world)[0]
    labels = {term.signal: term.label for term in match.terms}

    assert labels["complementarity"] == ("Lab of Kraków looks for Storage; Maker of Lyon offers it")
    assert labels["shared_priorities"] == (
        "Both work on the green transition: 1 project of Lab of Kraków, 1 project of Maker of Lyon"
    )
    assert labels["value_chain"] == (
        "Lab of Kraków covers Transport, Maker of Lyon the neighbouring Storage"
    )
    assert labels["regional_fit"] == "Both regions give priority to Green transition"
    assert all(term.evidence for term in match.terms)


def test_partners_in_common_are_named_with_the_projects_that_show_it(world):
    terms = [term for term in best(world)[0].terms if term.signal == "track_record"]
    by_label = {term.label: term for term in terms}

    assert set(by_label) == {
        "Both have worked with Institute",
        "Both have worked with the participant with PIC 999999999, which has no profile here",
    }
    urls = [e.url for e in by_label["Both have worked with Institute"].evidence]
    assert urls == [made.get_absolute_url() for made in world.projects]


def test_a_partner_in_common_is_told_by_its_name_and_not_by_its_acronym_alone(world):
    Organisation.objects.filter(slug="institute").update(short_name="UORL")
    labels = {term.label for term in best(world)[0].terms}

    assert "Both have worked with Institute (UORL)" in labels


def test_demonstrated_statements_show_their_projects(world):
    terms = [term for term in best(world)[0].terms if term.signal == "shared_priorities"]
    assert {evidence.kind for term in terms for evidence in term.evidence} == {"project"}


def test_what_is_missing_is_said_with_what_it_could_bring(world):
    other = next(match for match in best(world) if match.organisation == world.other)
    missing = {unknown.reason: unknown.possible_points for unknown in other.unknown}

    assert "Other of Auvergne lists no needs yet" in missing
    assert all(points >= 0 for points in missing.values())
    assert missing["Other of Auvergne lists no needs yet"] > 0


def test_never_itself_its_region_or_those_it_works_with(world):
    suggested = {match.organisation for match in best(world)}
    assert suggested == {world.maker, world.other}


def test_a_withdrawn_organisation_is_not_suggested_even_before_the_next_index(world):
    Organisation.objects.filter(pk=world.maker.pk).update(status=Organisation.Status.ARCHIVED)
    assert [match.organisation for match in best(world)] == [world.other]


def test_narrowed_to_a_region_an_area_a_country_a_kind(world):
    def names(**narrowed):
        return [match.organisation.slug for match in best(world, **narrowed)]

    assert names(region=world.ara) == ["maker", "other"]
    assert names(region=world.rhone) == ["maker"]
    assert names(region=world.berlin) == []
    assert names(country="FR") == ["maker", "other"]
    assert names(country="PL") == []
    assert names(kind=Organisation.Kind.RESEARCH) == ["maker", "other"]
    assert names(kind=Organisation.Kind.CLUSTER) == []
    assert names(limit=1) == ["maker"]


def test_symmetric(world):
    there = services.match_of(a=world.lab, b=world.maker)
    back = services.match_of(a=world.maker, b=world.lab)

    assert there.score == back.score
    assert sorted((t.signal, t.points) for t in there.terms) == sorted(
        (t.signal, t.points) for t in back.terms
    )


def test_past_partners_are_listed(world):
    partners, total = services.past_partners(organisation=world.lab)
    assert [(p.organisation, p.projects, p.last_year) for p in partners] == [
        (world.institute, 1, 2016)
    ]
    assert total == 1


def test_the_weights_in_force_count_at_once(world):
    before = best(world)[0].score
    ScoringWeights.objects.update(in_force=False)
    ScoringWeights.objects.create(
        version="all-complementarity",
        complementarity=100,
        shared_priorities=0,
        value_chain=0,
        track_record=0,
        regional_fit=0,
        experience=0,
        note="For a test.",
        in_force=True,
    )
    match = best(world)[0]
    assert {term.signal for term in match.terms} == {"complementarity"}
    assert match.score == Decimal("25.00") != before


def test_many_partners_in_common_are_one_term_beyond_the_first(world):
    for n in range(12):
        partner = OrganisationFactory(name=f"Partner {n}", home_region=world.berlin)
        project(2017, world.lab, partner)
        project(2017, world.maker, partner)
    index.build()
    match = best(world)[0]
    labels = [term.label for term in match.terms if term.signal == "track_record"]

    assert len(labels) == 7
    assert labels[-1] == "8 more partners in common"
    assert not any("PIC" in label for label in labels)
    in_full = services.match_of(a=world.lab, b=world.maker)
    assert len([t for t in in_full.terms if t.signal == "track_record"]) == 14
    assert in_full.score == match.score == sum(t.points for t in in_full.terms)
    assert sum(term.points for term in match.terms) == match.score


def test_a_short_explanation_adds_up_too(world):
    for n in range(9):
        concept = ConceptFactory(label=f"Interest {n}")
        for organisation in (world.lab, world.maker):
            StatementFactory(organisation=organisation, concept=concept, role="interested")
    index.build()
    match = best(world)[0]

    assert len(match.leading) == 8
    assert match.lesser_count == len(match.terms) - 8 > 0
    shown = sum(term.points for term in match.leading)
    assert shown + match.lesser_points == match.score
    assert min(t.points for t in match.leading) >= max(
        t.points for t in match.terms if t not in match.leading
    )


def test_no_index_is_said(world, settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "nothing"
    with pytest.raises(services.IndexNotBuilt, match="build_index"):
        best(world)


def test_an_organisation_newer_than_the_index_is_said(world):
    newcomer = OrganisationFactory(home_region=world.malopolska)
    with pytest.raises(services.OrganisationNotIndexed):
        services.suggestions_for(organisation=newcomer)


def test_an_expired_statement_no_longer_counts(world):
    statement = StatementFactory(
        organisation=world.other, concept=world.storage, valid_until="2020-01-01"
    )
    index.build()
    assert "complementarity" not in {
        term.signal
        for match in best(world)
        if match.organisation == statement.organisation
        for term in match.terms
    }


def test_with_itself_is_refused(world):
    with pytest.raises(engine.EngineError):
        services.match_of(a=world.lab, b=world.lab)


def test_queries_do_not_grow_with_the_suggestions(world, django_assert_max_num_queries):
    for n in range(30):
        extra = OrganisationFactory(name=f"Extra {n}", home_region=world.ara)
        StatementFactory(organisation=extra, concept=world.storage)
    index.build()
    with django_assert_max_num_queries(10):
        assert len(services.suggestions_for(organisation=world.lab, limit=30)) == 30


def test_the_well_known_move_in_the_order_and_no_score_changes(world):
    for slug in ("second", "third"):
        fitting = OrganisationFactory(slug=slug, home_region=world.ara)
        StatementFactory(organisation=fitting, concept=world.storage, role="offers")
    famous = OrganisationFactory(slug="famous", home_region=world.ara)
    StatementFactory(organisation=famous, concept=world.green, role="interested", weight=1)
    big = project(2016, famous, pic="999999999")
    for n in range(63):
        ParticipationFactory(initiative=big, organisation=None, pic=f"{n:09}")
    index.build()

    def ranked(well_known):
        matches = best(world, ranking=Ranking(well_known=well_known))
        return {match.organisation.slug: match.score for match in matches}

    more, less = ranked(WellKnown.MORE), ranked(WellKnown.LESS)
    assert more == less
    assert len(more) == HEAD + 2
    assert list(more)[:HEAD] == list(less)[:HEAD], "the first places go by the score alone"
    assert list(more)[HEAD:] == ["famous", "other"]
    assert list(less)[HEAD:] == ["other", "famous"]
    usual = [match.organisation.slug for match in best(world)]
    assert usual == list(ranked(WellKnown.USUAL)), "exposure-aware unless asked otherwise"
