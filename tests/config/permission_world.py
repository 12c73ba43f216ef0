"""The small world in which every cell of `docs/permissions.md` is asked for."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import signing

from accounts.services import make_token
from directory.saved import links
from organisations.models import AccessRequest, Organisation, Statement, TeamMember
from organisations.registering.finding import SALT
from organisations.registration import FORM
from regions.models import KeyFigure, RegionRole
from tests.factories import (
    AccessRequestFactory,
    ClusterInvitationFactory,
    ClusterMembershipFactory,
    ConceptFactory,
    ExclusionFactory,
    FeedbackFactory,
    InitiativeFactory,
    KeyFigureFactory,
    LogoFactory,
    OrganisationFactory,
    RegionFactory,
    RegionRoleFactory,
    SavedSearchFactory,
    SectorFactory,
    StatementFactory,
    TeamInvitationFactory,
    TeamMemberFactory,
    UserFactory,
)

PERSONAS = (
    "anonymous",
    "stranger",
    "viewer",
    "editor",
    "owner",
    "regional moderator",
    "dossier editor",
    "administrator",
)

OF_ORGANISATIONS = ("verified", "pending", "draft", "cluster")


@dataclass
class World:
    """``users`` by persona; ``organisations`` by what the table calls them; ``rows`` by name."""

    users: dict[str, Any] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def make_world() -> World:
    """One region, its organisations and their team, everyone else around them."""
    home, abroad = RegionFactory(slug="home"), RegionFactory(slug="abroad")
    world = World()
    for persona in PERSONAS[1:]:
        world.users[persona] = UserFactory(
            email=f"{persona.replace(' ', '-')}@example.org",
            administrator=persona == "administrator",
            **({"is_staff": True} if persona == "regional moderator" else {}),
        )
    moderator = world.users["regional moderator"]
    RegionRoleFactory(region=home, user=moderator, role=RegionRole.Role.MODERATOR)
    RegionRoleFactory(region=home, user=world.users["dossier editor"], role=RegionRole.Role.EDITOR)
    kinds = {"cluster": Organisation.Kind.CLUSTER}
    for name in OF_ORGANISATIONS:
        organisation = OrganisationFactory(
            slug=name,
            name=f"Organisation {name}",
            home_region=home,
            kind=kinds.get(name, Organisation.Kind.RESEARCH),
            status=name if name in Organisation.Status.values else Organisation.Status.VERIFIED,
            **({"source": None, "registered": {FORM: "0" * 64}} if name == "draft" else {}),
        )
        for role in ("viewer", "editor", "owner"):
            TeamMemberFactory(
                organisation=organisation, user=world.users[role], role=TeamMember.Role(role)
            )
        world.organisations[name] = organisation
    other = OrganisationFactory(slug="other", home_region=abroad)
    unclaimed = OrganisationFactory(slug="unclaimed", home_region=home)
    world.organisations |= {"other": other, "unclaimed": unclaimed}
    ours, cluster = world.organisations["verified"], world.organisations["cluster"]
    colleague = TeamMemberFactory(organisation=ours, role=TeamMember.Role.EDITOR)
    invitation = TeamInvitationFactory(organisation=ours, invited_by=world.users["owner"])
    token = invitation.new_token()
    invitation.save()
    to_cluster = ClusterInvitationFactory(cluster=cluster)
    cluster_token = to_cluster.new_token()
    to_cluster.save()
    owner = world.users["owner"]
    api_token, _secret = make_token(user=owner, by=owner, name="Script", life=timedelta(days=30))
    world.rows = {
        "colleague": colleague,
        "team invitation": invitation,
        "team token": token,
        "cluster invitation": to_cluster,
        "cluster token": cluster_token,
        "asked": ClusterInvitationFactory(cluster=cluster, email="", member=ours),
        "join": AccessRequestFactory(organisation=ours, kind=AccessRequest.Kind.JOIN),
        "claim": AccessRequestFactory(organisation=unclaimed),
        "own request": AccessRequestFactory(organisation=other, user=world.users["stranger"]),
        "statement": StatementFactory(organisation=ours, role=Statement.Role.OFFERS),
        "membership": ClusterMembershipFactory(cluster=cluster, member=ours),
        "sector": SectorFactory(organisation=cluster),
        "logo": LogoFactory(organisation=ours),
        "pending logo": LogoFactory(organisation=world.organisations["pending"]),
        "figure": KeyFigureFactory(region=home),
        "feedback": FeedbackFactory(organisation=ours, other=other),
        "exclusion": ExclusionFactory(organisation=ours),
        "initiative": InitiativeFactory(slug="valley"),
        "concept": ConceptFactory(),
        "api token": api_token,
        "saved search": SavedSearchFactory(user=owner, feed_secret="x" * 32),
        "key": signing.dumps([other.pk, world.users["stranger"].pk], salt=SALT),
    }
    assert isinstance(world.rows["figure"], KeyFigure)
    return world


BY_NAME: dict[str, dict[str, str]] = {
    "organisations:team-role": {"pk": "colleague"},
    "organisations:team-remove": {"pk": "colleague"},
    "organisations:team-resend": {"pk": "team invitation"},
    "organisations:team-withdraw": {"pk": "team invitation"},
    "organisations:team-grant": {"pk": "join"},
    "organisations:team-refuse": {"pk": "join"},
    "organisations:withdraw-request": {"pk": "own request"},
    "organisations:statement": {"pk": "statement"},
    "organisations:remove-statement": {"pk": "statement"},
    "organisations:bring-back": {"pk": "exclusion"},
    "organisations:take-back": {"pk": "feedback"},
    "organisations:members-remove": {"pk": "membership"},
    "organisations:members-resend": {"pk": "cluster invitation"},
    "organisations:members-withdraw": {"pk": "cluster invitation"},
    "organisations:sector-remove": {"pk": "sector"},
    "organisations:memberships-leave": {"pk": "membership"},
    "organisations:memberships-answer": {"pk": "asked"},
    "searches:detail": {"pk": "saved search"},
    "searches:frequency": {"pk": "saved search"},
    "searches:feed": {"pk": "saved search"},
    "searches:remove": {"pk": "saved search"},
    "moderation:claim": {"pk": "claim"},
    "regions:dossier-change": {"pk": "figure"},
    "regions:dossier-delete": {"pk": "figure"},
    "api-statement": {"pk": "statement"},
    "api-feedback-undo": {"pk": "feedback"},
    "api-exclusion-undo": {"pk": "exclusion"},
}
"""Of which row the number in an address is."""


def arguments_of(name: str, parameters: set[str], whose: str, world: World) -> dict[str, Any]:
    """The values of an address's parameters in this world."""
    values: dict[str, Any] = {}
    for parameter in parameters:
        if parameter == "slug":
            if name.startswith(("regions:", "api-region", "cards:region")):
                values[parameter] = "home"
            elif name.startswith(
                ("initiatives:", "api-initiative", "api-participations", "cards:initiative")
            ):
                values[parameter] = "valley"
            else:
                values[parameter] = world.organisations[whose].slug
        elif parameter == "other":
            values[parameter] = "abroad" if "region" in name else "other"
        elif parameter == "pk":
            values[parameter] = world.rows[BY_NAME[name]["pk"]].pk
        elif name == "sitemap_part":
            values[parameter] = {"kind": "pages", "part": 0}[parameter]
        elif parameter == "token" and name == "search-feed":
            values[parameter] = links.feed_token(world.rows["saved search"])
        elif parameter == "token" and name == "unsubscribe":
            address = links.unsubscribe_address(world.rows["saved search"])
            values[parameter] = address.rstrip("/").rpartition("/")[2]
        elif parameter == "token":
            values[parameter] = world.rows["cluster token" if "cluster" in name else "team token"]
        elif parameter == "key" and name == "organisations:claim-unlisted":
            values[parameter] = world.rows["key"]
        elif parameter == "digest":
            values[parameter] = "0" * 64
        elif parameter == "section":
            values[parameter] = "figures"
        elif parameter == "step":
            values[parameter] = "offers"
        elif parameter == "beginning":
            values[parameter] = world.rows["api token"].token_key
        elif parameter == "id":
            is_user = name == "admin:auth_user_password_change"
            values[parameter] = (
                str(world.users["stranger"].pk) if is_user else world.rows["concept"].identifier
            )
        elif parameter == "app_label":
            values[parameter] = "organisations"
        elif parameter == "content_type_id":
            values[parameter] = ContentType.objects.get_for_model(Organisation).pk
        elif parameter == "object_id":
            values[parameter] = str(world.organisations[whose].pk)
        else:
            values[parameter] = {"uidb36": "1", "key": "nothing", "kind": "csv"}[parameter]
    return values


def data_of(name: str, method: str, world: World) -> dict[str, Any]:
    """What is sent: nothing, except where only a row that exists can be spoken of."""
    if method == "POST" and name == "organisations:sector-add":
        return {"concept": world.rows["concept"].pk}
    return {}
