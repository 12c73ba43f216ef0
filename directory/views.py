"""The pages of the search: one box over everything, and a directory of each kind."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from directory import listing
from directory.answering import ORDERS, Request, answer, request_of
from directory.asking import LONGEST
from directory.exporting.limits import allowance
from directory.found import Hit
from directory.mapping import result_map
from directory.offering import offered
from directory.scopes import BY_NAME, SCOPES
from directory.searching import MOST_LISTED
from directory.starting import start
from directory.suggesting import suggested
from regions.models import Region
from regions.pressure import TooManyAtOnceError, in_turn

PER_PAGE: Final = 20


class SearchForm(forms.Form):
    """The words."""

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
def search_page(request: HttpRequest, directory: str = "") -> HttpResponse:
    """What answers the words, narrowed by facets; every state of the page is an address."""
    wanted = request.GET.get("in", "")
    if not directory and wanted in BY_NAME and wanted:
        rest = request.GET.copy()
        del rest["in"]
        return redirect(f"{BY_NAME[wanted].url}?{rest.urlencode()}".rstrip("?"))
    scope = BY_NAME[directory]
    form = SearchForm(request.GET)
    context: dict[str, Any] = {
        "form": form,
        "q": "",
        "scopes": SCOPES,
        "scope": scope,
        "is_unknown_scope": bool(wanted) and wanted not in BY_NAME,
        "regions_by_kind": Region.objects.by_kind() if scope.name == "regions" else None,
    }
    if not form.is_valid():
        return render(request, "directory/search.html", context, status=HTTPStatus.BAD_REQUEST)
    asked = request_of(request.GET, scope)
    context |= {"q": asked.words, "unknown": asked.asked.unknown}
    if asked.is_empty:
        context["start"] = start(asked.known)
    else:
        made = answer(asked, request.user)
        page = _page(made.hits, request)
        context |= {
            "found": made.found,
            "mine": made.mine,
            "orders": _orders(asked, is_of_member=made.mine is not None),
            "usual_order": asked.usual,
            "order": asked.order,
            "page_obj": page,
            "most_listed": MOST_LISTED,
            "is_beyond_listed": made.found.total > MOST_LISTED,
            "results": listing.rows(
                list(page.object_list), made.points, made.found.concepts, user=request.user
            ),
            "offered": offered(made.found, asked.asked, asked.known, scope.what),
            "chosen_count": asked.chosen_count,
            "allowance": allowance(request.user, made.found),
            "result_map": result_map(
                made.found,
                asked.asked,
                asked.known,
                said=_said(q=asked.words, sort="" if asked.order == asked.usual else asked.order),
                area=request.GET.get("area", ""),
            ),
        }
    is_part = (
        request.headers.get("HX-Request") == "true"
        and "HX-History-Restore-Request" not in request.headers
    )
    answered = render(
        request, "directory/results.html" if is_part else "directory/search.html", context
    )
    patch_vary_headers(answered, ["HX-Request"])
    return answered


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Names for the box of the search, while somebody types; none while too much is asked."""
    text = request.GET.get("q", "")[:LONGEST].replace("\x00", " ")
    try:
        with in_turn(wait=0):
            names = suggested(text)
    except TooManyAtOnceError:
        names = []
    return render(request, "directory/suggestions.html", {"names": names})


def _orders(asked: Request, *, is_of_member: bool) -> list[tuple[str, str]]:
    """The orders that differ for this reader, the usual one first."""
    labels = {
        "best": _("words and fit") if is_of_member else _("best first"),
        "text": _("words"),
        "fit": _("fit"),
        "name": _("name"),
    }
    if asked.usual == "name":
        return [("name", labels["name"])]
    return [(name, labels[name]) for name in ORDERS if is_of_member or name not in ("text", "fit")]


def _said(**parameters: str) -> list[tuple[str, str]]:
    """What an address says beside its filters."""
    return [(name, value) for name, value in parameters.items() if value]


def _page(hits: Sequence[Hit], request: HttpRequest) -> Page[Hit]:
    paginator = Paginator(hits, PER_PAGE)
    number = request.GET.get("page") or "1"
    try:
        return paginator.page(number)
    except InvalidPage:
        raise Http404(
            _("There is no page “%(page)s” of this list; it has %(pages)s.")
            % {"page": number[:20], "pages": paginator.num_pages}
        ) from None
