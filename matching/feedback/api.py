"""Saving and hiding suggestions over the REST API, by the services that the pages call.

Only the team of an organisation and the moderators read its choices, and only those who may edit
it make them; to everyone else who sees the organisation it is a 403.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, mixins, serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from matching.engine import PERFECT, SIGNALS
from matching.feedback import choices
from matching.feedback.hidden import standing_of
from matching.feedback.models import Exclusion, Feedback
from organisations.api import OrganisationReferenceSerializer
from organisations.models import Organisation
from regions.models import Region

REFUSED = OpenApiResponse(description="You are not in the team of this organisation.")


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    """A suggested partner that was saved, or dismissed for a reason."""

    other = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Organisation.objects.none(),
        help_text="Slug of the partner; empty where its profile is not public.",
    )
    organisation = OrganisationReferenceSerializer(
        source="other",
        read_only=True,
        allow_null=True,
        help_text="The partner; null where its profile is not public.",
    )
    reason = serializers.ChoiceField(
        choices=Feedback.Reason.choices,
        required=False,
        allow_blank=True,
        help_text="Of a dismissal, always; of a saved partner, never.",
    )
    text = serializers.CharField(
        max_length=500, required=False, help_text="Needed where the reason is another one."
    )
    rank = serializers.IntegerField(
        source="rank_shown",
        min_value=1,
        max_value=1000,
        required=False,
        allow_null=True,
        help_text="The place in the list at which it was shown.",
    )
    score = serializers.SerializerMethodField(help_text="From 0 to 100, at that moment.")
    signals = serializers.SerializerMethodField(help_text="The points of each signal.")

    class Meta:
        model = Feedback
        fields = [
            "id",
            "kind",
            "other",
            "organisation",
            "reason",
            "text",
            "rank",
            "score",
            "signals",
            "weights_version",
            "created_at",
        ]
        read_only_fields = ["weights_version"]

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        fields["other"].queryset = Organisation.objects.visible_to(self.context["request"].user)
        return fields

    def to_representation(self, feedback: Feedback) -> dict[str, Any]:
        """As on the page, nobody is told the name of a partner that is not public (any more)."""
        shown: dict[str, Any] = super().to_representation(feedback)
        return shown if feedback.other.is_public else {**shown, "other": "", "organisation": None}

    def get_score(self, feedback: Feedback) -> float | None:
        return None if feedback.score is None else feedback.score * 100 / PERFECT

    def get_signals(self, feedback: Feedback) -> dict[str, float]:
        return {
            signal: feedback.signals[signal] * 100 / PERFECT
            for signal in SIGNALS
            if signal in feedback.signals
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        reason, text = attrs.get("reason"), attrs.get("text")
        if attrs["kind"] == Feedback.Kind.SAVED and (reason or text):
            raise serializers.ValidationError({"reason": _("A saved partner has no reason.")})
        if attrs["kind"] == Feedback.Kind.DISMISSED and not reason:
            raise serializers.ValidationError({"reason": _("Say why this partner is not for you.")})
        if reason == Feedback.Reason.OTHER and not text:
            raise serializers.ValidationError(
                {"text": _("Say in a few words what the other reason is.")}
            )
        return attrs


class ExclusionSerializer(serializers.ModelSerializer[Exclusion]):
    """A home region, or a kind of organisation, that nobody is suggested of."""

    region = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Region.objects.filter(kind=Region.Kind.HOME),
        required=False,
        allow_null=True,
        help_text="Slug of a home region.",
    )
    kind = serializers.ChoiceField(
        choices=Organisation.Kind.choices, required=False, allow_blank=True
    )

    class Meta:
        model = Exclusion
        fields = ["id", "region", "kind", "created_at"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("region")) == bool(attrs.get("kind")):
            raise serializers.ValidationError(_("Name either a region or a kind of organisation."))
        return attrs


class Refused(Throttled):
    """Too many choices, in our words, and when to come again."""

    def __init__(self, refusal: choices.TooManyChoices) -> None:
        super().__init__(detail=str(refusal))
        self.wait = choices.WAIT


class ChoicesView(generics.GenericAPIView[Any]):
    """What belongs to one organisation: its team and the moderators read, its editors write."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        visible = Organisation.objects.visible_to(request.user)
        self.organisation = get_object_or_404(visible, slug=kwargs["slug"])
        standing = standing_of(reader=request.user, organisation=self.organisation)
        writes = request.method not in ("GET", "HEAD", "OPTIONS")
        if not (standing.may_choose if writes else standing.may_see_choices):
            raise PermissionDenied

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, choices.TooManyChoices):
            exc = Refused(exc)
        return super().handle_exception(exc)

    @property
    def user(self) -> User:
        """Who asks; nobody gets here without being signed in."""
        assert isinstance(self.request.user, User)
        return self.request.user


