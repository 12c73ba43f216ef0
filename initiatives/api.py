"""Initiatives, their participants, and organisations with their evidence over the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from initiatives.filters import InitiativeFilter
from initiatives.models import (
    Initiative,
    InitiativeConcept,
    InitiativeFigure,
    InitiativeRegion,
    Participation,
)
from initiatives.querysets import organisations_for_api, participations_for_api
from organisations.api import (
    ClusterSerializer,
    MemberSerializer,
    OrganisationReferenceSerializer,
    OrganisationSerializer,
    SectorSerializer,
    StatementSerializer,
)
from organisations.api_writing import (
    REFUSED,
    OrganisationEditSerializer,
    by_field,
    require_editor,
)
from organisations.editing import edit
from organisations.filters import OrganisationFilter
from organisations.models import Organisation, Statement
from regions.api import (
    ConceptReferenceSerializer,
    PageAddressField,
    RegionReferenceSerializer,
    SourceSerializer,
)


class InitiativeReferenceSerializer(serializers.ModelSerializer[Initiative]):
    """An initiative in short, as other things name it."""

    url = PageAddressField()

    class Meta:
        model = Initiative
        fields = ["slug", "url", "kind", "name", "acronym", "start_date", "end_date"]


class InitiativeRegionSerializer(serializers.ModelSerializer[InitiativeRegion]):
    region = RegionReferenceSerializer()
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = InitiativeRegion
        fields = ["region", "role", "note", "source"]


class InitiativeConceptSerializer(serializers.ModelSerializer[InitiativeConcept]):
    concept = ConceptReferenceSerializer()

    class Meta:
        model = InitiativeConcept
        fields = ["concept", "role", "is_illustrative"]


class InitiativeFigureSerializer(serializers.ModelSerializer[InitiativeFigure]):
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = InitiativeFigure
        fields = ["label", "value", "unit", "qualifier", "nature", "year", "source"]


class InitiativeSerializer(serializers.ModelSerializer[Initiative]):
    url = PageAddressField()
    network = serializers.CharField(source="network.name", allow_null=True, default=None)
    lead_name = serializers.SerializerMethodField()

    class Meta:
        model = Initiative
        fields = [
            "slug",
            "url",
            "kind",
            "name",
            "acronym",
            "status",
            "start_date",
            "end_date",
            "date_note",
            "place",
            "total_cost",
            "max_contribution",
            "rcn",
            "grant_id",
            "network",
            "lead_name",
        ]

    def get_lead_name(self, initiative: Initiative) -> str:
        lead = initiative.lead
        return lead.name if lead and is_public(lead) else initiative.lead_name


class InitiativeDetailSerializer(InitiativeSerializer):
    """An initiative with its regions, coverage and figures; its participants are paginated."""

    lead = serializers.SerializerMethodField()
    part_of = InitiativeReferenceSerializer(allow_null=True)
    parts = InitiativeReferenceSerializer(many=True)
    regions = InitiativeRegionSerializer(source="region_roles", many=True)
    coverage = InitiativeConceptSerializer(many=True)
    figures = InitiativeFigureSerializer(many=True)
    source = SourceSerializer()  # type: ignore[assignment]  # field name
    sources = SourceSerializer(many=True)

    class Meta(InitiativeSerializer.Meta):
        fields = [
            *InitiativeSerializer.Meta.fields,
            "description",
            "website",
            "lead",
            "part_of",
            "parts",
            "regions",
            "coverage",
            "figures",
            "source",
            "sources",
        ]

    @extend_schema_field(OrganisationReferenceSerializer(allow_null=True))
    def get_lead(self, initiative: Initiative) -> Any:
        lead = initiative.lead
        if lead is None or not is_public(lead):
            return None
        return OrganisationReferenceSerializer(lead, context=self.context).data


class ParticipationSerializer(serializers.ModelSerializer[Participation]):
    """One participant; one without a public profile here is known by its PIC or name alone."""

    organisation = serializers.SerializerMethodField()
    country = serializers.CharField(source="country_id", allow_null=True)

    class Meta:
        model = Participation
        fields = [
            "organisation",
            "pic",
            "name",
            "country",
            "activity_type",
            "role",
            "contribution",
        ]

    @extend_schema_field(OrganisationReferenceSerializer(allow_null=True))
    def get_organisation(self, participation: Participation) -> Any:
        organisation = participation.organisation
        if organisation is None or not is_public(organisation):
            return None
        return OrganisationReferenceSerializer(organisation, context=self.context).data


class EvidencedStatementSerializer(StatementSerializer):
    """A statement with the latest projects that demonstrate it, and how many there are."""

    evidence_count = serializers.IntegerField()
    evidence = serializers.SerializerMethodField()

    class Meta(StatementSerializer.Meta):
        fields = [*StatementSerializer.Meta.fields, "evidence_count", "evidence"]

    @extend_schema_field(InitiativeReferenceSerializer(many=True))
    def get_evidence(self, statement: Statement) -> Any:
        latest = [evidence.initiative for evidence in statement.latest_evidence]  # type: ignore[attr-defined]  # prefetched
        return InitiativeReferenceSerializer(latest, many=True, context=self.context).data


class OrganisationDetailSerializer(OrganisationSerializer):
    """An organisation with its statements and what demonstrates them."""

    statements = EvidencedStatementSerializer(many=True)
    sectors = SectorSerializer(many=True)
    members = MemberSerializer(source="public_members", many=True)
    clusters = ClusterSerializer(source="public_clusters", many=True)
    source = SourceSerializer(allow_null=True)  # type: ignore[assignment]  # field name

    class Meta(OrganisationSerializer.Meta):
        fields = [
            *OrganisationSerializer.Meta.fields,
            "pic",
            "description",
            "website",
            "statements",
            "sectors",
            "members",
            "clusters",
            "source",
        ]


def is_public(organisation: Organisation) -> bool:
    return organisation.status == Organisation.Status.VERIFIED


@extend_schema_view(
    list=extend_schema(summary="Organisations"),
    retrieve=extend_schema(summary="One organisation with its statements and their evidence"),
    partial_update=extend_schema(
        summary="Edit an organisation of one's own",
        request=OrganisationEditSerializer(partial=True),
        responses={200: OrganisationDetailSerializer, 403: REFUSED},
    ),
)
class OrganisationViewSet(viewsets.ReadOnlyModelViewSet[Organisation]):
    """Verified organisations, and those of the reader's own teams, which their editors change."""

    lookup_field = "slug"
    filterset_class = OrganisationFilter
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        visible = Organisation.objects.visible_to(self.request.user)
        return organisations_for_api(visible) if self.detail else visible.for_api()

    def get_serializer_class(self) -> type[OrganisationSerializer]:
        return OrganisationDetailSerializer if self.detail else OrganisationSerializer

    def partial_update(self, request: Request, slug: str) -> Response:
        organisation = self.get_object()
        require_editor(organisation, request)
        assert isinstance(request.user, User)
        asked = OrganisationEditSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        editor, values = request.user, asked.validated_data
        by_field(lambda: edit(organisation=organisation, by=editor, values=values))
        return Response(self.get_serializer(self.get_object()).data)


@extend_schema_view(
    list=extend_schema(summary="Initiatives: valleys, projects, alliances, events …"),
    retrieve=extend_schema(summary="One initiative with its regions, coverage and figures"),
)
class InitiativeViewSet(viewsets.ReadOnlyModelViewSet[Initiative]):
    """Hydrogen valleys, projects, alliances, centres, working groups, pilots and events."""

    lookup_field = "slug"
    filterset_class = InitiativeFilter
    queryset = Initiative.objects.none()

    def get_queryset(self) -> QuerySet[Initiative]:
        return Initiative.objects.for_api(whole=self.detail)

    def get_serializer_class(self) -> type[InitiativeSerializer]:
        return InitiativeDetailSerializer if self.detail else InitiativeSerializer


@extend_schema(summary="Participants of one initiative")
class ParticipationList(generics.ListAPIView[Participation]):
    """The coordinator first, then in the order of the register."""

    serializer_class = ParticipationSerializer
    queryset = Participation.objects.none()

    def get_queryset(self) -> QuerySet[Participation]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        initiative = get_object_or_404(Initiative, slug=self.kwargs["slug"])
        return participations_for_api(initiative.participations.all())
