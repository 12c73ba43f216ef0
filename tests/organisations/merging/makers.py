"""One row of every relation that points to an organisation."""

from organisations.merging.moving import relations
from organisations.models import (
    Organisation,
)
from tests.factories import (
    AccessRequestFactory,
    ClusterInvitationFactory,
    ClusterMembershipFactory,
    ExclusionFactory,
    FeedbackFactory,
    FormerAddressFactory,
    InitiativeFactory,
    LogoFactory,
    OrganisationFactory,
    ParticipationFactory,
    RegionFactory,
    ReviewAnswerFactory,
    ReviewFactory,
    SavedSearchFactory,
    SectorFactory,
    StatementFactory,
    SuggestionListFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    WebsiteCheckFactory,
)

RELATIONS = relations(Organisation)


def cluster(**fields):
    return OrganisationFactory(kind="cluster", **fields)


def wanted(organisation):
    through = Organisation.wanted_regions.through
    return through.objects.create(organisation=organisation, region=RegionFactory())


MAKERS = {
    "organisations.ClusterMembership.cluster": lambda o: ClusterMembershipFactory(cluster=o),
    "organisations.ClusterMembership.member": lambda o: ClusterMembershipFactory(member=o),
    "organisations.ClusterInvitation.cluster": lambda o: ClusterInvitationFactory(cluster=o),
    "organisations.ClusterInvitation.member": lambda o: ClusterInvitationFactory(member=o),
    "organisations.Logo.organisation": lambda o: LogoFactory(organisation=o),
    "organisations.FormerAddress.organisation": lambda o: FormerAddressFactory(organisation=o),
    "organisations.Review.organisation": lambda o: ReviewFactory(organisation=o),
    "organisations.ReviewAnswer.organisation": lambda o: ReviewAnswerFactory(organisation=o),
    "organisations.WebsiteCheck.organisation": lambda o: WebsiteCheckFactory(organisation=o),
    "organisations.Sector.organisation": lambda o: SectorFactory(organisation=o),
    "organisations.Statement.organisation": lambda o: StatementFactory(organisation=o),
    "organisations.TeamMember.organisation": lambda o: TeamMemberFactory(organisation=o),
    "organisations.TeamInvitation.organisation": lambda o: TeamInvitationFactory(organisation=o),
    "organisations.AccessRequest.organisation": lambda o: AccessRequestFactory(organisation=o),
    "organisations.Organisation_wanted_regions.organisation": wanted,
    "initiatives.Initiative.lead": lambda o: InitiativeFactory(lead=o),
    "initiatives.Participation.organisation": lambda o: ParticipationFactory(organisation=o),
    "matching.Feedback.organisation": lambda o: FeedbackFactory(organisation=o),
    "matching.Feedback.other": lambda o: FeedbackFactory(other=o),
    "matching.Exclusion.organisation": lambda o: ExclusionFactory(organisation=o),
    "matching.SuggestionList.organisation": lambda o: SuggestionListFactory(organisation=o),
    "directory.SavedSearch.organisation": lambda o: SavedSearchFactory(organisation=o),
}


def one_of_each(organisation):
    return {name: make(organisation) for name, make in MAKERS.items()}
