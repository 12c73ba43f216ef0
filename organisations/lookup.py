"""Finding the one organisation or region that somebody means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from organisations.models import Organisation
from regions.models import Region

NEAREST = 8


class NotFound(LookupError):
    """Nothing, or more than one thing, is meant; ``nearest`` are the candidates to show."""

    def __init__(self, message: str, nearest: Sequence[str]) -> None:
        super().__init__(message)
        self.nearest = nearest


def organisation_named(text: str, *, among: QuerySet[Organisation]) -> Organisation:
    """The organisation of this id, PIC, slug or name; part of a name will do where it is unique.

    Raises `NotFound` with the nearest names.
    """
    text = text.strip()
    if not text:
        raise NotFound(f"No organisation is called “{text}”.", [])
    candidates = among.select_related("home_region", "country")
    if text.isascii() and text.isdecimal():
        exact = candidates.filter(Q(pic=text) if len(text) == 9 else Q(pk=int(text[:18])))
    else:
        exact = candidates.filter(Q(slug=text.lower()))
    for wanted in (
        exact,
        candidates.filter(Q(name__unaccent__iexact=text) | Q(short_name__unaccent__iexact=text)),
        candidates.filter(_words(text, "unaccent__iregex", whole=True)),
        candidates.filter(_words(text, "unaccent__icontains")),
    ):
        found = list(wanted.order_by("name", "pk")[: NEAREST + 1])
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(
                f"More than one organisation is called “{text}”.",
                [line(o) for o in found[:NEAREST]],
            )
    near = candidates.annotate(
        likeness=Greatest(
            TrigramSimilarity("name__unaccent", text), TrigramSimilarity("short_name", text)
        )
    ).order_by("-likeness", "pk")[:NEAREST]
    raise NotFound(f"No organisation is called “{text}”.", [line(o) for o in near])


def region_named(text: str) -> Region:
    """The region or area of this slug or name. Raises `NotFound` with the nearest names."""
    text = text.strip()
    found = list(
        Region.objects.filter(
            Q(slug=text.lower())
            | Q(name__unaccent__iexact=text)
            | Q(local_name__unaccent__iexact=text)
        ).order_by("-kind", "pk")[:2]
    )
    if len(found) == 1:
        return found[0]
    near = (
        found
        or Region.objects.annotate(
            likeness=Greatest(
                TrigramSimilarity("name", text), TrigramSimilarity("local_name", text)
            )
        ).order_by("-likeness", "pk")[:NEAREST]
    )
    message = "More than one region is called" if found else "No region is called"
    raise NotFound(f"{message} “{text}”.", [f"{r.slug}  {r.name}" for r in near])


def line(organisation: Organisation) -> str:
    """One organisation on one line: id, name, place and country."""
    place = ", ".join(filter(None, [organisation.city, organisation.country_id or ""]))
    return f"{organisation.pk}  {organisation.name}" + (f" ({place})" if place else "")


def _words(text: str, comparison: str, *, whole: bool = False) -> Q:
    """Every word occurs in the name or the short name, as a whole word or as part of one."""
    condition = Q()
    for word in text.split():
        wanted = rf"\m{re.escape(word)}\M" if whole else word
        condition &= Q(**{f"name__{comparison}": wanted}) | Q(
            **{f"short_name__{comparison}": wanted}
        )
    return condition
