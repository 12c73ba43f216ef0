"""Objects for tests: every one valid, and as plain as its model allows."""

import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from initiatives.models import (
    Initiative,
    InitiativeConcept,
    InitiativeFigure,
    InitiativeRegion,
    Participation,
    StatementEvidence,
)
from matching.models import (
    Change,
    Exclusion,
    Feedback,
    Pruning,
    ScoringWeights,
    SuggestionList,
)
from organisations.models import (
    ClusterMembership,
    Organisation,
    Sector,
    Statement,
    TeamMember,
)
from regions.models import (
    Concept,
    ConceptRelation,
    Country,
    Distinction,
    Indicator,
    KeyFigure,
    Network,
    NetworkMembership,
    NutsUnit,
    Priority,
    Region,
    RegionBoundary,
    RegionContact,
    Source,
    Vocabulary,
)

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """An active user; ``administrator=True`` makes a superuser. The password is ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        administrator = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"user-{n}@example.org")
    name = factory.Sequence(lambda n: f"User {n}")
    password = factory.django.Password(PASSWORD)


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source
        django_get_or_create = ["slug"]

    slug = "public-source"
    title = factory.LazyAttribute(lambda source: source.slug.replace("-", " ").capitalize())
    publisher = "A publisher"
    url = "https://example.org/source"
    licence = "CC BY 4.0"
    standing = Source.Standing.CHECKED


class CountryFactory(DjangoModelFactory[Country]):
    """Poland, unless told otherwise; the same code gives the same country."""

    class Meta:
        model = Country
        django_get_or_create = ["code"]

    code = "PL"
    labels = factory.LazyAttribute(
        lambda country: {"en": {"PL": "Poland", "FR": "France"}.get(country.code, country.code)}
    )
    group = Country.Group.EU


class RegionFactory(DjangoModelFactory[Region]):
    """A home region; ``kind="area"`` makes a grouping that is nobody's home."""

    class Meta:
        model = Region
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"region-{n}")
    name = factory.Sequence(lambda n: f"Region {n}")
    kind = Region.Kind.HOME
    country = factory.SubFactory(CountryFactory)
    latitude = 50.06
    longitude = 19.94

    @factory.post_generation
    def nuts_units(self: Any, create: bool, units: Any, **kwargs: Any) -> None:
        if units:
            self.nuts_units.set(units)


class NutsUnitFactory(DjangoModelFactory[NutsUnit]):
    """A NUTS 3 unit of 2021 with a home region of its own; give ``level`` for a larger one."""

    class Meta:
        model = NutsUnit

    version = NutsUnit.Version.V2021
    code = factory.Sequence(lambda n: f"X{n:04}")
    level = 3
    country = factory.SubFactory(CountryFactory)
    name = factory.LazyAttribute(lambda unit: f"Unit {unit.code}")
    home_region = factory.Maybe(
        factory.LazyAttribute(lambda unit: unit.level == 3),
        factory.SubFactory(RegionFactory, country=factory.SelfAttribute("..country")),
        None,
    )


class RegionBoundaryFactory(DjangoModelFactory[RegionBoundary]):
    class Meta:
        model = RegionBoundary

    region = factory.SubFactory(RegionFactory)
    path = "M0 0L10 0L10 10Z"
    detailed_path = "M0 0L5 0L10 0L10 10Z"
    min_x = 0.0
    min_y = 0.0
    max_x = 10.0
    max_y = 10.0


class VocabularyFactory(DjangoModelFactory[Vocabulary]):
    """The themes, unless another scheme is named; the same scheme gives the same vocabulary."""

    class Meta:
        model = Vocabulary
        django_get_or_create = ["scheme"]

    scheme = "themes"
    title = factory.LazyAttribute(lambda vocabulary: vocabulary.scheme.capitalize())
    version = "1"
    source = factory.SubFactory(SourceFactory)


class ConceptFactory(DjangoModelFactory[Concept]):
    """A concept; ``label="Storage"`` sets its English label."""

    class Meta:
        model = Concept

    class Params:
        label = factory.Sequence(lambda n: f"Concept {n}")

    vocabulary = factory.SubFactory(VocabularyFactory)
    code = factory.Sequence(lambda n: f"concept-{n}")
    labels = factory.LazyAttribute(lambda concept: {"en": concept.label})


