"""The outbox notes every change that matching depends on, and its reader loses none."""

import datetime
import threading
import time

import psycopg
import pytest
from django.db import connection, connections, transaction

from initiatives.models import Initiative, Participation, StatementEvidence
from matching.outbox import cursor as outbox
from matching.outbox.cursor import Position, PositionLost
from matching.outbox.models import Change
from organisations.models import Organisation, Statement
from regions.models import ConceptRelation
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    InitiativeFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    RegionFactory,
    SourceFactory,
    StatementEvidenceFactory,
    StatementFactory,
)

EVERYTHING, SURROUNDINGS = Change.Mark.EVERYTHING, Change.Mark.SURROUNDINGS


@pytest.fixture
def cursor(db):
    with connection.cursor() as cursor:
        yield cursor


@pytest.fixture
def noted(cursor):
    """The organisations that the outbox notes while something is done.

    A test is one transaction, and a transaction notes an organisation once; so what it noted
    already is forgotten first.
    """

    def noted(do):
        Change.objects.all().delete()
        here = outbox.position(cursor)
        do()
        return outbox.changed_since(cursor, here)

    return noted


@pytest.fixture
def consortium(db):
    """Three organisations in one project."""
    project = InitiativeFactory(start_date=datetime.date(2016, 1, 1), end_date=None)
    members = OrganisationFactory.create_batch(3)
    for member in members:
        ParticipationFactory(initiative=project, organisation=member)
    return project, members


def test_a_new_organisation_is_noted(noted):
    made = []
    assert noted(lambda: made.append(OrganisationFactory().pk)) == set(made)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "archived"},
        {"status": "pending"},
        {"kind": "ngo"},
        {"home_region": None, "nuts3": None},
        {"country": None},
    ],
)
def test_a_change_of_a_column_that_matching_reads_is_noted(noted, values):
    organisation = OrganisationFactory(home_region=RegionFactory(), kind="sme")
    changed = Organisation.objects.filter(pk=organisation.pk)
    assert noted(lambda: changed.update(**values)) == {organisation.pk}
    assert noted(lambda: changed.update(**values)) == set()


@pytest.mark.parametrize("values", [{"name": "Other"}, {"description": "x"}, {"city": "Lyon"}])
def test_a_change_of_other_columns_is_not(noted, values):
    organisation = OrganisationFactory()
    assert noted(lambda: Organisation.objects.filter(pk=organisation.pk).update(**values)) == set()


def test_a_deleted_organisation_is_noted(noted):
    organisation = OrganisationFactory()
    pk = organisation.pk
    assert noted(organisation.delete) == {pk}


def test_raw_sql_is_noted(noted, cursor):
    organisations = OrganisationFactory.create_batch(3)
    chosen = [organisation.pk for organisation in organisations[:2]]
    sql = "UPDATE organisations_organisation SET status = 'archived' WHERE id = ANY(%s)"
    assert noted(lambda: cursor.execute(sql, [chosen])) == set(chosen)


def test_statements_note_their_organisation(noted):
    organisation = OrganisationFactory()
    made = []
    assert noted(lambda: made.append(StatementFactory(organisation=organisation, weight=1))) == {
        organisation.pk
    }
    mine = Statement.objects.filter(pk=made[0].pk)
    assert noted(lambda: mine.update(weight=3)) == {organisation.pk}
    assert noted(lambda: mine.update(valid_until=datetime.date(2030, 1, 1))) == {organisation.pk}
    assert noted(lambda: mine.update(text="In our own words")) == set()
    other = OrganisationFactory()
    assert noted(lambda: mine.update(organisation=other)) == {organisation.pk, other.pk}
    assert noted(mine.delete) == {other.pk}


def test_evidence_of_an_interest_notes_its_organisation(noted):
    """How many projects show an interest is how strong it is."""
    interest = StatementFactory(role="interested", origin="demonstrated")
    other = StatementFactory(role="interested", origin="demonstrated")
    offer = StatementFactory(role="offers", origin="demonstrated")
    made = []
    assert noted(lambda: made.append(StatementEvidenceFactory(statement=interest))) == {
        interest.organisation_id
    }
    mine = StatementEvidence.objects.filter(pk=made[0].pk)
    assert noted(lambda: mine.update(statement=other)) == {
        interest.organisation_id,
        other.organisation_id,
    }
    assert noted(mine.delete) == {other.organisation_id}
    assert noted(lambda: StatementEvidenceFactory(statement=offer)) == set()
    declared = Statement.objects.filter(pk=interest.pk)
    assert noted(lambda: declared.update(origin="declared")) == {interest.organisation_id}


