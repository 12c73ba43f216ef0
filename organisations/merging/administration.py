"""The page that merges two profiles: choose, look at what would happen, confirm."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from organisations import merging
from organisations.models import ClusterMembership, Organisation

CONFLICTS_SHOWN = 100


class OrganisationSelect(AutocompleteSelect):
    """The usual search, shown again without a choice where what was sent is no number."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        numbers = [each for each in value if str(each).isascii() and str(each).isdecimal()]
        return super().optgroups(name, numbers, attrs)


def organisation_field(label: Any) -> "forms.ModelChoiceField[Organisation]":
    """One profile, searched as in the other forms of the administration pages."""
    searched = ClusterMembership._meta.get_field("member")
    return forms.ModelChoiceField(
        Organisation.objects.all(), label=label, widget=OrganisationSelect(searched, admin.site)
    )


class MergeForm(forms.Form):
    """Which profile stays and which goes."""

    keep = organisation_field(gettext_lazy("Profile that stays"))
    duplicate = organisation_field(gettext_lazy("Profile that goes"))
    despite_numbers = forms.BooleanField(
        label=gettext_lazy("Merge although their numbers differ"),
        help_text=gettext_lazy("Different PICs or VAT numbers speak for two organisations."),
        required=False,
    )


def merge_page(request: HttpRequest, site: dict[str, Any]) -> HttpResponse:
    """Choose by GET, look by POST, and merge by POST with ``confirm``.

    Looking is the merge itself, undone at the end: it shows exactly what confirming does.
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm("organisations.change_organisation"):
        raise PermissionDenied
    form = MergeForm(request.POST) if request.method == "POST" else _asked(request)
    done: merging.Merge | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if "confirm" in request.POST:
                return _merged(request, user, form)
            done = merging.preview(by=user, **form.cleaned_data)
        except merging.NumbersDiffer as error:
            form.add_error("despite_numbers", str(error))
        except merging.MergeRefused as error:
            form.add_error(None, str(error))
    context = {
        **site,
        "title": _("Merge two profiles"),
        "opts": Organisation._meta,
        "media": form.media,
        "form": form,
        "done": done,
        "conflicts": done.conflicts[:CONFLICTS_SHOWN] if done else [],
        "more_conflicts": max(len(done.conflicts) - CONFLICTS_SHOWN, 0) if done else 0,
    }
    return TemplateResponse(
        request,
        "admin/organisations/organisation/merge.html",
        context,
        status=400 if form.errors else 200,
    )


def merge_address(keep: Organisation, duplicate: Organisation | None = None) -> str:
    """The page with one or two profiles chosen already."""
    query = f"?keep={keep.pk}" + (f"&duplicate={duplicate.pk}" if duplicate else "")
    return reverse("admin:organisations_organisation_merge") + query


def _asked(request: HttpRequest) -> MergeForm:
    asked = {
        name: request.GET[name]
        for name in ("keep", "duplicate")
        if request.GET.get(name, "").isascii() and request.GET.get(name, "")[:18].isdecimal()
    }
    return MergeForm(initial=asked)


def _merged(request: HttpRequest, user: User, form: MergeForm) -> HttpResponse:
    page = request.build_absolute_uri(form.cleaned_data["keep"].get_absolute_url())
    done = merging.merge(by=user, page=page, **form.cleaned_data)
    said = _("“%(other)s” is merged into “%(kept)s”; its address leads there.")
    names = {"other": done.duplicate, "kept": done.keep}
    messages.success(request, said % names)
    address = reverse("admin:organisations_organisation_change", args=[done.keep.pk])
    return HttpResponseRedirect(address)