@extend_schema_view(
    get=extend_schema(
        summary="Partners that an organisation saved or dismissed",
        responses={200: FeedbackSerializer(many=True), 403: REFUSED},
    ),
    post=extend_schema(
        summary="Save or dismiss a suggested partner",
        responses={201: FeedbackSerializer, 403: REFUSED},
    ),
)
class FeedbackList(ChoicesView, mixins.ListModelMixin):
    """The latest first. Sent twice, a choice is the same choice; the other kind takes its place."""

    serializer_class = FeedbackSerializer
    queryset = Feedback.objects.none()

    def get_queryset(self) -> QuerySet[Feedback]:
        return (
            Feedback.objects.active()
            .filter(organisation=self.organisation)
            .select_related("other")
            .order_by("-created_at", "-pk")
        )

    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)

    def post(self, request: Request, slug: str) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        partner = {
            "organisation": self.organisation,
            "other": asked["other"],
            "by": self.user,
            "rank_shown": asked.get("rank_shown"),
        }
        try:
            made = (
                choices.save(**partner)
                if asked["kind"] == Feedback.Kind.SAVED
                else choices.dismiss(
                    **partner,
                    reason=Feedback.Reason(asked["reason"]),
                    text=asked.get("text", ""),
                )
            )
        except ModelValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return Response(self.get_serializer(made).data, status=201)


@extend_schema_view(
    delete=extend_schema(summary="Undo a save or a dismissal", responses={204: None, 403: REFUSED})
)
class FeedbackUndo(ChoicesView):
    """It stays on record as undone; undone twice, it is undone once."""

    detail = True
    queryset = Feedback.objects.none()

    def delete(self, request: Request, slug: str, pk: int) -> Response:
        feedback = get_object_or_404(Feedback, organisation=self.organisation, pk=pk)
        choices.withdraw(feedback=feedback, by=self.user)
        return Response(status=204)


@extend_schema_view(
    get=extend_schema(
        summary="Regions and kinds that an organisation leaves out",
        responses={200: ExclusionSerializer(many=True), 403: REFUSED},
    ),
    post=extend_schema(
        summary="Suggest nobody of a region or kind",
        responses={201: ExclusionSerializer, 403: REFUSED},
    ),
)
class ExclusionList(ChoicesView, mixins.ListModelMixin):
    """The latest first. Left out twice is left out once."""

    serializer_class = ExclusionSerializer
    queryset = Exclusion.objects.none()

    def get_queryset(self) -> QuerySet[Exclusion]:
        return (
            Exclusion.objects.active()
            .filter(organisation=self.organisation)
            .select_related("region")
            .order_by("-created_at", "-pk")
        )

    def get(self, request: Request, slug: str) -> Response:
        return self.list(request)

    def post(self, request: Request, slug: str) -> Response:
        wanted = self.get_serializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        region, kind = wanted.validated_data.get("region"), wanted.validated_data.get("kind")
        made = (
            choices.leave_out_region(organisation=self.organisation, region=region, by=self.user)
            if region
            else choices.leave_out_kind(
                organisation=self.organisation, kind=Organisation.Kind(kind), by=self.user
            )
        )
        return Response(self.get_serializer(made).data, status=201)


@extend_schema_view(
    delete=extend_schema(
        summary="Suggest a region or kind again", responses={204: None, 403: REFUSED}
    )
)
class ExclusionUndo(ChoicesView):
    """It stays on record as undone; undone twice, it is undone once."""

    detail = True
    queryset = Exclusion.objects.none()

    def delete(self, request: Request, slug: str, pk: int) -> Response:
        exclusion = get_object_or_404(Exclusion, organisation=self.organisation, pk=pk)
        choices.bring_back(exclusion=exclusion, by=self.user)
        return Response(status=204)
