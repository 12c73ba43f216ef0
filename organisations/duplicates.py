"""Organisations that may be the one somebody is about to register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organisations.models import Organisation
from organisations.names import contains, core, likeness, opening, plain, shorts, telling_word
from organisations.websites import domain_of, is_shared

SHOWN: Final = 8
CANDIDATES: Final = 40
"""Names that the index finds alike, of which the likest are then compared word by word."""

ALIKE: Final = 0.6
ALIKE_NEARBY: Final = 0.45
"""From which likeness on two names count: anywhere, and in the same place."""

SIMILARITY: Final = 0.45
WORD_SIMILARITY: Final = 0.8
ROUGH_WORD_SIMILARITY: Final = 0.5
"""How much the index asks for. Where many names share a pattern, a lower similarity has it fetch
and compare thousands of rows that the word-by-word comparison then throws away."""


class Reason(models.TextChoices):
    """Why somebody may be the same, the strongest first."""

    PIC = "pic", _("the same PIC")
    VAT_NUMBER = "vat", _("the same VAT number")
    WEBSITE = "website", _("the same website")
    NAME = "name", _("the same name")
    SHORT_NAME = "short", _("the same short name")
    SIMILAR = "similar", _("a similar name")
    FORMER_NAME = "former", _("a similar former name")
    PLACE = "place", _("the same place")


STRENGTHS: Final = {
    Reason.PIC: 100.0,
    Reason.VAT_NUMBER: 90.0,
    Reason.WEBSITE: 80.0,
    Reason.NAME: 75.0,
    Reason.SHORT_NAME: 50.0,
}
IDENTIFYING: Final = frozenset({Reason.PIC, Reason.VAT_NUMBER, Reason.WEBSITE})
"""What only the organisation itself or its papers tell: who knows one may learn that somebody with
it is here, though not who it is while the profile is not public."""


@dataclass
class Duplicate:
    """An organisation that may be meant; ``is_named`` unless its profile is not for this reader."""

    organisation: Organisation
    is_named: bool
    strength: float = 0.0
    reasons: list[Reason] = field(default_factory=list)
    reader: int = 0

    def add(self, reason: Reason, strength: float) -> None:
        self.reasons.append(reason)
        self.strength = max(self.strength, strength)

    @property
    def is_certain(self) -> bool:
        """Whether it is the same beyond doubt: a PIC is given once."""
        return Reason.PIC in self.reasons

    @property
    def mark(self) -> str:
        """What a form remembers it by: another for each reader and reason, so that it tells nobody
        which organisation it is, nor that two numbers are those of one."""
        told = f"{self.organisation.pk} {self.reader} {sorted(self.reasons)}"
        return salted_hmac("organisations.duplicates", told, algorithm="sha256").hexdigest()[:16]


@transaction.atomic
def near(
    *,
    user: User,
    name: str = "",
    short_name: str = "",
    city: str = "",
    website: str = "",
    pic: str = "",
    vat_number: str = "",
    besides: Organisation | None = None,
    limit: int = SHOWN,
) -> list[Duplicate]:
    """Who may be the same as the organisation described, the likeliest first.

    By identifiers among all that are not archived; by name only among those that the user may see,
    since a profile that is not public is nobody's business. A place counts only beside a name:
    half a town shares it. Invented organisations are nobody.
    """
    everybody = Organisation.objects.exclude(status="archived").filter(is_illustrative=False)
    if besides is not None:
        everybody = everybody.exclude(pk=besides.pk)
    seen = everybody.visible_to(user)
    found: dict[int, Duplicate] = {}
    identified = everybody.annotate(is_seen=models.Exists(seen.filter(pk=models.OuterRef("pk"))))
    _by_identifiers(identified, found, website=website, pic=pic, vat_number=vat_number, limit=limit)
    _by_name(seen, found, name=name, short_name=short_name, city=city)
    _by_former_name(seen, found, name=name)
    for duplicate in found.values():
        duplicate.reader = user.pk
    return sorted(
        found.values(), key=lambda one: (-one.strength, one.organisation.name, one.organisation.pk)
    )[:limit]


def with_identifier(*, website: str = "", pic: str = "", vat_number: str = "") -> Q:
    """Having one of these; a website's domain only where it is the organisation's own."""
    found = Q(pk__in=[])
    if pic:
        found |= Q(pic=pic)
    if vat_number:
        found |= Q(vat_number=vat_number)
    domain = domain_of(website)
    if domain and not is_shared(domain):
        found |= Q(website_domain=domain)
    return found


def _by_identifiers(
    among: models.QuerySet[Any],
    found: dict[int, Duplicate],
    *,
    website: str,
    pic: str,
    vat_number: str,
    limit: int,
) -> None:
    wanted = with_identifier(website=website, pic=pic, vat_number=vat_number)
    domain = domain_of(website)
    rows = among.filter(wanted).select_related("home_region", "country")
    # a domain that hundreds share must not push out the one with the PIC
    first = models.Case(models.When(pic=pic or None, then=0), default=1)
    for row in rows.order_by(first, "name", "pk")[: max(limit, SHOWN)]:
        duplicate = _entry(found, row)
        duplicate.is_named = row.is_seen
        for reason, is_so in (
            (Reason.PIC, pic and row.pic == pic),
            (Reason.VAT_NUMBER, vat_number and row.vat_number == vat_number),
            (Reason.WEBSITE, domain and row.website_domain == domain and not is_shared(domain)),
        ):
            if is_so:
                duplicate.add(reason, STRENGTHS[reason])


def _by_name(
    among: models.QuerySet[Organisation],
    found: dict[int, Duplicate],
    *,
    name: str,
    short_name: str,
    city: str,
) -> None:
    if not name:
        return
    place = plain(city)
    for row in _alike(among, name, short_name):
        like = likeness(name, row.name)
        is_near = bool(place) and plain(row.city) == place
        called = {plain(text) for text in (name, short_name) if text}
        same_short = bool(shorts(row.short_name) & called) or (
            bool(short_name) and plain(row.name) == plain(short_name)
        )
        is_alike = like >= (ALIKE_NEARBY if is_near else ALIKE) or (
            is_near and contains(name, row.name, place=city)
        )
        if not (is_alike or same_short or row.pk in found):
            continue
        duplicate = _entry(found, row)
        nearer = 10.0 if is_near else 0.0
        if like == 1.0:
            duplicate.add(Reason.NAME, STRENGTHS[Reason.NAME] + nearer)
        elif same_short:
            duplicate.add(Reason.SHORT_NAME, STRENGTHS[Reason.SHORT_NAME] + nearer)
        elif is_alike:
            duplicate.add(Reason.SIMILAR, 70.0 * like + nearer)
        if is_near:
            duplicate.add(Reason.PLACE, duplicate.strength)


def _alike(
    among: models.QuerySet[Organisation], name: str, short_name: str
) -> Iterable[Organisation]:
    """Names that the trigram index finds: alike as a whole, with the name as words in them, or
    with it as a short name.

    A query each: PostgreSQL tests every row that an index offers against every condition of an OR.
    """
    found: dict[int, Organisation] = {}
    called = Q(short_name__unaccented__contains=name)
    if short_name:
        called |= Q(short_name__unaccented__contains=short_name)
        called |= Q(name__unaccented__exact=short_name)
    alike = Q(
        name__unaccented__trigram_similar=name,
        # the index passes over the thousands that have only “University of” in common
        name__unaccented__trigram_word_similar=telling_word(name),
    )
    within = Q(name__unaccented__trigram_word_similar=core(name))
    begun = Q(name__unaccented__trigram_word_similar=opening(name))
    asked = None
    for wanted, text, word_similarity in (
        (alike, name, ROUGH_WORD_SIMILARITY),
        (within | called, core(name), WORD_SIMILARITY),
        (begun, opening(name), WORD_SIMILARITY),
    ):
        if word_similarity != asked:
            _ask_the_index_for_likeness(word_similarity)
            asked = word_similarity
        rows = (
            among.filter(wanted)
            .annotate(closeness=_closeness(text))
            .select_related("home_region", "country")
            .order_by("-closeness", "pk")
        )
        found |= {row.pk: row for row in rows[:CANDIDATES]}
    return found.values()


def _closeness(text: str) -> models.Func:
    return models.Func(
        models.F("name__unaccented"),
        models.Func(models.Value(text), function="unaccented"),
        function="similarity",
        output_field=models.FloatField(),
    )


FORMER_NAMES = """
SELECT DISTINCT organisation_id, name FROM (
    SELECT id AS organisation_id, name FROM organisations_historicalorganisation
    WHERE status = 'verified' AND unaccented(name) %% unaccented(%(name)s)
    UNION
    SELECT organisation_id, was ->> 'name' FROM organisations_formeraddress
    WHERE unaccented(was ->> 'name') %% unaccented(%(name)s)
) former
ORDER BY organisation_id, name LIMIT 200
"""


def _by_former_name(
    among: models.QuerySet[Organisation], found: dict[int, Duplicate], *, name: str
) -> None:
    """Names before a change or a merge, if they were public."""
    if not name:
        return
    with connection.cursor() as cursor:
        # `_by_name` has set how alike they are to be
        cursor.execute(FORMER_NAMES, {"name": name})
        former: dict[int, float] = {}
        for pk, was in cursor.fetchall():
            former[pk] = max(former.get(pk, 0.0), likeness(name, was))
    wanted = {pk: like for pk, like in former.items() if like >= ALIKE and pk not in found}
    for row in among.filter(pk__in=wanted).select_related("home_region", "country"):
        _entry(found, row).add(Reason.FORMER_NAME, 60.0 * wanted[row.pk])


def _ask_the_index_for_likeness(word_similarity: float) -> None:
    """How alike ``%`` and ``%>`` want names to be, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true), "
            "set_config('pg_trgm.word_similarity_threshold', %s, true)",
            [str(SIMILARITY), str(word_similarity)],
        )


def _entry(found: dict[int, Duplicate], row: Organisation) -> Duplicate:
    return found.setdefault(row.pk, Duplicate(row, is_named=True))
