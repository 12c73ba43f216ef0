"""A region's dossier for those who keep it: what there is, what is old, and what is missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from regions import keeping
from regions.dossiers.forms import AboutForm, SourcedForm
from regions.dossiers.history import history_of
from regions.dossiers.sections import differences
from regions.keeping import ABOUT, EditedMeanwhile
from regions.listing import found
from regions.models import Indicator, KeyFigure, Region
from regions.services import STATISTICAL_SOURCES
from regions.templatetags.display import is_stale

Named = ParamSpec("Named")
GETS_AND_POSTS: Final = ["GET", "HEAD", "POST"]


def for_editors(
    view: Callable[Concatenate[HttpRequest, Region, User, Named], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """For those who keep the region's dossier; others read the region's own page."""

    @login_required
    @wraps(view)
    def checked(
        request: HttpRequest, slug: str, *args: Named.args, **named: Named.kwargs
    ) -> HttpResponse:
        assert isinstance(request.user, User)
        region = found(Region.objects.select_related("country", "summary_source"), slug)
        if not Region.objects.editable_by(request.user).filter(pk=region.pk).exists():
            raise PermissionDenied
        return view(request, region, request.user, *args, **named)

    return checked


@dataclass
class Measured:
    """The figures of one indicator: the newest, and the older ones that stay as history."""

    indicator: Indicator
    newest: KeyFigure
    older: list[KeyFigure] = field(default_factory=list)

    @property
    def is_stale(self) -> bool:
        return is_stale(self.newest.year)

    @property
    def age(self) -> int:
        return timezone.localdate().year - self.newest.year if self.newest.year else 0

    @property
    def needs_update(self) -> bool:
        return self.is_stale or self.newest.year is None


@require_safe
@for_editors
def dossier(request: HttpRequest, region: Region, user: User) -> HttpResponse:
    """Every part of the dossier with what can be done about it, and its history."""
    figures = measured(region)
    priorities = list(
        region.priorities.select_related("concept", "source").order_by(
            "is_historic", "kind", "concept__position", "pk"
        )
    )
    contacts = list(region.contacts.select_related("source"))
    return render(
        request,
        "regions/dossier.html",
        {
            "region": region,
            "figures": figures,
            "by_site": STATISTICAL_SOURCES,
            "priorities": priorities,
            "distinctions": region.distinctions.select_related("source").order_by("-year", "pk"),
            "contacts": contacts,
            "stale": [row for row in figures if row.needs_update],
            "missing": missing(
                region,
                has_figures=bool(figures),
                has_priorities=any(not priority.is_historic for priority in priorities),
                has_contacts=bool(contacts),
            ),
            "history": history_of(region, reader=user),
        },
    )


def measured(region: Region) -> list[Measured]:
    """The region's figures by indicator, the newest first; one without a year comes last."""
    groups: dict[int, Measured] = {}
    rows = region.key_figures.select_related("indicator", "source").order_by(
        "indicator__position", "indicator__slug", "pk"
    )
    for figure in sorted(
        rows, key=lambda row: (row.indicator.position, row.indicator.slug, -(row.year or 0))
    ):
        figure.region = region
        group = groups.get(figure.indicator_id)
        if group is None:
            groups[figure.indicator_id] = Measured(figure.indicator, figure)
        else:
            group.older.append(figure)
    return list(groups.values())


def missing(
    region: Region, *, has_figures: bool, has_priorities: bool, has_contacts: bool
) -> list[tuple[str, str]]:
    """What a reader of the region's page would look for in vain, and where to add it."""
    about = reverse("regions:dossier-about", args=[region.slug])

    def adding(section: str) -> str:
        return reverse("regions:dossier-add", args=[region.slug, section])

    wanted = (
        (region.summary, _("a summary"), about),
        (region.capital, _("the capital"), about),
        (region.website, _("a website"), about),
        (has_figures, _("key figures"), adding("figures")),
        (has_priorities, _("a priority in force, which matching needs"), adding("priorities")),
        (has_contacts, _("a contact office"), adding("contacts")),
    )
    return [(name, address) for there, name, address in wanted if not there]


@require_http_methods(GETS_AND_POSTS)
@for_editors
def about(request: HttpRequest, region: Region, user: User) -> HttpResponse:
    """The summary, the capital and the website."""
    if request.method != "POST":
        return about_page(request, region, AboutForm(instance=region, region=region))
    form = AboutForm(request.POST, instance=Region.objects.get(pk=region.pk), region=region)
    if form.is_valid():
        try:
            keeping.describe(
                region=form.instance,
                expected=form.cleaned_data["opened"],
                by=user,
                new_source=form.new_source,
            )
        except EditedMeanwhile as clash:
            return about_page(request, region, form, present=clash.present)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("The dossier was saved."))
            return redirect("regions:dossier", region.slug)
    return about_page(request, region, form)


def about_page(
    request: HttpRequest, region: Region, form: SourcedForm, *, present: Any = None
) -> HttpResponse:
    clashes = []
    if present is not None:
        named = form.new_source.title if form.new_source else ""
        clashes = differences(present, form.instance, ABOUT, new_source=named)
        open_anew(form, present)
    return render(
        request,
        "regions/dossier_about.html",
        {
            "region": region,
            "form": form,
            "is_clash": present is not None,
            "clashes": clashes,
        },
        status=status_of(form, is_clash=present is not None),
    )


def status_of(form: SourcedForm, *, is_clash: bool) -> HTTPStatus:
    if is_clash:
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def open_anew(form: SourcedForm, present: Any) -> None:
    """What the reader wrote stays; sent again, it replaces what stands there now."""
    form.data = {**{name: form.data[name] for name in form.data}, "opened": form.digest(present)}


def put_errors(form: SourcedForm, error: ValidationError) -> None:
    """Errors of a service beside the fields that they are about."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, found_ in by_field.items():
        shown_at = {"summary_source": "source"}.get(name, name)
        for message in found_:
            form.add_error(shown_at if shown_at in form.fields else None, message)
