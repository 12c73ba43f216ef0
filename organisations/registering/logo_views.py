"""The logo of an organisation: served, sent, removed."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations import logos
from organisations.models import Logo, Organisation
from organisations.registering.forms import LogoForm
from organisations.registering.views import signed_in
from regions.listing import found

OTHER_FIELDS: Final = 64 * 1024
"""What a form with a logo holds beside it, at most."""


@require_safe
def logo(request: HttpRequest, slug: str, digest: str) -> HttpResponseBase:
    """The logo, to whoever may see the profile. Its address names its content, so that a public one
    is kept for a year."""
    row = (
        Logo.objects.filter(
            organisation__in=Organisation.objects.visible_to(request.user),
            organisation__slug=slug,
            digest=digest,
        )
        .select_related("organisation")
        .first()
    )
    if row is None:
        raise Http404(_("There is no logo at this address."))
    answer = HttpResponse(bytes(row.png), content_type="image/png")
    answer.headers["ETag"] = f'"{row.digest}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if row.organisation.is_public else "private, no-store"
    )
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer


@csrf_exempt
def edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Send a logo. One that says to be too large is refused before a byte of it is read: looking
    for the token against forgery would read it all, so that is done in `_edit`."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if request.method == "POST" and length > logos.MOST_BYTES + OTHER_FIELDS:
        answer = render(
            request,
            "400.html",
            {
                "status": HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value,
                "heading": _("This file is too large"),
                "reason": logos.too_large(),
            },
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
        answer.headers["Connection"] = "close"  # nobody reads the rest
        return answer
    return _edit(request, slug)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def _edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _editable(request, slug)
    if request.method != "POST":
        return _page(request, organisation, LogoForm())
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            logos.put(
                organisation=organisation,
                data=form.cleaned_data["image"].read(logos.MOST_BYTES + 1),
                by=signed_in(request),
            )
        except ValidationError as error:
            form.add_error("image", error)
        else:
            messages.success(request, _("The logo is saved."))
            return redirect("organisations:logo-edit", slug)
    return _page(request, organisation, form, status=HTTPStatus.BAD_REQUEST)


@require_POST
@login_required
def remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the logo away."""
    logos.remove(organisation=_editable(request, slug), by=signed_in(request))
    messages.success(request, _("The logo is removed."))
    return redirect("organisations:logo-edit", slug)


def _editable(request: HttpRequest, slug: str) -> Organisation:
    organisation = found(Organisation.objects.visible_to(request.user), slug)
    if not Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists():
        raise PermissionDenied
    return organisation


def _page(
    request: HttpRequest,
    organisation: Organisation,
    form: LogoForm,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "organisations/logo.html",
        {
            "organisation": organisation,
            "form": form,
            "logo": Logo.objects.defer("png").filter(organisation=organisation).first(),
        },
        status=status,
    )
