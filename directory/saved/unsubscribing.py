"""The end of messages, from a link in one of them; RFC 8058 for mail programs."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from directory.saved import links, services, showing


@csrf_exempt  # the token of the address says who asks; a mail program has no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A page that asks, since programs open links in messages by themselves; a POST does it at
    once, with or without the body that RFC 8058 sends, and never redirects."""
    try:
        search = links.search_to_unsubscribe(token)
    except BadSignature:
        raise Http404 from None
    is_done = request.method == "POST"
    if is_done and search is not None:
        services.unsubscribe(search=search, from_all="all" in request.POST)
    context = {
        "search": search,
        "in_words": showing.in_words(search) if search else "",
        "is_done": is_done,
        "from_all": is_done and "all" in request.POST,
    }
    answer = render(request, "directory/saved/unsubscribe.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
