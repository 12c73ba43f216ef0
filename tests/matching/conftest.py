"""A small world in which each of the six signals speaks, and its match index."""

import datetime
from types import SimpleNamespace

import pytest

from matching import index
from matching.outbox import cursor as outbox
from matching.outbox.cursor import Position
from organisations.models import Statement
from regions.models import ConceptRelation, Region
from tests.factories import (
    ConceptFactory,
    ConceptRelationFactory,
    CountryFactory,
    InitiativeFactory,
    NetworkFactory,
    NetworkMembershipFactory,
    NutsUnitFactory,
    OrganisationFactory,
    ParticipationFactory,
    PriorityFactory,
    RegionFactory,
    StatementEvidenceFactory,
    StatementFactory,
    VocabularyFactory,
)


@pytest.fixture
def alone_on_the_server(monkeypatch):
    """Positions name no transaction of another database.

    PostgreSQL numbers the transactions of all databases of a server together, and those of tests
    that run beside this one on it would hold up the pruning.
    """
    position = outbox.position

    def without_others(cursor):
        xmax = position(cursor).xmax
        return Position(xmax, xmax)

    monkeypatch.setattr(outbox, "position", without_others)


@pytest.fixture
def index_folder(settings, tmp_path):
    settings.MATCH_INDEX_DIR = tmp_path / "match-index"
    return settings.MATCH_INDEX_DIR


def project(year, *organisations, pic=""):
    made = InitiativeFactory(start_date=datetime.date(year, 1, 1), end_date=None)
    for organisation in organisations:
        ParticipationFactory(initiative=made, organisation=organisation)
    if pic:
        ParticipationFactory(initiative=made, organisation=None, pic=pic)
    return made


@pytest.fixture
def world(db, index_folder):
    """Kraków's lab needs what Lyon's maker offers; both worked with Berlin's institute, not with
    each other."""
    poland, france, germany = (CountryFactory(code=code) for code in ("PL", "FR", "DE"))
    malopolska = RegionFactory(slug="malopolska", name="Małopolska", country=poland)
    ara = RegionFactory(slug="auvergne-rhone-alpes", name="Auvergne-Rhône-Alpes", country=france)
    berlin = RegionFactory(slug="berlin", name="Berlin", country=germany)
    unit = NutsUnitFactory(code="FRK26", country=france, home_region=ara)
    rhone = RegionFactory(
        slug="rhone-alpes", name="Rhône-Alpes", kind=Region.Kind.AREA, country=france
    )
    rhone.nuts_units.set([unit])

    themes = VocabularyFactory(scheme="themes")
    chain = VocabularyFactory(scheme="hydrogen-value-chain")
    green = ConceptFactory(vocabulary=themes, code="green-transition", label="Green transition")
    storage = ConceptFactory(vocabulary=chain, code="storage", label="Storage")
    transport = ConceptFactory(vocabulary=chain, code="transport", label="Transport")
    ConceptRelationFactory(
        kind=ConceptRelation.Kind.NEIGHBOUR, source=storage, target=transport, weight=3
    )

    lab = OrganisationFactory(slug="lab", name="Lab of Kraków", home_region=malopolska)
    maker = OrganisationFactory(slug="maker", name="Maker of Lyon", home_region=ara, nuts3=unit)
    other = OrganisationFactory(slug="other", name="Other of Auvergne", home_region=ara)
    institute = OrganisationFactory(slug="institute", name="Institute", home_region=berlin)
    neighbour = OrganisationFactory(slug="neighbour", name="Neighbour", home_region=malopolska)

    StatementFactory(organisation=lab, concept=storage, role=Statement.Role.NEEDS)
    StatementFactory(organisation=lab, concept=transport, role=Statement.Role.OFFERS)
    StatementFactory(organisation=maker, concept=storage, role=Statement.Role.OFFERS)
    for organisation in (lab, maker, other, neighbour):
        statement = StatementFactory(
            organisation=organisation,
            concept=green,
            role=Statement.Role.INTERESTED,
            origin=Statement.Origin.DEMONSTRATED,
        )
        StatementEvidenceFactory(statement=statement, initiative=project(2015, organisation))
    first = project(2016, lab, institute, pic="999999999")
    second = project(2017, maker, institute, pic="999999999")

    for region in (malopolska, ara):
        PriorityFactory(region=region, concept=green)
    network = NetworkFactory(name="Vanguard Initiative")
    for region in (malopolska, berlin):
        NetworkMembershipFactory(network=network, region=region)
    index.build()
    return SimpleNamespace(
        malopolska=malopolska,
        ara=ara,
        berlin=berlin,
        rhone=rhone,
        lab=lab,
        maker=maker,
        other=other,
        institute=institute,
        neighbour=neighbour,
        green=green,
        storage=storage,
        transport=transport,
        projects=(first, second),
    )
