"""Administration of the weights of the score, and of what organisations made of suggestions."""

import csv
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.administration import DerivedAdmin, ModelAdmin, SearchByOtherAdmin
from accounts.exchange.escaping import escape_formulae
from accounts.history import History
from accounts.models import User
from matching import weights as versions
from matching.admin_forms import WeightsForm
from matching.models import (
    Change,
    Exclusion,
    Feedback,
    Pruning,
    ScoringWeights,
    SuggestionList,
)
from matching.results import SIGNALS
from organisations.models import Organisation


@admin.register(ScoringWeights)
class ScoringWeightsAdmin(History, ModelAdmin):
    """Versions of the weights; the one in force is not changed, a new version replaces it."""

    form = WeightsForm
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
    def put_in_force(
        self, request: HttpRequest, chosen: QuerySet[ScoringWeights]
    ) -> HttpResponse | None:
        """Ask first, with both versions side by side: it changes every list of suggestions."""
        assert isinstance(request.user, User)
        if chosen.count() != 1:
            self.message_user(request, _("Choose exactly one version."), messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self.ask(request, chosen.get())
        version = versions.put_in_force(weights=chosen.get(), by=request.user)
        self.message_user(
            request,
            _("“%(version)s” is in force.") % {"version": version},
            messages.SUCCESS,
        )
        return None

    def ask(self, request: HttpRequest, version: ScoringWeights) -> HttpResponse:
        now = ScoringWeights.objects.filter(in_force=True).first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Put “%(version)s” in force?") % {"version": version},
            "list_address": reverse("admin:matching_scoringweights_changelist"),
            "version": version,
            "now": now,
            "weights": [
                (
                    self.opts.get_field(signal).verbose_name,  # type: ignore[union-attr]  # a plain field
                    getattr(now, signal) if now else "–",
                    getattr(version, signal),
                )
                for signal in SIGNALS
            ],
        }
        return TemplateResponse(request, "admin/tools/put_in_force.html", context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def organisations_named(text: str) -> QuerySet[Any]:
    return Organisation.objects.named(text)


class ChoiceAdmin(DerivedAdmin, SearchByOtherAdmin):
    """Choices that teams made on their pages: for reading, undone ones too."""

    list_per_page = 100
    searched_by = {"organisation": organisations_named}
    search_help_text = _("Organisation.")


@admin.register(Feedback)
class FeedbackAdmin(ChoiceAdmin):
    """Saved and dismissed suggestions, with the score at that moment, and as a file to learn
    from."""

    list_display = [
        "created_at",
        "organisation",
        "other",
        "kind",
        "reason",
        "points",
        "rank_shown",
        "weights_version",
        "withdrawn_at",
    ]
    list_filter = [
        "kind",
        "reason",
        "weights_version",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["organisation", "other", "by"]
    searched_by = {"organisation": organisations_named, "other": organisations_named}
    search_help_text = _("Organisation or suggested partner.")
    actions = ["as_csv"]

    @admin.display(description=_("score"), ordering="score")
    def points(self, feedback: Feedback) -> str:
        return "–" if feedback.score is None else f"{feedback.score / 100:.2f}"

    @admin.action(description=_("Download the chosen rows as CSV"), permissions=["view"])
    def as_csv(self, request: HttpRequest, chosen: QuerySet[Feedback]) -> HttpResponse:
        """One row for each choice: ids, never names of people; signals in hundredths."""
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="feedback.csv"'
        writer = csv.writer(answer)
        columns = [
            "id",
            "organisation_id",
            "other_id",
            "kind",
            "reason",
            "text",
            "score",
            "weights_version",
            "rank_shown",
            "created_at",
            "withdrawn_at",
        ]
        writer.writerow([*columns, *SIGNALS])
        for row in chosen.order_by("pk"):
            values = [getattr(row, column) for column in columns]
            writer.writerow(
                [as_text(value) for value in values] + [row.signals.get(name) for name in SIGNALS]
            )
        return answer


@admin.register(Exclusion)
class ExclusionAdmin(ChoiceAdmin):
    """Regions and kinds that organisations leave out."""

    list_display = ["created_at", "organisation", "region", "kind", "by", "withdrawn_at"]
    list_filter = ["kind", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organisation", "region", "by"]


@admin.register(Change)
class ChangeAdmin(DerivedAdmin, SearchByOtherAdmin):
    """What the index has to take up: database triggers write it, and a job empties it.

    An organisation is a number here, since it may have been deleted.
    """

    list_display = ["pk", "organisation_id", "xid", "changed_at"]
    searched_by = {"organisation_id": organisations_named}
    search_help_text = _("Organisation.")


@admin.register(Pruning)
class PruningAdmin(DerivedAdmin):
    """Up to where the outbox was emptied: one row."""

    list_display = ["pk", "below"]


@admin.register(SuggestionList)
class SuggestionListAdmin(DerivedAdmin, SearchByOtherAdmin):
    """The lists kept for digests; the next run of the job makes them anew."""

    list_display = [
        "organisation",
        "made_at",
        "scoring_version",
        "index_checksum",
        "index_changes",
    ]
    list_filter = ["scoring_version"]
    list_select_related = ["organisation"]
    ordering = ["-made_at"]
    searched_by = {"organisation": organisations_named}
    search_help_text = _("Organisation.")


def as_text(value: object) -> object:
    """A cell that no spreadsheet takes for a formula; times as ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat()
    return escape_formulae(value) if isinstance(value, str) else value


def is_in_force(weights: Model | None) -> bool:
    return isinstance(weights, ScoringWeights) and weights.in_force
