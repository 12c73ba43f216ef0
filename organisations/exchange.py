"""Organisations, what they state, their clusters and their teams, as tables of files."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.exchange.columns import By, Column, Reference, References, Shown, Words
from accounts.exchange.naming import NamedRows
from accounts.exchange.rows import Rows
from accounts.models import User
from organisations.models import ClusterMembership, Organisation, Sector, Statement, TeamMember
from organisations.registration import FORM, free_slugs
from organisations.websites import website_of
from regions.exchange import BY_CONCEPT, BY_COUNTRY, BY_NUTS, BY_REGION, BY_SOURCE


class BySlugOrPic:
    """Organisations by the slug of their address, or by their PIC."""

    def find(self, names: Collection[str]) -> Mapping[str, Model]:
        found = Organisation.objects.filter(Q(slug__in=names) | Q(pic__in=names))
        by_pic: dict[str, Model] = {each.pic: each for each in found if each.pic}
        return {**by_pic, **{each.slug: each for each in found}}

    def name(self, row: Any) -> str:
        return str(row.slug)


BY_ORGANISATION = BySlugOrPic()


class Website(Column):
    """By the rule of all pages; what stands there already is left alone."""

    def take(self, row: Model, cell: str) -> None:
        before = getattr(row, self.attribute)
        super().take(row, cell)
        if getattr(row, self.attribute) != before:
            setattr(row, self.attribute, website_of(getattr(row, self.attribute)))


class Status(Shown):
    """What moderators decide: a file shows it, and no file decides it."""

    def take(self, row: Model, cell: str) -> None:
        if cell.strip() not in ("", getattr(row, self.attribute)):
            raise ValidationError(
                _(
                    "The status changes by moderation, not by an import; what is new is a draft."
                    " Leave the column out."
                )
            )


class OrganisationRows(NamedRows):
    """Profiles. What is new is a draft; the home region follows from the NUTS 3 unit."""

    slug = Column("slug")
    pic = Column("pic")
    name = Column("name")
    short_name = Column("short_name")
    kind = Column("kind")
    status = Status("status")
    description = Column("description")
    website = Website("website")
    vat_number = Column("vat_number")
    size = Column("size")
    languages = Words("languages")
    label = Column("label")
    label_year = Column("label_year")
    wanted_regions = References("wanted_regions", BY_REGION)
    wanted_kinds = Words("wanted_kinds")
    city = Column("city")
    country = Reference("country", BY_COUNTRY)
    nuts3 = Reference("nuts3", BY_NUTS)
    home_region = Reference("home_region", BY_REGION)
    latitude = Column("latitude")
    longitude = Column("longitude")
    is_illustrative = Column("is_illustrative")
    source = Reference("source", BY_SOURCE)
    own_numbers = ("pic",)
    apart = {"country": "country", "vat_number": "vat_number"}
    fetched = ("country", "nuts3", "home_region", "source")
    prefetched = ("wanted_regions",)

    class Meta:
        model = Organisation
        import_id_fields = ["slug"]

    def nameable(self) -> Any:
        """Profiles that are verified or have a source, and drafts of former imports: whatever else
        people registered or edit may call itself anything."""
        teams = TeamMember.objects.filter(organisation=OuterRef("pk"))
        theirs = Q(registered__has_key=FORM) | Exists(teams)
        return self.get_queryset().filter(
            Q(status=Organisation.Status.VERIFIED) | Q(source__isnull=False) | ~theirs
        )

    def described(self, slugs: Collection[str]) -> Mapping[str, str]:
        """The status, and whether a team edits it."""
        teams = TeamMember.objects.filter(organisation=OuterRef("pk"))
        rows = Organisation.objects.filter(slug__in=slugs).annotate(has_team=Exists(teams))
        return {
            slug: ", ".join(
                [
                    str(Organisation.Status(status).label),
                    *([_("has a team")] if has_team else []),
                ]
            )
            for slug, status, has_team in rows.values_list("slug", "status", "has_team")
        }

    def new_slugs(self, names: Sequence[str]) -> list[str]:
        """By the rule of the page where organisations register."""
        return free_slugs(names)

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        """The seat moves as a whole: with a NUTS 3 unit, its home region, country and, unless the
        file says better, its coordinates."""
        unit = row.nuts3
        if unit is None:
            return
        if unit.home_region is None:
            raise ValidationError({"nuts3": [_("This is no unit of level 3.")]})
        if before["nuts3"] != self.fields["nuts3"].shown(row):
            row.home_region = unit.home_region
            row.country = row.country if cells.get("country") else unit.country
            if not cells.get("latitude") and not cells.get("longitude"):
                row.latitude, row.longitude = unit.latitude, unit.longitude
        elif before["home_region"] != self.fields["home_region"].shown(row):
            raise ValidationError(
                {"home_region": [_("The home region follows from the NUTS 3 unit.")]}
            )
        if row.country != unit.country:
            raise ValidationError(
                {"country": [_("The NUTS 3 unit is in another country: %s.") % unit.country_id]}
            )


class StatementRows(Rows):
    """What organisations declare; what is derived from projects is neither shown nor touched."""

    organisation = Reference("organisation", BY_ORGANISATION)
    role = Column("role")
    concept = Reference("concept", BY_CONCEPT)
    weight = Column("weight")
    text = Column("text")
    trl_from = Column("trl_from")
    trl_to = Column("trl_to")
    valid_until = Column("valid_until")
    fetched = ("organisation", "concept__vocabulary")

    class Meta:
        model = Statement
        import_id_fields = ["organisation", "role", "concept"]

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(origin=Statement.Origin.DECLARED)

    def with_related(self, rows: Any) -> Any:
        return super().with_related(rows.filter(origin=Statement.Origin.DECLARED))


class SectorRows(Rows):
    organisation = Reference("organisation", BY_ORGANISATION)
    concept = Reference("concept", BY_CONCEPT)
    source = Reference("source", BY_SOURCE)
    fetched = ("organisation", "concept__vocabulary", "source")

    class Meta:
        model = Sector
        import_id_fields = ["organisation", "concept"]


class ClusterMembershipRows(Rows):
    cluster = Reference("cluster", BY_ORGANISATION)
    member = Reference("member", BY_ORGANISATION)
    since = Column("since")
    source = Reference("source", BY_SOURCE)
    fetched = ("cluster", "member", "source")

    class Meta:
        model = ClusterMembership
        import_id_fields = ["cluster", "member"]

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        if not row.cluster.is_cluster:
            raise ValidationError({"cluster": [_("This organisation is no cluster.")]})


class TeamMemberRows(Rows):
    """Who may speak for which organisation, by e-mail address: personal data."""

    organisation = Reference("organisation", BY_ORGANISATION)
    user = Reference("user", By(User, "email"), column="email")
    role = Column("role")
    fetched = ("organisation", "user")

    class Meta:
        model = TeamMember
        import_id_fields = ["organisation", "user"]

    def rules(
        self, row: Any, *, cells: dict[str, str], before: dict[str, Any], is_new: bool
    ) -> None:
        """Accounts make people themselves; the last owner stays one."""
        owners = TeamMember.objects.filter(
            organisation=row.organisation, role=TeamMember.Role.OWNER
        )
        if (
            before["role"] == TeamMember.Role.OWNER
            and row.role != TeamMember.Role.OWNER
            and not owners.exclude(pk=row.pk).exists()
        ):
            raise ValidationError({"role": [_("This is the last owner of the organisation.")]})
