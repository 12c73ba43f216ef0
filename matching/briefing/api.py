"""Region with region over the REST API, and the same as a file beside the page."""

from hashlib import sha256
from typing import Any, get_args

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from initiatives.models import Initiative
from matching.api import NOT_READY, MatchingView, PairSerializer, PartnerSerializer, TermSerializer
from matching.briefing import briefing
from matching.briefing.as_json import briefing_as_json
from matching.briefing.results import TopicKind
from regions.models import Region, Source


class RegionOfPairSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    country = serializers.CharField()
    url = serializers.CharField(help_text="A path on this site.")


class SharedPrioritySerializer(serializers.Serializer[Any]):
    concept = serializers.CharField(help_text="scheme:code")
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    titles = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Each region's own wordings.",
    )
    illustrative = serializers.BooleanField()


class ComplementSerializer(serializers.Serializer[Any]):
    segments = serializers.ListField(child=serializers.CharField(), help_text="scheme:code")
    labels = serializers.ListField(child=serializers.CharField())
    holders = serializers.ListField(
        child=serializers.IntegerField(), help_text="Real organisations and initiatives."
    )
    illustrative_holders = serializers.ListField(
        child=serializers.IntegerField(), help_text="Illustrative ones, counted apart."
    )
    illustrative = serializers.BooleanField(
        help_text="Whether nobody real holds the segment on one side or the other."
    )
    reason = serializers.CharField()


class InitiativeInCommonSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    url = serializers.CharField(help_text="A path on this site.")


class NetworkInCommonSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class ProjectsOfYearSerializer(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    projects = serializers.IntegerField()


class JointProjectsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    by_year = ProjectsOfYearSerializer(many=True)
    latest = InitiativeInCommonSerializer(many=True)


class OfficeSerializer(serializers.Serializer[Any]):
    """An office to write to; never a person."""

    office = serializers.CharField()
    organisation = serializers.CharField()
    website = serializers.CharField(allow_null=True)


class SideSerializer(serializers.Serializer[Any]):
    """One region in short; counts are of real, verified organisations."""

    region = serializers.CharField(help_text="Slug.")
    capital = serializers.CharField()
    nuts = serializers.CharField()
    organisations = serializers.IntegerField()
    clusters = serializers.IntegerField()
    contacts = OfficeSerializer(many=True)


class FigureSerializer(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="Slug.")
    value = serializers.FloatField()
    qualifier = serializers.CharField(help_text="“over”, “about”, or empty for exactly.")
    rank = serializers.IntegerField(allow_null=True)
    rank_scope = serializers.CharField(help_text="“country”, “europe”, or empty.")
    rank_of = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    source = serializers.CharField(help_text="Slug of one of the sources.")  # type: ignore[assignment]  # field name


class FigureRowSerializer(serializers.Serializer[Any]):
    """One indicator, with the latest figure of each region that has it on record."""

    indicator = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    unit = serializers.CharField()
    values = FigureSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="“priority”, “segment” or “network”.")
    text = serializers.CharField()
    illustrative = serializers.BooleanField()


class LeadSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField(allow_null=True, help_text="A path on this site.")


class OpenInitiativeSerializer(InitiativeInCommonSerializer):
    """An initiative of one region, the host, in which the other, the guest, is not yet."""

    status = serializers.ChoiceField(choices=Initiative.Status.choices)
    start_date = serializers.DateField(allow_null=True)
    end_date = serializers.DateField(allow_null=True)
    host = serializers.CharField(help_text="Slug.")
    guest = serializers.CharField(help_text="Slug.")
    reasons = ReasonSerializer(many=True)
    lead = LeadSerializer(allow_null=True)
    office = OfficeSerializer(
        allow_null=True, help_text="Of the host; whom to ask where no lead is on record."
    )
    source = serializers.CharField(help_text="Slug of one of the sources.")  # type: ignore[assignment]  # field name


class TopicSerializer(serializers.Serializer[Any]):
    """One suggested item of the agenda."""

    kind = serializers.CharField(help_text=", ".join(f"“{kind}”" for kind in get_args(TopicKind)))
    title = serializers.CharField()
    reason = serializers.CharField()
    strength = serializers.IntegerField(help_text="From 0 to 100; the agenda is in this order.")
    illustrative = serializers.BooleanField(help_text="Rests on illustrative data; comes last.")
    pairs = serializers.ListField(
        child=PartnerSerializer(many=True), help_text="Pairs of organisations to bring."
    )
    organisations = PartnerSerializer(many=True)
    initiative = InitiativeInCommonSerializer(allow_null=True)


class SourceInBriefingSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    url = serializers.CharField(allow_null=True)
    licence = serializers.CharField()
    standing = serializers.ChoiceField(choices=Source.Standing.choices)


class RegionFitSerializer(serializers.Serializer[Any]):
    """Why two regions fit; lists of two are in the order of ``regions``."""

    regions = RegionOfPairSerializer(many=True)
    score = serializers.FloatField(help_text="From 0 to 100.")
    terms = TermSerializer(many=True)
    shared_priorities = SharedPrioritySerializer(many=True)
    complements = ComplementSerializer(many=True)
    networks = NetworkInCommonSerializer(many=True)
    initiatives = InitiativeInCommonSerializer(many=True)
    joint_projects = JointProjectsSerializer()
    pairs = PairSerializer(many=True)
    illustrative_pairs = PairSerializer(many=True)
    pairs_are_compared = serializers.BooleanField(
        help_text="False where the regions have more pairs of organisations than are compared."
    )
    made_on = serializers.DateField()
    sides = SideSerializer(many=True)
    figures = FigureRowSerializer(many=True)
    open_initiatives = OpenInitiativeSerializer(many=True)
    agenda = TopicSerializer(many=True)
    agenda_is_short = serializers.BooleanField(
        help_text="Whether too little is known for an agenda of the usual length."
    )
    sources = SourceInBriefingSerializer(
        many=True, help_text="Of the figures and the open initiatives."
    )


class RegionFitView(MatchingView):
    """Two regions: why they fit, who should meet, what to join, and what to talk about."""

    @extend_schema(
        summary="Region with region: the whole briefing",
        description="The same as `/regions/{slug}/with/{other}.json`, and as that page and its PDF "
        "say. It has an ETag; ask with If-None-Match to get it only when it changed.",
        responses={200: RegionFitSerializer, 503: NOT_READY},
    )
    def get(self, request: Request, slug: str, other: str) -> HttpResponseBase:
        if slug == other:
            raise ValidationError({"other": [_("A region is no pair with itself.")]})
        regions = Region.objects.select_related("country")
        found = briefing(
            a=get_object_or_404(regions, slug=slug), b=get_object_or_404(regions, slug=other)
        )
        response = Response(briefing_as_json(found))
        etag = quote_etag(sha256(JSONRenderer().render(response.data)).hexdigest()[:32])
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response


@extend_schema(exclude=True)
class BriefingJson(RegionFitView):
    """The same answer as the endpoint's, at an address beside the page."""
