"""Demonstrated statements: roles, weights, evidence, and that a second run changes nothing."""

import pytest

from initiatives import derivation
from initiatives.models import Initiative, InitiativeConcept, StatementEvidence
from organisations.models import Organisation, Statement
from regions.models import ConceptRelation, Priority
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeConceptFactory,
    InitiativeFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    StatementFactory,
    VocabularyFactory,
)

pytestmark = pytest.mark.django_db


def concept(scheme, code):
    return ConceptFactory(vocabulary=VocabularyFactory(scheme=scheme), code=code)


@pytest.fixture
def world():
    """Programme part SC3 serves the green transition and belongs to the energy ecosystem."""
    part, theme = concept("h2020-programme-parts", "SC3"), concept("themes", "green-transition")
    ecosystem = concept("industrial-ecosystems", "energy-renewables")
    excellence = concept("themes", "excellence-sectors")
    relate(part, theme, "theme")
    relate(part, ecosystem, "ecosystem")
    home = NutsUnitFactory()
    organisation = OrganisationFactory(
        nuts3=home, home_region=home.home_region, country=home.country
    )
    return {
        "part": part,
        "theme": theme,
        "ecosystem": ecosystem,
        "excellence": excellence,
        "organisation": organisation,
    }


def relate(source, target, kind):
    ConceptRelationFactory(source=source, target=target, kind=kind)


def project_with(organisation, *concepts, role="topic", **values):
    project = InitiativeFactory(kind=Initiative.Kind.PROJECT, **values)
    ParticipationFactory(initiative=project, organisation=organisation)
    for each in concepts:
        InitiativeConceptFactory(initiative=project, concept=each, role=role, origin="register")
    return project


def demonstrated(organisation):
    found = Statement.objects.filter(organisation=organisation, origin="demonstrated")
    return {(each.role, each.concept.code): each.weight for each in found}


def evidence_for(organisation, concept):
    statement = Statement.objects.get(
        organisation=organisation, concept=concept, origin="demonstrated"
    )
    return {each.initiative for each in statement.evidence.all()}


def test_a_programme_part_shows_interest_in_itself_its_ecosystem_and_theme(world):
    project = project_with(world["organisation"], world["part"])

    derivation.derive()

    assert demonstrated(world["organisation"]) == {
        ("interested", "SC3"): 1,
        ("interested", "energy-renewables"): 1,
        ("interested", "green-transition"): 1,
    }
    for name in ("part", "ecosystem", "theme"):
        assert evidence_for(world["organisation"], world[name]) == {project}


@pytest.mark.parametrize(("projects", "weight"), [(1, 1), (2, 2), (4, 2), (5, 3), (12, 3)])
def test_weight_grows_with_the_number_of_projects_and_all_are_evidence(world, projects, weight):
    made = {project_with(world["organisation"], world["part"]) for _ in range(projects)}

    derivation.derive()

    assert set(demonstrated(world["organisation"]).values()) == {weight}
    assert evidence_for(world["organisation"], world["theme"]) == made


def test_a_theme_is_reached_through_the_ecosystem(world):
    other = concept("h2020-programme-parts", "LEIT")
    relate(other, world["ecosystem"], "ecosystem")
    relate(world["ecosystem"], world["theme"], "theme")
    project_with(world["organisation"], other)

    derivation.derive()

    assert ("interested", "green-transition") in demonstrated(world["organisation"])


def test_a_project_that_reaches_a_theme_twice_counts_once(world):
    relate(world["ecosystem"], world["theme"], "theme")
    project = project_with(world["organisation"], world["part"])

    derivation.derive()

    assert evidence_for(world["organisation"], world["theme"]) == {project}
    assert demonstrated(world["organisation"])["interested", "green-transition"] == 1


@pytest.mark.parametrize(
    ("kind", "is_historic", "expected"),
    [("excellence", False, True), ("excellence", True, False), ("specialisation", False, False)],
)
def test_the_excellence_theme_follows_the_home_region(world, kind, is_historic, expected):
    region = world["organisation"].home_region
    PriorityFactory(region=region, concept=world["ecosystem"], kind=kind, is_historic=is_historic)
    project = project_with(world["organisation"], world["part"])

    derivation.derive()

    assert (("interested", "excellence-sectors") in demonstrated(world["organisation"])) is expected
    if expected:
        assert evidence_for(world["organisation"], world["excellence"]) == {project}


