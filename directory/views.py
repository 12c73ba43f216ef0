"""The page of the search: one box over everything, and a directory of each kind."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory import facets, fitting, listing
from directory.asking import LONGEST, understood
from directory.exporting.limits import allowance
from directory.known import known
from directory.mapping import result_map
from directory.searching import Hit, Reader, search
from directory.suggesting import suggested

PER_PAGE: Final = 20


@dataclass(frozen=True)
class Scope:
    """One directory: what it holds, as it is called, and by which word addresses name it."""

    name: str
    label: str | Promise
    what: tuple[str, ...]


SCOPES: Final = (
    Scope("", gettext_lazy("Everything"), ()),
    Scope("organisations", gettext_lazy("Organisations"), ("organisation",)),
    Scope("clusters", gettext_lazy("Clusters"), ("cluster",)),
    Scope("initiatives", gettext_lazy("Initiatives"), ("initiative",)),
    Scope("regions", gettext_lazy("Regions"), ("region",)),
)


class SearchForm(forms.Form):
    """The words, and which directory."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "list": "names",
                "hx-get": reverse_lazy("suggestions"),
                "hx-trigger": "input changed delay:150ms",
                "hx-target": "#names",
                "hx-push-url": "false",
            }
        ),
    )


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers the words, narrowed by facets; every state of the page is an address."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(
            request,
            "directory/search.html",
            {"form": form, "scopes": SCOPES, "scope": SCOPES[0], "q": ""},
            status=HTTPStatus.BAD_REQUEST,
        )
    words = form.cleaned_data["q"].strip()
    wanted = request.GET.get("in", "")
    scope = next((each for each in SCOPES if each.name == wanted), SCOPES[0])
    all_known = known()
    asked = facets.asked(request.GET, all_known, scope.what)
    context: dict[str, Any] = {
        "form": form,
        "q": words,
        "scopes": SCOPES,
        "scope": scope,
        "unknown": asked.unknown,
        "is_unknown_scope": bool(wanted) and wanted != scope.name,
    }
    if words or asked.values or scope.what:
        found = search(
            understood(words),
            reader=Reader(organisations=tuple(listing.own(request.user))),
            what=scope.what,
            chosen=asked.numbers(all_known),
        )
        mine = listing.own_organisation(request.user)
        points = fitting.fits(mine, found.hits) if mine else {}
        order = request.GET.get("sort", "")
        order = order if order in fitting.ORDERS else "best"
        page = _page(fitting.ordered(found, points, order), request)
        context |= {
            "found": found,
            "mine": mine,
            "order": order,
            "page_obj": page,
            "results": listing.rows(list(page.object_list), points, found.concepts),
            "offered": facets.offered(found, asked, all_known, scope.what),
            "chosen_count": sum(map(len, asked.values.values())),
            "allowance": allowance(request.user, found),
            "result_map": result_map(
                found,
                asked,
                all_known,
                said=_said(q=words, **{"in": scope.name}, sort="" if order == "best" else order),
                area=request.GET.get("area", ""),
            ),
        }
    template = (
        "directory/results.html" if "HX-Request" in request.headers else "directory/search.html"
    )
    return render(request, template, context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Names for the box of the search, while somebody types."""
    text = request.GET.get("q", "")[:LONGEST].replace("\x00", " ")
    return render(request, "directory/suggestions.html", {"names": suggested(text)})


def _said(**parameters: str) -> list[tuple[str, str]]:
    """What an address says beside its filters."""
    return [(name, value) for name, value in parameters.items() if value]


def _page(hits: list[Hit], request: HttpRequest) -> Page[Hit]:
    paginator = Paginator(hits, PER_PAGE)
    number = request.GET.get("page") or "1"
    try:
        return paginator.page(number)
    except InvalidPage:
        raise Http404(
            _("There is no page “%(page)s” of this list; it has %(pages)s.")
            % {"page": number[:20], "pages": paginator.num_pages}
        ) from None
