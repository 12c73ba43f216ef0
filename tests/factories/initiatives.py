"""Projects, events and valleys, and who takes part."""

import datetime

import factory
from factory.django import DjangoModelFactory

from initiatives.models import (
    Initiative,
    InitiativeConcept,
    InitiativeFigure,
    InitiativeRegion,
    Participation,
    StatementEvidence,
)
from organisations.models import Statement
from tests.factories.organisations import OrganisationFactory, StatementFactory
from tests.factories.regions import ConceptFactory, RegionFactory, SourceFactory


class InitiativeFactory(DjangoModelFactory[Initiative]):
    """A completed project of 2016 to 2018."""

    class Meta:
        model = Initiative

    slug = factory.Sequence(lambda n: f"initiative-{n}")
    kind = Initiative.Kind.PROJECT
    name = factory.Sequence(lambda n: f"Initiative {n}")
    status = Initiative.Status.COMPLETED
    start_date = datetime.date(2016, 1, 1)
    end_date = datetime.date(2018, 12, 31)
    source = factory.SubFactory(SourceFactory)


class InitiativeRegionFactory(DjangoModelFactory[InitiativeRegion]):
    class Meta:
        model = InitiativeRegion

    initiative = factory.SubFactory(InitiativeFactory)
    region = factory.SubFactory(RegionFactory)
    role = InitiativeRegion.Role.PARTNER
    source = factory.SubFactory(SourceFactory)


class InitiativeConceptFactory(DjangoModelFactory[InitiativeConcept]):
    class Meta:
        model = InitiativeConcept

    initiative = factory.SubFactory(InitiativeFactory)
    concept = factory.SubFactory(ConceptFactory)
    role = InitiativeConcept.Role.TOPIC


class InitiativeFigureFactory(DjangoModelFactory[InitiativeFigure]):
    class Meta:
        model = InitiativeFigure

    initiative = factory.SubFactory(InitiativeFactory)
    label = factory.Sequence(lambda n: f"Figure {n}")
    value = "5000.00"
    unit = "t H2/year"
    source = factory.SubFactory(SourceFactory)


class ParticipationFactory(DjangoModelFactory[Participation]):
    class Meta:
        model = Participation

    initiative = factory.SubFactory(InitiativeFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Participation.Role.PARTICIPANT
    source = factory.SubFactory(SourceFactory)


class StatementEvidenceFactory(DjangoModelFactory[StatementEvidence]):
    """A project that demonstrates a statement."""

    class Meta:
        model = StatementEvidence

    statement = factory.SubFactory(StatementFactory, origin=Statement.Origin.DEMONSTRATED)
    initiative = factory.SubFactory(InitiativeFactory)
