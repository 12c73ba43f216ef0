"""The site's addresses, and one that only renders the template of an organisation's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from matching.views import organisations

_contexts: dict[str, dict[str, Any]] = {}


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], **options: Any
) -> HttpResponse:
    """Render as the page does, and keep what it was rendered from: every query is answered by
    then, and its answer kept by its queryset."""
    answer = render(request, template, context, **options)
    if template == organisations.OrganisationPage.template_name:
        _contexts[context["organisation"].slug] = context
    return answer


# this process serves the benchmark alone
organisations.render = _render  # type: ignore[attr-defined, assignment]


def only_rendered(request: HttpRequest, slug: str) -> HttpResponse:
    """The page from what was found when it was first asked for: template and middleware are paid,
    matching and the database are not."""
    template = organisations.OrganisationPage.template_name
    if slug not in _contexts:
        return organisations.OrganisationPage.as_view()(request, slug=slug)
    return render(request, template, _contexts[slug])


urlpatterns = [
    path("benchmark/only-rendered/<slug:slug>/", only_rendered),
    path("", include("config.urls")),
]
