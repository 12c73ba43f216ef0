"""Regions and concepts over the REST API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound

from regions.filters import ConceptFilter, RegionFilter
from regions.models import (
    Concept,
    Country,
    Distinction,
    KeyFigure,
    NetworkMembership,
    Priority,
    Region,
    RegionContact,
    Source,
)
from regions.querysets import concepts_for_api


@extend_schema_field(OpenApiTypes.URI)
class PageAddressField(serializers.Field[Any, Any, str, Any]):
    """The address of the page that shows the same thing to a reader."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text=_("Address of the page."))

    def to_representation(self, value: Any) -> str:
        path: str = value.get_absolute_url()
        request = self.context.get("request")
        return request.build_absolute_uri(path) if request else path


class CountrySerializer(serializers.ModelSerializer[Country]):
    name = serializers.CharField(source="label")

    class Meta:
        model = Country
        fields = ["code", "name"]


class SourceSerializer(serializers.ModelSerializer[Source]):
    """Where a fact comes from, and how far it was checked."""

    class Meta:
        model = Source
        fields = ["slug", "title", "publisher", "url", "licence", "standing"]


class RegionReferenceSerializer(serializers.ModelSerializer[Region]):
    """A region in short, as other things name it."""

    country = serializers.CharField(source="country_id")

    class Meta:
        model = Region
        fields = ["slug", "name", "country"]


class ConceptReferenceSerializer(serializers.ModelSerializer[Concept]):
    """A concept in short, as other things name it."""

    id = serializers.CharField(source="identifier", help_text="scheme:code")

    class Meta:
        model = Concept
        fields = ["id", "label"]

    label = serializers.CharField(help_text="In the language of the request.")  # type: ignore[assignment]  # field name


class ConceptSerializer(serializers.ModelSerializer[Concept]):
    """A concept with its labels in every language that it has."""

    id = serializers.CharField(source="identifier", help_text="scheme:code")
    scheme = serializers.CharField(source="vocabulary.scheme")
    labels = serializers.DictField(
        child=serializers.CharField(), help_text="By two-letter code of the language."
    )
    broader = serializers.CharField(
        source="broader.identifier", allow_null=True, default=None, help_text="scheme:code"
    )

    class Meta:
        model = Concept
        fields = ["id", "scheme", "code", "labels", "broader", "description"]


class PrioritySerializer(serializers.ModelSerializer[Priority]):
    concept = ConceptReferenceSerializer()
    title = serializers.CharField(source="__str__")
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = Priority
        fields = ["kind", "title", "concept", "is_historic", "year", "source"]


class KeyFigureSerializer(serializers.ModelSerializer[KeyFigure]):
    """One figure with its rank, what the rank counts, its year and its source."""

    indicator = serializers.CharField(source="indicator.slug")
    label = serializers.CharField(source="indicator.label")  # type: ignore[assignment]  # field name
    unit = serializers.CharField(source="indicator.unit")
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = KeyFigure
        fields = [
            "indicator",
            "label",
            "value",
            "qualifier",
            "unit",
            "year",
            "rank",
            "rank_scope",
            "rank_of",
            "note",
            "source",
        ]


class DistinctionSerializer(serializers.ModelSerializer[Distinction]):
    source = SourceSerializer()  # type: ignore[assignment]  # field name
    note_source = SourceSerializer(allow_null=True)

    class Meta:
        model = Distinction
        fields = ["title", "awarded_by", "year", "note", "source", "note_source"]


class NetworkMembershipSerializer(serializers.ModelSerializer[NetworkMembership]):
    slug = serializers.SlugField(source="network.slug")
    name = serializers.CharField(source="network.name")
    website = serializers.URLField(source="network.website", allow_blank=True)
    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = NetworkMembership
        fields = ["slug", "name", "website", "role", "year", "note", "source"]


class RegionContactSerializer(serializers.ModelSerializer[RegionContact]):
    """An office, never a person."""

    source = SourceSerializer()  # type: ignore[assignment]  # field name

    class Meta:
        model = RegionContact
        fields = ["office", "organisation", "website", "source"]


class RegionSerializer(serializers.ModelSerializer[Region]):
    url = PageAddressField()
    country = CountrySerializer()

    class Meta:
        model = Region
        fields = [
            "slug",
            "url",
            "name",
            "local_name",
            "kind",
            "country",
            "nuts_label",
            "capital",
            "latitude",
            "longitude",
        ]


class RegionDetailSerializer(RegionSerializer):
    """A region with all that is known about it, each fact with its source."""

    summary_source = SourceSerializer(allow_null=True)
    priorities = PrioritySerializer(many=True)
    key_figures = KeyFigureSerializer(many=True)
    distinctions = DistinctionSerializer(many=True)
    networks = NetworkMembershipSerializer(source="network_memberships", many=True)
    contacts = RegionContactSerializer(many=True)

    class Meta(RegionSerializer.Meta):
        fields = [
            *RegionSerializer.Meta.fields,
            "summary",
            "summary_source",
            "website",
            "priorities",
            "key_figures",
            "distinctions",
            "networks",
            "contacts",
        ]


@extend_schema_view(
    list=extend_schema(summary="Regions and areas"),
    retrieve=extend_schema(summary="One region with its priorities, figures and networks"),
)
class RegionViewSet(viewsets.ReadOnlyModelViewSet[Region]):
    """Regions are partners in their own right; areas are groupings inside or across them."""

    lookup_field = "slug"
    filterset_class = RegionFilter
    queryset = Region.objects.all()

    def get_queryset(self) -> QuerySet[Region]:
        return Region.objects.for_api(whole=self.detail)

    def get_serializer_class(self) -> type[RegionSerializer]:
        return RegionDetailSerializer if self.detail else RegionSerializer


@extend_schema_view(
    list=extend_schema(summary="Concepts of every vocabulary"),
    retrieve=extend_schema(
        summary="One concept",
        parameters=[
            OpenApiParameter(
                "id", OpenApiTypes.STR, OpenApiParameter.PATH, description="scheme:code"
            )
        ],
    ),
)
class ConceptViewSet(viewsets.ReadOnlyModelViewSet[Concept]):
    """Offers, needs, priorities, sectors, value-chain segments and themes are all concepts."""

    lookup_field = "id"
    lookup_value_regex = "[^/]+"
    filterset_class = ConceptFilter
    serializer_class = ConceptSerializer
    queryset = Concept.objects.all()

    def get_queryset(self) -> QuerySet[Concept]:
        return concepts_for_api(Concept.objects.all())

    def get_object(self) -> Concept:
        scheme, _colon, code = self.kwargs["id"].partition(":")
        concepts = self.filter_queryset(self.get_queryset())
        concept = concepts.filter(vocabulary__scheme=scheme, code=code).first()
        if concept is None:
            raise NotFound
        return concept
