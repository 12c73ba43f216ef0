"""What a build reads from the database, whole and for a few organisations."""

import datetime
import math
import secrets
from collections import defaultdict

import numpy as np
import pytest
from django.db import connection

from initiatives.models import Initiative, Participation
from matching import facts
from matching.engine import Profile
from matching.facts import copying
from matching.facts.tables import country_codes
from organisations.models import Organisation, Statement
from tests.factories import (
    ConceptFactory,
    CountryFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    StatementEvidenceFactory,
    StatementFactory,
    VocabularyFactory,
)

TODAY = datetime.date(2026, 6, 1)


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        yield cursor


def plain_profiles():
    """The profiles as a reader of the models would write them down."""
    fields = {"needs": "needs", "offers": "offers", "interested": "interests"}
    for organisation in Organisation.objects.filter(status__in=["verified", "pending"]):
        held = defaultdict(dict)
        for statement in organisation.statements.all():
            if statement.valid_until and statement.valid_until < TODAY:
                continue
            weight, concept = statement.weight, statement.concept_id
            if statement.role == "interested":
                shown = statement.evidence.count() if statement.origin == "demonstrated" else 0
                weight = round(4 * math.log2(1 + shown)) if shown else 4 * weight
            names = [fields[statement.role]]
            scheme = statement.concept.vocabulary.scheme
            if statement.role == "offers" and scheme == "hydrogen-value-chain":
                names.append("segments")
            for name in names:
                held[name][concept] = max(weight, held[name].get(concept, 0))
        yield Profile(
            id=organisation.pk,
            home=organisation.home_region_id,
            country=organisation.country_id,
            kind=1 + Organisation.Kind.values.index(organisation.kind),
            listed=organisation.status == "verified",
            **held,
        )


def plain_participations():
    for row in Participation.objects.filter(initiative__kind="project"):
        if row.organisation_id or row.pic:
            start = row.initiative.start_date
            partner = row.organisation_id or -int(row.pic)
            yield row.initiative_id, partner, start.toordinal() if start else 0


def rows_of(participations):
    return sorted(
        zip(
            participations.project.tolist(),
            participations.partner.tolist(),
            participations.start.tolist(),
            strict=True,
        )
    )


@pytest.fixture
def organisations(db):
    """Of every status, some without place or country, with statements of every kind."""
    chain = VocabularyFactory(scheme="hydrogen-value-chain")
    segments = [ConceptFactory(vocabulary=chain) for _ in range(3)]
    concepts = [ConceptFactory() for _ in range(4)]
    poland, germany = CountryFactory(code="PL"), CountryFactory(code="DE")
    made = []
    statuses = ["draft", "pending", "verified", "held", "rejected", "archived"]
    assert sorted(statuses) == sorted(Organisation.Status.values)
    for number, status in enumerate([*statuses, "verified", "verified"]):
        made.append(
            OrganisationFactory(
                status=status,
                kind=Organisation.Kind.values[number % 10],
                country=[poland, germany, None][number % 3],
                home_region=RegionFactory(country=poland) if number % 2 else None,
            )
        )
    for number, organisation in enumerate(made[:-1]):
        for role in Statement.Role:
            for weight, concept in enumerate([segments[number % 3], concepts[number % 4]], 1):
                StatementFactory(
                    organisation=organisation, concept=concept, role=role, weight=weight
                )
    both = StatementFactory(
        organisation=made[2], concept=concepts[0], role="offers", weight=1, origin="declared"
    )
    StatementFactory(
        organisation=both.organisation,
        concept=both.concept,
        role="offers",
        weight=3,
        origin="demonstrated",
    )
    for projects in (1, 5, 9):
        cared = StatementFactory(
            organisation=made[2], concept=ConceptFactory(), role="interested", origin="demonstrated"
        )
        for _ in range(projects):
            StatementEvidenceFactory(statement=cared, initiative=InitiativeFactory())
    for day in (TODAY, TODAY - datetime.timedelta(days=1)):
        StatementFactory(
            organisation=made[2],
            concept=ConceptFactory(),
            role="needs",
            valid_until=day,
        )
    return made


@pytest.fixture
def projects(organisations):
    """Projects of indexed and other organisations, of PICs and names; and what is no project."""
    first = InitiativeFactory(start_date=datetime.date(2016, 3, 1))
    second = InitiativeFactory(start_date=None, end_date=None)
    event = InitiativeFactory(kind=Initiative.Kind.EVENT)
    for organisation in organisations[:4]:
        ParticipationFactory(initiative=first, organisation=organisation)
        ParticipationFactory(initiative=event, organisation=organisation)
    for organisation in organisations[4:]:
        ParticipationFactory(initiative=second, organisation=organisation)
    sweden = CountryFactory(code="SE")
    ParticipationFactory(initiative=first, organisation=None, pic="900000001", country=sweden)
    ParticipationFactory(initiative=second, organisation=None, pic="900000001", country=None)
    ParticipationFactory(initiative=second, organisation=None, pic="", name="Somebody")
    return first, second


