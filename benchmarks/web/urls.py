"""The site's addresses, and one that only renders the template of an organisation's page."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path

from matching.views.organisations import OrganisationPage

_contexts: dict[str, dict[str, object]] = {}


def only_rendered(request: HttpRequest, slug: str) -> HttpResponse:
    """The page from what was found when it was first asked for: template and middleware are paid,
    matching and the database are not."""
    if slug not in _contexts:
        page = OrganisationPage.as_view()(request, slug=slug)
        assert isinstance(page, TemplateResponse)
        page.render()  # every query of the page is answered, and kept by its queryset
        assert isinstance(page.context_data, dict)
        _contexts[slug] = page.context_data
        return page
    return TemplateResponse(request, OrganisationPage.template_name, _contexts[slug])


urlpatterns = [
    path("benchmark/only-rendered/<slug:slug>/", only_rendered),
    path("", include("config.urls")),
]
