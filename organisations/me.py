"""The caller's own account in the REST API; it names organisations, so it stands on their floor."""

from typing import cast

from django.conf import settings
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import services
from accounts.models import User
from organisations.api import OrganisationReferenceSerializer
from organisations.models import Organisation, TeamMember


class OwnOrganisationSerializer(serializers.ModelSerializer[TeamMember]):
    """An organisation that the caller speaks for, and as what."""

    organisation = OrganisationReferenceSerializer()
    status = serializers.ChoiceField(Organisation.Status.choices, source="organisation.status")

    class Meta:
        model = TeamMember
        fields = ["organisation", "status", "role"]


class MeSerializer(serializers.ModelSerializer[User]):
    """The caller: what they say about themselves, and which fields of it are public."""

    language = serializers.ChoiceField(settings.LANGUAGES)
    public_fields = serializers.ListField(
        child=serializers.ChoiceField(User.PublicField.choices),
        max_length=len(User.PublicField),
        help_text="The fields that everyone may see.",
    )
    organisations = OwnOrganisationSerializer(source="teams", many=True, read_only=True)

    class Meta:
        model = User
        fields = ["email", "name", "position", "phone", "language", "public_fields"]
        fields += ["organisations"]
        read_only_fields = ["email"]


class MeView(APIView):
    """The caller's own account."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        user = _with_teams(cast(User, request.user))
        return Response(MeSerializer(user, context={"request": request}).data)

    @extend_schema(
        operation_id="me_partial_update", request=MeSerializer(partial=True), responses=MeSerializer
    )
    def patch(self, request: Request) -> Response:
        """Change some of it; the rest stays as it is."""
        user = cast(User, request.user)
        form = MeSerializer(user, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        services.change_profile(user=user, by=user, **form.validated_data)
        return self.get(request)


def _with_teams(user: User) -> User:
    teams = TeamMember.objects.select_related("organisation").order_by("organisation__name", "pk")
    return User.objects.prefetch_related(Prefetch("teams", teams)).get(pk=user.pk)
