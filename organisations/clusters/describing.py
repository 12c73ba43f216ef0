"""What only clusters have in their profile: sectors and a label."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organisations.clusters import profile
from organisations.clusters.forms import LabelForm
from organisations.clusters.loading import internal, may_write, reader_of, writable
from organisations.models import Organisation
from regions.filters import LONGEST_QUERY
from regions.models import Concept
from regions.querysets import concepts_named

CONCEPTS_SHOWN: Final = 30


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def describe(request: HttpRequest, slug: str) -> HttpResponse:
    """The sectors and the label; a search among all vocabularies finds sectors to add."""
    cluster = internal(request, slug, cluster=True)
    if not may_write(request, cluster):
        if request.method == "POST":
            raise PermissionDenied
        return _page(request, cluster, LabelForm(instance=cluster), may_write=False)
    if request.method != "POST":
        return _page(request, cluster, LabelForm(instance=cluster))
    form = LabelForm(request.POST, instance=Organisation.objects.get(pk=cluster.pk))
    if not form.is_valid():
        return _page(request, cluster, form)
    profile.set_label(
        cluster=cluster,
        label=form.cleaned_data["label"],
        label_year=form.cleaned_data["label_year"],
        by=reader_of(request),
    )
    messages.success(request, _("The label was saved."))
    return redirect("organisations:cluster", slug)


def _page(
    request: HttpRequest, cluster: Organisation, form: LabelForm, *, may_write: bool = True
) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    sectors = list(
        cluster.sectors.select_related("concept__vocabulary", "source").order_by(
            "concept__vocabulary__title", "concept__position", "pk"
        )
    )
    concepts = []
    if query and may_write:
        concepts = list(
            concepts_named(Concept.objects.select_related("vocabulary"), query)
            .exclude(pk__in=[sector.concept_id for sector in sectors])
            .order_by("vocabulary__title", "position", "pk")[: CONCEPTS_SHOWN + 1]
        )
    return render(
        request,
        "organisations/cluster.html",
        {
            "organisation": cluster,
            "form": form,
            "sectors": sectors,
            "query": query,
            "concepts": concepts[:CONCEPTS_SHOWN],
            "has_more": len(concepts) > CONCEPTS_SHOWN,
            "may_write": may_write,
        },
        status=HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK,
    )


@require_POST
@login_required
def add_sector(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare a sector that the search found."""
    cluster = writable(request, slug, cluster=True)
    key = request.POST.get("concept", "")
    concept = get_object_or_404(Concept, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
    try:
        profile.add_sector(cluster=cluster, concept=concept, by=reader_of(request))
        messages.success(request, _("Sector added: %(sector)s.") % {"sector": concept})
    except profile.SectorsFull as error:
        messages.error(request, str(error))
    return redirect("organisations:cluster", slug)


@require_POST
@login_required
def remove_sector(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a sector away; twice is as good as once."""
    cluster = writable(request, slug, cluster=True)
    profile.remove_sector(cluster=cluster, pk=pk, by=reader_of(request))
    messages.success(request, _("The sector was removed."))
    return redirect("organisations:cluster", slug)
