"""Administration of the weights of the score."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.administration import ModelAdmin
from accounts.models import User
from matching import weights as versions
from matching.models import ScoringWeights
from matching.results import SIGNALS


@admin.register(ScoringWeights)
class ScoringWeightsAdmin(ModelAdmin):
    """Versions of the weights; the one in force is not changed, a new version replaces it."""

    list_display = ["version", *SIGNALS, "in_force", "created_at"]
    list_filter = ["in_force"]
    search_fields = ["version", "note"]
    actions = ["put_in_force"]
    readonly_fields = ["in_force", "created_at"]
    fieldsets = [
        (None, {"fields": ["version", "note", "in_force", "created_at"]}),
        (_("Weights in points, 100 in all"), {"fields": list(SIGNALS)}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_in_force(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not is_in_force(obj) and super().has_delete_permission(request, obj)

    @admin.action(description=_("Put the chosen version in force"), permissions=["change"])
    def put_in_force(self, request: HttpRequest, chosen: QuerySet[ScoringWeights]) -> None:
        assert isinstance(request.user, User)
        if chosen.count() != 1:
            self.message_user(request, _("Choose exactly one version."), messages.ERROR)
            return
        version = versions.put_in_force(weights=chosen.get(), by=request.user)
        self.message_user(
            request,
            _("“%(version)s” is in force.") % {"version": version},
            messages.SUCCESS,
        )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def is_in_force(weights: Model | None) -> bool:
    return isinstance(weights, ScoringWeights) and weights.in_force
