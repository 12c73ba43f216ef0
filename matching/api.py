"""Suggestions and pairs of organisations over the REST API."""

from datetime import datetime
from operator import itemgetter
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from matching import services
from matching.exposure import WellKnown
from matching.facts import scoring_in_force
from matching.feedback.hidden import choices_for, standing_of
from matching.forms import RankingForm
from matching.keeping import kept
from matching.ranking import MOST
from matching.results import SIGNALS
from matching.serializers import pair_as_json, suggestions_as_json
from organisations.models import Organisation
from regions.models import Country, Region

MOST_SUGGESTIONS = 50


class IndexNotReady(APIException):
    """There is no match index yet; a client may ask again soon."""

    status_code = 503
    default_detail = _("Suggestions are being prepared. Ask again in a minute.")
    default_code = "index_not_built"
    wait = 60


class SuggestionQuery(RankingForm):
    """The parameters of the suggestions, those of the ranking as on the page; a row is asked for
    only where one is named."""

    region = forms.ModelChoiceField(Region.objects.all(), to_field_name="slug", required=False)
    country = forms.ModelChoiceField(Country.objects.all(), required=False)
    kind = forms.ChoiceField(choices=[("", ""), *Organisation.Kind.choices], required=False)
    limit = forms.IntegerField(min_value=1, max_value=MOST_SUGGESTIONS, required=False)


class EvidenceSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    url = serializers.CharField(allow_null=True, help_text="A path on this site.")
    illustrative = serializers.BooleanField()


class TermSerializer(serializers.Serializer[Any]):
    signal = serializers.ChoiceField(choices=list(SIGNALS))
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    points = serializers.FloatField(help_text="At most two decimals, exact.")
    evidence = EvidenceSerializer(many=True)


class UnknownSerializer(serializers.Serializer[Any]):
    signal = serializers.ChoiceField(choices=list(SIGNALS))
    reason = serializers.CharField()
    possible_points = serializers.FloatField(help_text="The most that adding it could bring.")


class PartnerSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    url = serializers.CharField(help_text="A path on this site.")
    region = serializers.CharField(allow_null=True, help_text="Slug of the home region.")
    country = serializers.CharField(allow_null=True)
    illustrative = serializers.BooleanField()


class MatchSerializer(serializers.Serializer[Any]):
    """One partner; the points of the terms add up to the score exactly."""

    organisation = PartnerSerializer()
    score = serializers.FloatField(help_text="From 0 to 100.")
    terms = TermSerializer(many=True)
    unknown = UnknownSerializer(many=True)


class RankingSerializer(serializers.Serializer[Any]):
    """How the suggestions were weighed and ordered."""

    weights = serializers.DictField(
        child=serializers.FloatField(), help_text="Points of each signal, 100 together."
    )
    version = serializers.CharField(help_text="Of our weights; “own” for weights of your own.")
    well_known = serializers.ChoiceField(
        choices=[known.value for known in WellKnown],
        help_text="How often the well-known are shown: this changes the order, never a score.",
    )


class HiddenSerializer(serializers.Serializer[Any]):
    """How many partners, home regions and kinds were left out at the organisation's wish."""

    organisations = serializers.IntegerField()
    regions = serializers.IntegerField()
    kinds = serializers.IntegerField()


class SuggestionsSerializer(serializers.Serializer[Any]):
    organisation = PartnerSerializer()
    ranking = RankingSerializer()
    hidden = HiddenSerializer(
        allow_null=True,
        help_text="Null for readers outside of the organisation's team, who are shown everyone.",
    )
    suggestions = MatchSerializer(many=True)


class PairSerializer(serializers.Serializer[Any]):
    """Two organisations; swapping them swaps nothing but their places."""

    organisations = PartnerSerializer(many=True)
    score = serializers.FloatField(help_text="From 0 to 100.")
    terms = TermSerializer(many=True)
    unknown = UnknownSerializer(many=True)


