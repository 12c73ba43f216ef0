"""Editing an organisation and its statements over the REST API, by the services that the pages
call: the same rules, the same messages."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, mixins, serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from organisations import editing, stating, submission
from organisations.api import StatementSerializer
from organisations.models import Organisation, Statement
from organisations.moderation import StepNotPossible
from regions.models import Concept, Country
from regions.models.places import LANGUAGES
from regions.picking import offered

REFUSED = OpenApiResponse(description="You may see this organisation, and may not edit it.")
NOT_NOW = OpenApiResponse(description="The status of the profile does not lead there.")

Answer = TypeVar("Answer")


class Conflict(APIException):
    """What was asked for is understood, and not possible as things stand."""

    status_code = 409
    default_code = "conflict"


def by_field(call: Callable[[], Answer]) -> Answer:
    """What a service answers; its refusals as errors by field."""
    try:
        return call()
    except ModelValidationError as error:
        if not hasattr(error, "error_dict"):
            raise ValidationError({"non_field_errors": error.messages}) from error
        raise ValidationError(
            {
                "non_field_errors" if name == NON_FIELD_ERRORS else name: found
                for name, found in error.message_dict.items()
            }
        ) from error


class OrganisationEditSerializer(serializers.Serializer[Any]):
    """The fields that an editor may change; those left out stay as they are."""

    name = serializers.CharField(max_length=300)
    short_name = serializers.CharField(max_length=120, allow_blank=True)
    kind = serializers.ChoiceField(choices=Organisation.Kind.choices)
    description = serializers.CharField(max_length=editing.MOST_DESCRIPTION, allow_blank=True)
    size = serializers.ChoiceField(choices=Organisation.Size.choices, allow_blank=True)
    website = serializers.CharField(max_length=300, allow_blank=True)
    vat_number = serializers.CharField(max_length=20, allow_blank=True)
    pic = serializers.RegexField(
        r"\A[0-9]{9}\Z", allow_blank=True, error_messages={"invalid": _("A PIC has nine digits.")}
    )
    country = serializers.PrimaryKeyRelatedField(queryset=Country.objects.all())
    city = serializers.CharField(max_length=120, allow_blank=True)
    nuts3 = serializers.CharField(
        max_length=5, allow_blank=True, help_text="Code of NUTS 2021, level 3; empty: not known."
    )
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(LANGUAGES)),
        max_length=40,
        help_text="Working languages, as codes of two letters.",
    )
    wanted_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=Organisation.Kind.choices), max_length=20
    )
    wanted_regions = serializers.ListField(
        child=serializers.SlugField(max_length=80),
        max_length=400,
        help_text="Slugs of the regions that partners are wanted from; empty: every region.",
    )

    def validate_country(self, country: Country) -> str:
        return country.pk

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise ValidationError(
                {name[:40]: [_("There is no such field to edit.")] for name in sorted(unknown)}
            )
        return attrs


class OwnStatementSerializer(StatementSerializer):
    """A statement with the number that it is changed and removed by."""

    class Meta(StatementSerializer.Meta):
        fields = ["id", *StatementSerializer.Meta.fields]


class StatementChangeSerializer(serializers.Serializer[Any]):
    """How much a statement weighs, how mature the thing is, until when, and in which words."""

    weight = serializers.IntegerField(
        min_value=1, max_value=3, required=False, help_text="1 = minor, 2 = normal, 3 = central."
    )
    text = serializers.CharField(
        max_length=stating.MOST_TEXT, required=False, allow_blank=True, help_text="In your words."
    )
    trl_from = serializers.IntegerField(min_value=1, max_value=9, required=False, allow_null=True)
    trl_to = serializers.IntegerField(min_value=1, max_value=9, required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)


class NewStatementSerializer(StatementChangeSerializer):
    role = serializers.ChoiceField(choices=Statement.Role.choices)
    concept = serializers.CharField(max_length=150, help_text="As vocabulary:code.")

    def validate_concept(self, identifier: str) -> Concept:
        scheme, _colon, code = identifier.partition(":")
        concept = offered().filter(vocabulary__scheme=scheme, code=code).first()
        if concept is None:
            raise serializers.ValidationError(_("There is no such concept."))
        return concept


class SubmittedSerializer(serializers.ModelSerializer[Organisation]):
    """Where the verification stands."""

    class Meta:
        model = Organisation
        fields = ["slug", "status", "submitted_at"]


class OwnView(generics.GenericAPIView[Any]):
    """What belongs to one organisation: who sees it reads, and its editors write."""

    detail = True
    queryset: QuerySet[Any] = Statement.objects.none()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        visible = Organisation.objects.visible_to(request.user)
        self.organisation = get_object_or_404(visible, slug=kwargs["slug"])
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            require_editor(self.organisation, request)

    @property
    def user(self) -> User:
        """Who writes; nobody gets to a command without being signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user


