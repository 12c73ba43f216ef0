"""The site's addresses, and two that only render the templates of an organisation's page."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import include, path
from django.utils.safestring import SafeString

from matching.views import organisations, suggestions

_contexts: dict[str, dict[str, Any]] = {}
_items: dict[tuple[str, int], tuple[str, dict[str, Any]]] = {}


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], **options: Any
) -> HttpResponse:
    """Render as the page does, and keep what it was rendered from: every query is answered by
    then, and its answer kept by its queryset."""
    answer = render(request, template, context, **options)
    if template == organisations.OrganisationPage.template_name:
        _contexts[context["organisation"].slug] = context
    return answer


def _render_item(template: str, context: dict[str, Any]) -> SafeString:
    """Render one suggestion as the page does, and keep what it was rendered from."""
    match = context["match"]
    _items[match.a.slug, match.b.pk] = (template, context)
    return render_to_string(template, context)


# this process serves the benchmark alone
organisations.render = _render  # type: ignore[attr-defined, assignment]
suggestions.render_to_string = _render_item  # type: ignore[attr-defined, assignment]


def only_rendered(request: HttpRequest, slug: str) -> HttpResponse:
    """The page around its suggestions, from what was found when it was first asked for: template
    and middleware are paid, matching and the database are not."""
    template = organisations.OrganisationPage.template_name
    if slug not in _contexts:
        return organisations.OrganisationPage.as_view()(request, slug=slug)
    return render(request, template, _contexts[slug])


def all_rendered(request: HttpRequest, slug: str) -> HttpResponse:
    """The same with every suggestion rendered anew, as where nothing is kept."""
    if slug not in _contexts or any(
        (slug, item.pk) not in _items for item in _contexts[slug]["shown"]
    ):
        return organisations.OrganisationPage.as_view()(request, slug=slug)
    context = dict(_contexts[slug])
    context["shown"] = tuple(
        replace(item, html=render_to_string(*_items[slug, item.pk])) for item in context["shown"]
    )
    return render(request, organisations.OrganisationPage.template_name, context)


urlpatterns = [
    path("benchmark/only-rendered/<slug:slug>/", only_rendered),
    path("benchmark/all-rendered/<slug:slug>/", all_rendered),
    path("", include("config.urls")),
]
