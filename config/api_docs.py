"""The page that shows the REST API to developers."""

from drf_spectacular.views import SpectacularSwaggerSplitView


class ApiDocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own server, with its start-up script at an address of its own.

    Our template has no inline style, so that the page works under the same strict
    Content-Security-Policy as every other page.
    """

    url_name = "api-schema"
    template_name = "config/api_docs.html"