def require_editor(organisation: Organisation, request: Request) -> None:
    """Raise PermissionDenied unless the request comes from an owner or editor."""
    editable = Organisation.objects.editable_by(request.user)
    if not editable.filter(pk=organisation.pk).exists():
        raise PermissionDenied(_("You may not edit this organisation."))


@extend_schema_view(
    get=extend_schema(
        summary="What an organisation states", responses={200: OwnStatementSerializer(many=True)}
    ),
    post=extend_schema(
        summary="Declare an offer, a need or an interest",
        request=NewStatementSerializer,
        responses={201: OwnStatementSerializer, 200: OwnStatementSerializer, 403: REFUSED},
    ),
)
class StatementList(OwnView, mixins.ListModelMixin):
    """Everything stated, by role. Declared twice, a statement is declared once: the second answer
    is a 200 with what stands."""

    detail = False
    serializer_class = OwnStatementSerializer

    def get_queryset(self) -> QuerySet[Statement]:
        if getattr(self, "swagger_fake_view", False):
            return Statement.objects.none()
        return self.organisation.statements.select_related("concept__vocabulary").order_by(
            "role", "concept__vocabulary", "concept__position", "pk"
        )

    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)

    def post(self, request: Request, slug: str) -> Response:
        asked = NewStatementSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        role, concept = Statement.Role(values.pop("role")), values.pop("concept")
        made = by_field(
            lambda: stating.declare(
                organisation=self.organisation,
                concepts=[concept],
                role=role,
                by=self.user,
                values=values,
            )
        )
        stands = self.get_queryset().get(
            concept=concept, role=role, origin=Statement.Origin.DECLARED
        )
        return Response(self.get_serializer(stands).data, status=201 if made else 200)


@extend_schema_view(
    patch=extend_schema(
        summary="Change a declared statement",
        request=StatementChangeSerializer(partial=True),
        responses={200: OwnStatementSerializer, 403: REFUSED},
    ),
    delete=extend_schema(
        summary="Take a declared statement away", responses={204: None, 403: REFUSED}
    ),
)
class StatementDetail(OwnView):
    """One declared statement. What projects demonstrate is not changed by hand."""

    serializer_class = OwnStatementSerializer

    def patch(self, request: Request, slug: str, pk: int) -> Response:
        asked = StatementChangeSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        try:
            changed = by_field(
                lambda: stating.change(
                    organisation=self.organisation,
                    statement=pk,
                    by=self.user,
                    values=asked.validated_data,
                )
            )
        except stating.StatementGone:
            raise Http404(_("There is no such declared statement.")) from None
        return Response(self.get_serializer(changed.statement).data)

    def delete(self, request: Request, slug: str, pk: int) -> Response:
        if not stating.withdraw(organisation=self.organisation, statement=pk, by=self.user):
            raise Http404(_("There is no such declared statement."))
        return Response(status=204)


@extend_schema_view(
    post=extend_schema(
        summary="Submit a profile for verification",
        request=None,
        responses={200: SubmittedSerializer, 403: REFUSED, 409: NOT_NOW},
    )
)
class SubmitView(OwnView):
    """Submitted twice, it is submitted once. What is missing is a 400 that names it."""

    serializer_class = SubmittedSerializer

    def post(self, request: Request, slug: str) -> Response:
        address = request.build_absolute_uri(self.organisation.get_absolute_url())
        try:
            submitted = submission.submit(
                organisation=self.organisation, by=self.user, address=address
            )
        except submission.Incomplete as lacking:
            raise ValidationError(
                {
                    key: [_("The profile needs this: %(what)s.") % {"what": words}]
                    for key, words in lacking.missing.items()
                }
            ) from lacking
        except StepNotPossible as refusal:
            raise Conflict(str(refusal)) from refusal
        return Response(self.get_serializer(submitted).data)