def by_id(profiles):
    return {profile.id: profile for profile in profiles}


def test_all_profiles_are_as_the_models_say(organisations, cursor):
    found = facts.everything(cursor, today=TODAY)
    assert by_id(facts.profiles_of(found.population)) == by_id(plain_profiles())
    assert len(found.population) == 4


def test_only_verified_organisations_are_listed(organisations, cursor):
    profiles = by_id(facts.of(cursor, [each.pk for each in organisations], today=TODAY).profiles)
    assert {pk for pk, profile in profiles.items() if profile.listed} == set(
        Organisation.objects.verified().values_list("pk", flat=True)
    )
    (pending,) = Organisation.objects.filter(status="pending")
    assert not profiles[pending.pk].listed


def test_a_statement_counts_through_its_last_day(organisations, cursor):
    (profile,) = facts.of(cursor, [organisations[2].pk], today=TODAY).profiles
    ending = Statement.objects.get(organisation=organisations[2], valid_until=TODAY)
    ended = Statement.objects.get(organisation=organisations[2], valid_until__lt=TODAY)
    assert ending.concept_id in profile.needs
    assert ended.concept_id not in profile.needs


def test_all_participations_are_as_the_models_say(projects, cursor):
    found = facts.everything(cursor, today=TODAY)
    assert rows_of(found.participations) == sorted(plain_participations())


def test_partners_without_a_profile_are_where_a_participation_says(organisations, projects, cursor):
    places = facts.everything(cursor, today=TODAY).places
    outside = {each.pk for each in organisations if each.status not in ("verified", "pending")}
    assert set(places) == outside | {-900000001}
    assert places[-900000001] == (None, "SE")
    for organisation in organisations:
        if organisation.pk in outside and organisation.country_id:
            assert places[organisation.pk] == (
                organisation.home_region_id,
                organisation.country_id,
            )


def test_the_facts_of_some_are_those_of_all(organisations, projects, cursor):
    found = facts.everything(cursor, today=TODAY)
    everyone = by_id(facts.profiles_of(found.population))
    for organisation in organisations:
        some = facts.of(cursor, [organisation.pk], today=TODAY)
        expected = [everyone[organisation.pk]] if organisation.pk in everyone else []
        assert some.profiles == expected
        assert some.removed == ([] if expected else [organisation.pk])
        theirs = set(
            organisation.participations.filter(initiative__kind="project").values_list(
                "initiative_id", flat=True
            )
        )
        assert rows_of(some.participations) == [
            row for row in sorted(plain_participations()) if row[0] in theirs
        ]
        with_them = {partner for _, partner, _ in rows_of(some.participations)}
        assert with_them <= some.places.keys()
        for partner, place in some.places.items():
            profile = everyone.get(partner)
            assert place == ((profile.home, profile.country) if profile else found.places[partner])


def test_one_that_does_not_exist_is_removed(cursor):
    some = facts.of(cursor, [4711], today=TODAY)
    assert (some.profiles, some.removed) == ([], [4711])
    assert len(some.participations.project) == 0


def test_an_empty_database_has_no_facts(cursor):
    found = facts.everything(cursor, today=TODAY)
    assert len(found.population) == 0
    assert len(found.participations.project) == 0
    found.population.check()


def test_a_table_read_in_many_parts_is_read_once(organisations, projects, cursor, monkeypatch):
    Statement.objects.bulk_create(
        Statement(
            organisation=each, concept=ConceptFactory(), role="needs", text=secrets.token_hex(900)
        )
        for each in OrganisationFactory.create_batch(20)
    )
    whole = facts.everything(cursor, today=TODAY)
    monkeypatch.setattr(copying, "PAGES_AT_ONCE", 1)
    parts = list(copying.pages(cursor, "organisations_statement"))
    assert len(parts) > 2
    again = facts.everything(cursor, today=TODAY)
    assert by_id(facts.profiles_of(again.population)) == by_id(facts.profiles_of(whole.population))
    assert len(again.population.statement_concept) == len(whole.population.statement_concept)


def test_columns_hold_what_a_query_gives(cursor):
    low, high = -(2**63) + 1, 2**63 - 1
    numbers = f"(VALUES ({low}::bigint, 1), (0, 2), ({high}, 3)) AS t (a, b)"
    a, b = copying.columns(cursor, ("a", "b"), numbers)
    assert a.tolist() == [low, 0, high]
    assert b.tolist() == [1, 2, 3]
    assert a.dtype == np.int64


def test_an_answer_with_nulls_is_refused(cursor):
    with pytest.raises(copying.CopyError, match="nulls 1"):
        copying.columns(cursor, ("a",), "(VALUES (1), (NULL)) AS t (a)")


def test_country_codes_come_back_from_their_numbers():
    numbers = np.array([ord("P") * 256 + ord("L"), 0, ord("D") * 256 + ord("E")])
    assert country_codes(numbers).tolist() == ["PL", "", "DE"]