def test_a_participation_notes_all_of_the_project(noted, consortium):
    project, members = consortium
    ids = {member.pk for member in members}
    newcomer = OrganisationFactory()
    joins = []
    assert noted(
        lambda: joins.append(ParticipationFactory(initiative=project, organisation=newcomer))
    ) == ids | {newcomer.pk}
    assert noted(lambda: Participation.objects.filter(pk=joins[0].pk).update(name="x")) == set()
    assert noted(joins[0].delete) == ids | {newcomer.pk}
    assert noted(
        lambda: ParticipationFactory(initiative=project, organisation=None, pic="9" * 9)
    ) == (ids)


def test_what_is_no_project_is_not_noted(noted):
    event = InitiativeFactory(kind=Initiative.Kind.EVENT)
    organisation = OrganisationFactory()
    assert noted(lambda: ParticipationFactory(initiative=event, organisation=organisation)) == set()
    assert noted(
        lambda: Initiative.objects.filter(pk=event.pk).update(kind=Initiative.Kind.PROJECT)
    ) == {organisation.pk}


def test_a_new_start_of_a_project_notes_all_who_take_part(noted, consortium):
    project, members = consortium
    row = Initiative.objects.filter(pk=project.pk)
    ids = {member.pk for member in members}
    assert noted(lambda: row.update(start_date=datetime.date(2015, 1, 1))) == ids
    assert noted(lambda: row.update(name="Another name")) == set()


def test_who_moves_notes_its_partners(noted, consortium):
    _project, members = consortium
    moved = Organisation.objects.filter(pk=members[0].pk)
    assert noted(lambda: moved.update(home_region=RegionFactory())) == {m.pk for m in members}
    assert noted(lambda: moved.update(kind="ngo")) == {members[0].pk}


def test_a_project_deleted_before_its_participations_is_noted(noted, cursor, consortium):
    """Foreign keys are checked at the end of the transaction, so raw SQL may delete in any
    order."""
    project, members = consortium

    def delete():
        cursor.execute("DELETE FROM initiatives_initiative WHERE id = %s", [project.pk])
        cursor.execute(
            "DELETE FROM initiatives_participation WHERE initiative_id = %s", [project.pk]
        )

    assert noted(delete) == {member.pk for member in members}


def test_many_rows_in_many_statements_are_noted_once(noted):
    organisations = OrganisationFactory.create_batch(5)
    ids = {organisation.pk for organisation in organisations}

    def write():
        for _ in range(3):
            concept = ConceptFactory()
            Statement.objects.bulk_create(
                Statement(organisation=each, concept=concept, role=role)
                for each in organisations
                for role in ("needs", "offers")
            )

    assert noted(write) == ids
    assert Change.objects.filter(organisation_id__in=ids).count() == len(ids)


def test_what_all_pairs_share_is_marked(noted):
    relation = ConceptRelationFactory(kind=ConceptRelation.Kind.NEIGHBOUR, weight=1)
    rows = ConceptRelation.objects.filter(pk=relation.pk)
    assert noted(lambda: rows.update(weight=2)) == {SURROUNDINGS}
    assert noted(lambda: rows.update(reason="Said better")) == set()
    assert noted(rows.delete) == {SURROUNDINGS}
    assert noted(rows.delete) == set()
    region, concept = RegionFactory(), ConceptFactory()
    assert noted(lambda: PriorityFactory(region=region, concept=concept)) == {SURROUNDINGS}


@pytest.mark.parametrize(
    ("table", "mark"),
    [
        ("organisations_statement", EVERYTHING),
        ("initiatives_participation", EVERYTHING),
        ("organisations_organisation", EVERYTHING),
        ("regions_conceptrelation", SURROUNDINGS),
    ],
)
def test_an_emptied_table_is_marked(noted, cursor, table, mark):
    StatementFactory()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert mark in noted(lambda: cursor.execute(f"TRUNCATE {table} CASCADE"))


def test_emptying_the_outbox_itself_is_no_way_to_forget(noted, cursor):
    assert noted(lambda: cursor.execute("TRUNCATE matching_outbox")) == {EVERYTHING}


def test_a_savepoint_that_is_rolled_back_notes_nothing(noted):
    organisation = OrganisationFactory()

    def write():
        with transaction.atomic():
            StatementFactory(organisation=organisation)
            transaction.set_rollback(True)

    assert noted(write) == set()


