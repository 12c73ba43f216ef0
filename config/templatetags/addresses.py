"""What the frame of every page asks: its head, its description, and its address without a
language."""

from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.template import Context

from config import addresses, sharing

register = template.Library()


@register.inclusion_tag("page_head.html", takes_context=True)
def page_head(context: Context) -> dict[str, Any]:
    """Canonical address, languages and picture of the page; or that search engines leave it out."""
    request = cast(HttpRequest, context["request"])
    return {"head": sharing.head(request, cast(dict[str, Any], context.flatten()))}


@register.simple_tag(takes_context=True)
def page_description(context: Context) -> str:
    """What the page is about, in a sentence."""
    request = cast(HttpRequest, context["request"])
    return sharing.described(sharing.about(request, cast(dict[str, Any], context.flatten())))


@register.filter
def without_language(request: HttpRequest) -> str:
    """The address of this page for those who choose their language themselves."""
    return addresses.without_language(request)
