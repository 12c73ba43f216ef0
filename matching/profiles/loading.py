"""Who may open a profile's pages, and what was typed when the session had gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from organisations.merging_edits import is_sealed
from organisations.models import Organisation
from regions.listing import found

UNSAVED: Final = "unsaved_step"
KEPT_FOR: Final = 3_600
MOST_KEPT: Final = 20_000
"""Characters of a form that are kept over a log-in."""

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Organisation, P], HttpResponse]


def for_editors(page: Page[P]) -> Callable[..., HttpResponse]:
    """Load the organisation of the address for an owner or editor.

    Strangers get a 404 where they may not see it, and a 403 where they may. Whoever is not signed
    in goes to the log-in and comes back; what they had typed waits in a session for an hour, see
    `unsaved`, if an editor was given the form.
    """

    @wraps(page)
    def view(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, User):
            if request.method == "POST":
                _keep(request, slug, kwargs)
            return redirect_to_login(_way_back(request))
        visible = Organisation.objects.visible_to(request.user)
        editable = Organisation.objects.editable_by(request.user)
        organisation = found(
            visible.select_related("home_region", "country", "nuts3__home_region").annotate(
                is_editable=Exists(editable.filter(pk=OuterRef("pk")))
            ),
            slug,
        )
        if not organisation.is_editable:  # type: ignore[attr-defined]  # annotated above
            raise PermissionDenied(_("You may not edit this organisation."))
        return page(request, organisation, *args, **kwargs)

    return view


def editor(request: HttpRequest) -> User:
    """Who asks; nobody gets to a page for editors without being signed in."""
    assert isinstance(request.user, User)
    return request.user


def unsaved(request: HttpRequest) -> QueryDict | None:
    """What was typed into the form at this address when the session had gone; None if nothing.

    Nothing of it was saved: it is shown again, to be looked at and sent.
    """
    kept: dict[str, Any] = request.session.get(UNSAVED) or {}
    if kept.get("path") != request.path or time.time() - kept.get("at", 0) > KEPT_FOR:
        return None
    return QueryDict(kept["data"])


def forget_unsaved(request: HttpRequest) -> None:
    """It was saved, or given up."""
    request.session.pop(UNSAVED, None)


def _keep(request: HttpRequest, slug: str, parts: Mapping[str, Any]) -> None:
    """Keep a form for an hour, if its signed hidden field shows that it was opened by an editor of
    this organisation: anybody else could fill the table of sessions. A session cookie would show
    nothing: anybody can send one, and an editor's own is gone once it has expired."""
    about = _about(request, slug, parts)
    if about is None or not is_sealed(request.POST.get("opened", ""), about=about):
        return
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    written = data.urlencode()
    if len(written) <= MOST_KEPT:
        request.session[UNSAVED] = {"path": request.path, "data": written, "at": time.time()}
        request.session.set_expiry(KEPT_FOR)


def _about(request: HttpRequest, slug: str, parts: Mapping[str, Any]) -> str | None:
    """What the hidden field of a form at this address speaks of; None where no form is kept."""
    match = request.resolver_match
    kept = FORMS.get(match.url_name or "") if match is not None else None
    organisation = Organisation.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if kept is None or organisation is None:
        return None
    return f"organisation:{organisation}:{kept.format(**parts)}"


FORMS: Final = {"step": "{step}", "statement": "statement:{pk}"}
"""Pages with a form that is kept, by the name of their address, and what their seal speaks of."""


def _way_back(request: HttpRequest) -> str:
    """The same page; a command without a page of its own leads to the step that it belongs to."""
    if request.method != "POST":
        return request.get_full_path()
    match = request.resolver_match
    if match is not None and match.url_name in BACK_TO:
        return request.path.removesuffix(BACK_TO[match.url_name])
    return request.path


BACK_TO: Final = {"add": "add/", "submit": "submit/", "remove-statement": "remove/"}
"""Commands by the name of their address, and what of the address is not the page."""