NOT_READY = OpenApiResponse(description="There is no match index yet; see Retry-After.")


def visible_organisation(request: Request, slug: str) -> Organisation:
    """The organisation that this address names, when the reader may see it; else a 404."""
    visible = Organisation.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("home_region", "country"), slug=slug)


class MatchingView(generics.GenericAPIView[Any]):
    """An answer of matching; without an index it is a 503."""

    detail = True
    queryset: QuerySet[Any] = Organisation.objects.none()
    query_parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.filter_queryset(self.get_queryset())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.IndexNotBuilt):
            exc = IndexNotReady()
        return super().handle_exception(exc)


class SuggestionsView(MatchingView):
    """The best partners of one organisation in other regions, best first, each term by term."""

    query_parameters = frozenset({*SuggestionQuery.base_fields, *SIGNALS})

    @extend_schema(
        summary="Suggested partners of one organisation, and why",
        parameters=[
            OpenApiParameter("region", OpenApiTypes.STR, description="Slug of a region or area."),
            OpenApiParameter("country", OpenApiTypes.STR, description="Code of a country."),
            OpenApiParameter("kind", OpenApiTypes.STR, enum=Organisation.Kind.values),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTIONS}
            ),
            OpenApiParameter(
                "well_known",
                OpenApiTypes.STR,
                enum=[known.value for known in WellKnown],
                description="How often to show the well-known; changes the order, never a score.",
            ),
            *(
                OpenApiParameter(
                    signal,
                    {"type": "integer", "minimum": 0, "maximum": MOST},
                    description="Its weight in proportion to the others; left out, ours.",
                )
                for signal in SIGNALS
            ),
        ],
        responses={200: SuggestionsSerializer, 503: NOT_READY},
    )
    def get(self, request: Request, slug: str) -> Response:
        organisation = visible_organisation(request, slug)
        query = SuggestionQuery(request.query_params, ours=scoring_in_force())
        if not query.is_valid():
            raise ValidationError(
                {
                    "non_field_errors" if name == NON_FIELD_ERRORS else name: list(
                        map(str, query.errors[name])
                    )
                    for name in query.errors
                }
            )
        asked = query.cleaned_data
        standing = standing_of(reader=request.user, organisation=organisation)
        hidden = choices_for(organisation=organisation, standing=standing).hidden

        def made() -> tuple[dict[str, Any], dict[int, datetime]]:
            matches = services.suggestions_for(
                organisation=organisation,
                limit=asked["limit"] or 10,
                region=asked["region"],
                country=asked["country"].pk if asked["country"] else None,
                kind=asked["kind"] or None,
                ranking=query.ranking,
                hidden=hidden,
            )
            answer = suggestions_as_json(
                organisation,
                matches,
                ranking=query.ranking,
                hidden=hidden if standing.may_see_choices else None,
            )
            return answer, {m.organisation.pk: m.organisation.updated_at for m in matches}

        answer, _stamps = kept(
            made,
            itemgetter(1),
            kind="API",
            organisation=organisation,
            ranking=query.ranking,
            hidden=hidden,
            asked=(
                asked["region"].pk if asked["region"] else None,
                asked["country"].pk if asked["country"] else None,
                asked["kind"],
                asked["limit"] or 10,
                standing.may_see_choices,
            ),
        )
        return Response(answer)


class PairView(MatchingView):
    """How two organisations fit, whether or not one would be suggested to the other."""

    @extend_schema(
        summary="One pair of organisations, and why they fit",
        responses={200: PairSerializer, 503: NOT_READY},
    )
    def get(self, request: Request, slug: str, other: str) -> Response:
        if slug == other:
            raise ValidationError({"other": [_("An organisation is no pair with itself.")]})
        pair = services.match_of(
            a=visible_organisation(request, slug), b=visible_organisation(request, other)
        )
        return Response(pair_as_json(pair))