def test_another_region_s_excellence_sector_says_nothing(world):
    PriorityFactory(concept=world["ecosystem"], kind=Priority.Kind.EXCELLENCE)
    project_with(world["organisation"], world["part"])

    derivation.derive()

    assert ("interested", "excellence-sectors") not in demonstrated(world["organisation"])


def test_an_excellence_sector_may_be_a_field_within_the_ecosystem(world):
    field = concept("region-themes", "energy")
    relate(field, world["ecosystem"], "ecosystem")
    PriorityFactory(
        region=world["organisation"].home_region, concept=field, kind=Priority.Kind.EXCELLENCE
    )
    project_with(world["organisation"], world["part"])

    derivation.derive()

    assert ("interested", "excellence-sectors") in demonstrated(world["organisation"])


def test_texts_show_offers_and_coverage(world):
    storage = concept("hydrogen-value-chain", "storage")
    photonics = concept("advanced-technologies", "photonics")
    project = project_with(
        world["organisation"],
        name="Hydrogen storage in hydrides",
        description="Silicon photonics measures the load.",
    )

    derivation.derive()

    assert demonstrated(world["organisation"]) == {
        ("offers", "storage"): 1,
        ("offers", "photonics"): 1,
    }
    assert set(project.coverage.values_list("concept", "role", "origin")) == {
        (storage.pk, "covers", "text"),
        (photonics.pk, "topic", "text"),
    }


def test_a_second_run_changes_nothing(world):
    concept("hydrogen-value-chain", "storage")
    project_with(world["organisation"], world["part"], description="We do hydrogen storage.")
    first = derivation.derive()
    statements = list(Statement.objects.order_by("pk").values())
    evidence = list(StatementEvidence.objects.order_by("pk").values())

    second = derivation.derive()

    assert (first.new, first.new_evidence) == (4, 4)
    assert (second.new, second.changed, second.gone) == (0, 0, 0)
    assert (second.new_evidence, second.gone_evidence) == (0, 0)
    assert (second.statements, second.evidence) == (4, 4)
    assert list(Statement.objects.order_by("pk").values()) == statements
    assert list(StatementEvidence.objects.order_by("pk").values()) == evidence


def test_what_is_no_longer_shown_goes(world):
    kept = project_with(world["organisation"], world["part"])
    lost = project_with(world["organisation"], world["part"])
    derivation.derive()
    lost.participations.all().delete()
    ConceptRelation.objects.filter(kind="theme").delete()

    derived = derivation.derive()

    assert (derived.gone, derived.changed) == (1, 2)
    assert demonstrated(world["organisation"]) == {
        ("interested", "SC3"): 1,
        ("interested", "energy-renewables"): 1,
    }
    assert evidence_for(world["organisation"], world["part"]) == {kept}


def test_a_text_that_changed_takes_its_concepts_with_it(world):
    concept("hydrogen-value-chain", "storage")
    stated = concept("hydrogen-value-chain", "refuelling")
    project = project_with(
        world["organisation"], stated, role="covers", description="We do hydrogen storage."
    )
    InitiativeConcept.objects.filter(concept=stated).update(origin="stated")
    derivation.derive()
    project.description = "We do something else."
    project.save()

    derivation.derive()

    assert demonstrated(world["organisation"]) == {("offers", "refuelling"): 1}


def test_declared_statements_are_left_alone(world):
    declared = StatementFactory(
        organisation=world["organisation"], concept=world["theme"], role="interested", weight=3
    )
    project_with(world["organisation"], world["part"])

    derivation.derive()

    declared.refresh_from_db()
    assert declared.weight == 3
    assert demonstrated(world["organisation"])["interested", "green-transition"] == 1


def test_only_projects_demonstrate(world):
    valley = project_with(world["organisation"], world["part"])
    Initiative.objects.filter(pk=valley.pk).update(kind=Initiative.Kind.VALLEY)

    assert derivation.derive().statements == 0


def test_a_participant_without_a_profile_has_no_statements(world):
    project = InitiativeFactory(kind=Initiative.Kind.PROJECT)
    ParticipationFactory(initiative=project, organisation=None, pic="900000009")
    InitiativeConceptFactory(initiative=project, concept=world["part"], role="topic")

    assert derivation.derive().statements == 0
    assert Organisation.objects.count() == 1