# readers and writers at once


@pytest.fixture
def other_connection(transactional_db):
    """Somebody else's connection to the same database, in transactions of its own."""
    parameters = connections.create_connection("default").get_connection_params()
    with psycopg.connect(**parameters) as other:
        yield other


WITHDRAW = "UPDATE organisations_organisation SET status = 'archived' WHERE id = %s"


def test_a_transaction_that_commits_late_is_not_lost(other_connection):
    """The one that wrote first commits last: its row has the lower id, and a reader who remembers
    the highest id it saw would never look there again."""
    first, second = (organisation.pk for organisation in OrganisationFactory.create_batch(2))
    with connection.cursor() as cursor:
        start = outbox.position(cursor)
        other_connection.execute(WITHDRAW, [first])
        Organisation.objects.filter(pk=second).update(status="archived")

        # the long transaction holds up nobody
        middle = outbox.position(cursor)
        assert outbox.changed_since(cursor, start) == {second}

        other_connection.commit()
        assert outbox.changed_since(cursor, middle) == {first}
        ids = dict(
            Change.objects.filter(organisation_id__in=(first, second))
            .order_by("pk")
            .values_list("organisation_id", "pk")
        )
        assert ids[first] < ids[second]
        end = outbox.position(cursor)
        assert outbox.changed_since(cursor, end) == set()
        assert end.covers(middle)
        assert middle.covers(start)


def test_a_transaction_that_fails_is_not_read(other_connection):
    organisation = OrganisationFactory()
    with connection.cursor() as cursor:
        start = outbox.position(cursor)
        other_connection.execute(WITHDRAW, [organisation.pk])
        other_connection.rollback()
        assert outbox.changed_since(cursor, start) == set()


def test_many_writers_at_once_are_all_read(transactional_db):
    """Every change is read exactly once by a reader that goes on from position to position."""
    organisations = [organisation.pk for organisation in OrganisationFactory.create_batch(12)]
    with connection.cursor() as cursor:
        position = outbox.position(cursor)

    def write(mine):
        for organisation in mine:
            with transaction.atomic():
                Organisation.objects.filter(pk=organisation).update(status="archived")
        connection.close()

    writers = [
        threading.Thread(target=write, args=(organisations[number::3],)) for number in range(3)
    ]
    for writer in writers:
        writer.start()
    read, deadline = [], time.monotonic() + 300  # others on this server hold the reader back
    while any(writer.is_alive() for writer in writers) or len(read) < len(organisations):
        assert time.monotonic() < deadline, f"only {len(read)} were read"
        with connection.cursor() as cursor, outbox.one_moment(cursor):
            here = outbox.position(cursor)
            read += outbox.changed_since(cursor, position)
            position = here
    for writer in writers:
        writer.join()
    assert sorted(read) == sorted(organisations)


# pruning


def test_pruning_leaves_what_a_reader_needs(transactional_db, alone_on_the_server):
    organisations = OrganisationFactory.create_batch(2)
    with connection.cursor() as cursor:
        old = outbox.position(cursor)
        Organisation.objects.filter(pk=organisations[0].pk).update(status="archived")
        saved = outbox.position(cursor)
        Organisation.objects.filter(pk=organisations[1].pk).update(status="archived")

        assert outbox.prune(cursor, saved) == 0, "rows of the last hour stay"
        outbox.check(cursor, old)

        cursor.execute("UPDATE matching_outbox SET changed_at = now() - INTERVAL '2 hours'")
        assert outbox.prune(cursor, saved) > 0
        assert outbox.changed_since(cursor, saved) == {organisations[1].pk}
        outbox.check(cursor, saved)
        with pytest.raises(PositionLost, match="not kept any more"):
            outbox.check(cursor, old)


def test_a_position_of_the_future_is_not_one_of_this_database(cursor):
    with pytest.raises(PositionLost, match="earlier state"):
        outbox.check(cursor, Position(2**40, 2**40))


def test_a_change_that_nobody_writes_is_known_by_its_day(cursor):
    day = datetime.date(2026, 6, 1)
    StatementFactory(valid_until=day)
    after = day + datetime.timedelta(days=1)
    assert outbox.expired_between(cursor, day, after)
    assert not outbox.expired_between(cursor, day - datetime.timedelta(days=9), day)
    assert not outbox.expired_between(cursor, after, after + datetime.timedelta(days=9))


def test_a_source_of_facts_is_not_a_fact(noted):
    assert noted(SourceFactory) == set()
