"""The search over the REST API: the same words, facets and orders as the pages."""

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from directory import facets, listing
from directory.answering import ORDERS, Answer, Request, answer, request_of
from directory.asking import LONGEST
from directory.facets import FACETS
from directory.models import Entry
from directory.offering import Choice, offered
from directory.scopes import BY_NAME

PER_PAGE: Final = 25
PARAMETERS: Final = ("q", "in", "sort", "page", "format")


class HitSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=Entry.What.choices)
    slug = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField(help_text="A path on this site.")
    text = serializers.FloatField(help_text="How well its text answers: the higher, the better.")
    fit = serializers.FloatField(
        allow_null=True, help_text="Points of 100 as a partner of your organisation."
    )


class ValueSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    count = serializers.IntegerField()
    chosen = serializers.BooleanField()


class FacetSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # field name
    values = ValueSerializer(many=True)


class IgnoredSerializer(serializers.Serializer[Any]):
    facet = serializers.CharField()
    value = serializers.CharField()


class SearchSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    more = serializers.BooleanField(help_text="Whether more than `count` were found.")
    near = serializers.BooleanField(help_text="Nothing has all the words; these have some.")
    corrected = serializers.DictField(child=serializers.CharField())
    ignored = IgnoredSerializer(many=True, help_text="Values of facets that do not exist.")
    facets = FacetSerializer(many=True)
    results = HitSerializer(many=True)


class SearchView(APIView):
    """Organisations, clusters, initiatives and regions that answer the words."""

    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", str, description=f"Words, at most {LONGEST} characters."),
            OpenApiParameter("in", str, enum=[name for name in BY_NAME if name]),
            OpenApiParameter("sort", str, enum=list(ORDERS)),
            OpenApiParameter("page", int),
            *(OpenApiParameter(facet.name, str, many=True) for facet in FACETS),
        ],
        responses=SearchSerializer,
    )
    def get(self, request: ApiRequest) -> Response:
        query = request.query_params
        page = _checked(request)
        asked = request_of(query, BY_NAME[query.get("in", "")])
        made = answer(asked, request.user)
        start = (page - 1) * PER_PAGE
        if page > 1 and start >= len(made.hits):
            raise NotFound(_("There is no such page."))
        rows = listing.rows(
            list(made.hits[start : start + PER_PAGE]), made.points, user=request.user
        )
        return Response(
            SearchSerializer(
                {
                    "count": made.found.total,
                    "more": made.found.is_more,
                    "near": made.found.is_near,
                    "corrected": made.found.corrected,
                    "ignored": [
                        {"facet": facet.name, "value": written}
                        for facet, written in asked.asked.unknown
                    ],
                    "facets": [
                        {"name": name, "label": label, "values": values}
                        for name, label, values in _facets(made, asked)
                    ],
                    "results": [
                        {
                            "what": each.hit.what,
                            "slug": each.row.slug,
                            "name": each.hit.title,
                            "url": each.row.get_absolute_url(),
                            "text": round(each.hit.score, 3),
                            "fit": each.points,
                        }
                        for each in rows
                    ],
                }
            ).data
        )


def _checked(request: ApiRequest) -> int:
    """The page asked for; raises a 400 for parameters that do not exist or make no sense."""
    query = request.query_params
    wrong: dict[str, list[str]] = {}
    known = {*PARAMETERS, *(facet.name for facet in FACETS)}
    for name in set(query) - known:
        wrong[name[:40]] = [
            _("There is no such parameter. Known: %(known)s.") % {"known": ", ".join(sorted(known))}
        ]
    if len(query.get("q", "")) > LONGEST:
        wrong["q"] = [_("At most %(most)s characters.") % {"most": LONGEST}]
    if query.get("in", "") not in BY_NAME:
        wrong["in"] = [_("There is no such directory.")]
    if query.get("sort", ORDERS[0]) not in ORDERS:
        wrong["sort"] = [_("There is no such order.")]
    page = query.get("page", "1")
    if not (page.isascii() and page.isdigit() and len(page) < 6 and int(page) > 0):
        wrong["page"] = [_("Write a whole number from 1.")]
    if wrong:
        raise ValidationError(wrong)
    return int(page)


def _facets(made: Answer, asked: Request) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """All values that a page offers, those of countries and of their regions apart."""
    for each in offered(made.found, asked.asked, asked.known, asked.scope.what):
        choices = [*each.choices, *each.folded]
        yield each.facet.name, str(each.facet.label), list(map(_value, choices))
        within = [region for choice in choices for region in choice.within]
        if within:
            region = facets.BY_NAME["region"]
            yield region.name, str(region.label), list(map(_value, within))


def _value(choice: Choice) -> dict[str, Any]:
    return {
        "value": choice.written,
        "label": choice.label,
        "count": choice.count,
        "chosen": choice.is_chosen,
    }
