"""Organisations and their statements as the REST API writes them.

The endpoint is in `initiatives.api`, a floor higher, since an organisation is shown with the
projects that demonstrate what it states.
"""

from rest_framework import serializers

from organisations.models import ClusterMembership, Organisation, Sector, Statement
from regions.api import (
    ConceptReferenceSerializer,
    CountrySerializer,
    PageAddressField,
    RegionReferenceSerializer,
    SourceSerializer,
)


class OrganisationReferenceSerializer(serializers.ModelSerializer[Organisation]):
    """An organisation in short, as other things name it."""

    url = PageAddressField()
    country = serializers.CharField(source="country_id", allow_null=True)

    class Meta:
        model = Organisation
        fields = ["id", "slug", "url", "name", "country"]


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    url = PageAddressField()
    country = CountrySerializer(allow_null=True)
    region = RegionReferenceSerializer(
        source="home_region", allow_null=True, help_text="The home region; null when unknown."
    )

    class Meta:
        model = Organisation
        fields = [
            "id",
            "slug",
            "url",
            "name",
            "short_name",
            "kind",
            "status",
            "city",
            "country",
            "region",
            "latitude",
            "longitude",
            "is_illustrative",
        ]


class SectorSerializer(serializers.ModelSerializer[Sector]):
    concept = ConceptReferenceSerializer()
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = Sector
        fields = ["concept", "source"]


class MemberSerializer(serializers.ModelSerializer[ClusterMembership]):
    """A member of the cluster that is shown."""

    organisation = OrganisationReferenceSerializer(source="member")

    class Meta:
        model = ClusterMembership
        fields = ["organisation", "since"]


class ClusterSerializer(serializers.ModelSerializer[ClusterMembership]):
    """A cluster that the organisation shown is a member of."""

    organisation = OrganisationReferenceSerializer(source="cluster")

    class Meta:
        model = ClusterMembership
        fields = ["organisation", "since"]


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """One offer, need or interest; *declared* by a profile or *demonstrated* by projects."""

    concept = ConceptReferenceSerializer()

    class Meta:
        model = Statement
        fields = [
            "role",
            "origin",
            "concept",
            "weight",
            "text",
            "trl_from",
            "trl_to",
            "valid_until",
        ]
