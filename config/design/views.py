"""The component page, and the colours that it shows beside each other."""

import re
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from config.design import examples  # noqa: F401 -- gives the examples
from config.design.registry import by_component, purpose
from config.design.rendering import harmless

SHEET: Final = "static/css/site.css"
LIGHT: Final = re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE)
DARK: Final = re.compile(
    r"^@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)^  \}", re.DOTALL | re.MULTILINE
)


def _for_those_who_work_here(request: HttpRequest) -> None:
    """Raise Http404, on a real site, for all but its staff."""
    if not settings.DESIGN_FOR_ALL and not request.user.is_staff:
        raise Http404(_("There is no page at this address."))


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, light beside dark."""
    _for_those_who_work_here(request)
    shown = []
    for name, states in by_component().items():
        rendered = []
        for number, state in enumerate(states, start=1):
            html = state.render()
            rendered.append(
                {
                    "name": state.state,
                    "schemes": [
                        (scheme, harmless(html, f"{name}-{number}-{scheme}"))
                        for scheme in ("light", "dark")
                    ],
                }
            )
        shown.append({"name": name, "purpose": purpose(name), "states": rendered})
    return render(request, "design.html", {"components": shown})


@require_safe
@cache_control(max_age=60)
def schemes(request: HttpRequest) -> HttpResponse:
    """The two sets of colours of the site's stylesheet, each for a part of a page."""
    _for_those_who_work_here(request)
    sheet = (settings.BASE_DIR / SHEET).read_text()
    light, dark = LIGHT.search(sheet), DARK.search(sheet)
    if light is None or dark is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    own = light[1].replace("color-scheme: light dark;", "")
    return HttpResponse(
        f".scheme-light {{ color-scheme: light; {own} }}\n"
        f".scheme-dark {{ color-scheme: dark; {own} {dark[1]} }}\n",
        content_type="text/css; charset=utf-8",
    )
