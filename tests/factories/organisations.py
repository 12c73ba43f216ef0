"""Organisations, and what they say of themselves."""

import factory
from factory.django import DjangoModelFactory

from organisations.models import ClusterMembership, Organisation, Sector, Statement, TeamMember
from tests.factories.accounts import UserFactory
from tests.factories.regions import ConceptFactory, CountryFactory, RegionFactory, SourceFactory


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A verified organisation with a home region of its own and that region's country."""

    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = Organisation.Kind.RESEARCH
    status = Organisation.Status.VERIFIED
    city = "Kraków"
    home_region = factory.SubFactory(RegionFactory)
    country = factory.LazyAttribute(
        lambda organisation: (
            organisation.home_region.country if organisation.home_region else CountryFactory()
        )
    )
    source = factory.SubFactory(SourceFactory)


class SectorFactory(DjangoModelFactory[Sector]):
    class Meta:
        model = Sector

    organisation = factory.SubFactory(OrganisationFactory)
    concept = factory.SubFactory(ConceptFactory)
    source = factory.SubFactory(SourceFactory)


class ClusterMembershipFactory(DjangoModelFactory[ClusterMembership]):
    class Meta:
        model = ClusterMembership

    cluster = factory.SubFactory(OrganisationFactory, kind=Organisation.Kind.CLUSTER)
    member = factory.SubFactory(OrganisationFactory)
    source = factory.SubFactory(SourceFactory)


class StatementFactory(DjangoModelFactory[Statement]):
    """A declared offer."""

    class Meta:
        model = Statement

    organisation = factory.SubFactory(OrganisationFactory)
    concept = factory.SubFactory(ConceptFactory)
    role = Statement.Role.OFFERS
    origin = Statement.Origin.DECLARED


class TeamMemberFactory(DjangoModelFactory[TeamMember]):
    """An editor."""

    class Meta:
        model = TeamMember

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = TeamMember.Role.EDITOR