class ConceptRelationFactory(DjangoModelFactory[ConceptRelation]):
    class Meta:
        model = ConceptRelation

    kind = ConceptRelation.Kind.THEME
    source = factory.SubFactory(ConceptFactory)
    target = factory.SubFactory(ConceptFactory)
    reason = "A reviewer's reason"


class PriorityFactory(DjangoModelFactory[Priority]):
    class Meta:
        model = Priority

    region = factory.SubFactory(RegionFactory)
    concept = factory.SubFactory(ConceptFactory)
    kind = Priority.Kind.THEME
    source = factory.SubFactory(SourceFactory)


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator
        django_get_or_create = ["slug"]

    slug = "population"
    label = factory.LazyAttribute(lambda indicator: indicator.slug.capitalize())
    unit = "people"


class KeyFigureFactory(DjangoModelFactory[KeyFigure]):
    class Meta:
        model = KeyFigure

    region = factory.SubFactory(RegionFactory)
    indicator = factory.SubFactory(IndicatorFactory)
    value = "3500000.00"
    year = 2018
    source = factory.SubFactory(SourceFactory)


class DistinctionFactory(DjangoModelFactory[Distinction]):
    class Meta:
        model = Distinction

    region = factory.SubFactory(RegionFactory)
    title = factory.Sequence(lambda n: f"Distinction {n}")
    year = 2016
    source = factory.SubFactory(SourceFactory)


class NetworkFactory(DjangoModelFactory[Network]):
    class Meta:
        model = Network

    slug = factory.Sequence(lambda n: f"network-{n}")
    name = factory.Sequence(lambda n: f"Network {n}")
    source = factory.SubFactory(SourceFactory)


class NetworkMembershipFactory(DjangoModelFactory[NetworkMembership]):
    class Meta:
        model = NetworkMembership

    network = factory.SubFactory(NetworkFactory)
    region = factory.SubFactory(RegionFactory)
    source = factory.SubFactory(SourceFactory)


class RegionContactFactory(DjangoModelFactory[RegionContact]):
    class Meta:
        model = RegionContact

    region = factory.SubFactory(RegionFactory)
    office = factory.Sequence(lambda n: f"Department {n}")
    source = factory.SubFactory(SourceFactory)


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


class ScoringWeightsFactory(DjangoModelFactory[ScoringWeights]):
    """The prior weights; one version is in force at most."""

    class Meta:
        model = ScoringWeights

    version = factory.Sequence(lambda n: f"version-{n}")
    complementarity = 40
    shared_priorities = 15
    value_chain = 10
    track_record = 20
    regional_fit = 10
    experience = 5
    note = "For a test."


class FeedbackFactory(DjangoModelFactory[Feedback]):
    """A partner that was saved, without a score; ``kind="dismissed"`` wants a reason."""

    class Meta:
        model = Feedback

    organisation = factory.SubFactory(OrganisationFactory)
    other = factory.SubFactory(OrganisationFactory)
    kind = Feedback.Kind.SAVED
    by = factory.SubFactory(UserFactory)


class ExclusionFactory(DjangoModelFactory[Exclusion]):
    """A region left out; for a kind, ``region=None, kind="company"``."""

    class Meta:
        model = Exclusion

    organisation = factory.SubFactory(OrganisationFactory)
    region = factory.SubFactory(RegionFactory)
    by = factory.SubFactory(UserFactory)


class ChangeFactory(DjangoModelFactory[Change]):
    """A change to an organisation that is gone; triggers note those of organisations that exist."""

    class Meta:
        model = Change

    organisation_id = factory.Sequence(lambda n: 10**12 + n)


class PruningFactory(DjangoModelFactory[Pruning]):
    """The one row of its table."""

    class Meta:
        model = Pruning
        django_get_or_create = ["id"]

    id = 1
    below = "1"


class SuggestionListFactory(DjangoModelFactory[SuggestionList]):
    """A list of one suggestion."""

    class Meta:
        model = SuggestionList

    organisation = factory.SubFactory(OrganisationFactory)
    index_checksum = "0" * 64
    index_changes = 0
    scoring_version = "version"
    made_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    items = factory.LazyFunction(lambda: [{"id": 1, "score": 0, "signals": {}}])
