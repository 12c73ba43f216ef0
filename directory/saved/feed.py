"""The Atom feed of a saved search: what it has found, the newest first."""

import hashlib
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.saved import links, showing
from directory.saved.models import SUGGESTION, SavedSearch

MOST: Final = 50


class Feed(Atom1Feed):
    """Atom, as old as what it holds: an empty one would otherwise be new each time."""

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["moment"]
        return moment


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """What everyone may see of what the search found, whoever holds the address; no suggestions,
    which are for the organisation alone. Made by the job of each morning, never by reading."""
    search = links.search_of_feed(token)
    if search is None:
        raise Http404
    with translation.override(search.user.language):
        made = _made(search)
        text = made.writeString("utf-8").encode()
    moment = made.latest_post_date().replace(microsecond=0)
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    answer = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    answer.headers["ETag"] = etag
    answer.headers["Last-Modified"] = http_date(moment.timestamp())
    answer.headers["Cache-Control"] = "private, max-age=900"
    answer.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag, int(moment.timestamp()), answer) or answer


def _made(search: SavedSearch) -> Feed:
    items = search.items.exclude(of=SUGGESTION).filter(found_at__isnull=False)
    found = showing.results(search, items.order_by("-found_at", "pk")[:MOST], with_fit=False)
    moment = max((each.found_at for each in found), default=search.created_at)
    host = urlsplit(settings.SITE_URL).hostname
    made = Feed(
        title=_("%(name)s – Regions Meet") % {"name": search.name},
        link=links.absolute(search.address),
        description="",
        subtitle=showing.in_words(search),
        language=search.user.language,
        feed_url=links.feed_address(search),
        feed_guid=f"tag:{host},{search.created_at:%Y-%m-%d}:saved-search/{search.pk}",
        author_name="Regions Meet",
        moment=moment,
    )
    for each in found:
        item: dict[str, Any] = {
            "title": each.title,
            "link": each.address,
            "description": " · ".join(filter(None, [each.about, each.reason])),
            "unique_id": f"tag:{host},{each.found_at:%Y-%m-%d}:saved-search/{search.pk}"
            f"/{each.of}/{each.object_id}",
            "pubdate": each.found_at,
            "updateddate": each.found_at,
        }
        made.add_item(**item)
    return made
