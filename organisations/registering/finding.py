"""Searching for one's organisation before anything is registered."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, overload

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.models import User
from organisations import claims, duplicates
from organisations.duplicates import Reason, with_identifier
from organisations.identifiers import pic_of, vat_number_of
from organisations.models import AccessRequest, Organisation
from organisations.websites import domain_of, website_of

SHOWN: Final = 20
FEW: Final = 3
"""With fewer names found by their words, those that are merely alike are shown as well."""

SHORTEST: Final = 2
LONGEST: Final = 200
SALT: Final = "organisations.registering.unlisted"
A_DAY: Final = 24 * 60 * 60


@dataclass
class Identifiers:
    """What a search says beside a name, at most one of them."""

    pic: str = ""
    vat_number: str = ""
    website: str = ""

    @classmethod
    def of(cls, text: str) -> "Identifiers":
        said = cls()
        compact = "".join(text.split())
        with suppress(ValidationError):
            said.pic = pic_of(compact)
            return said
        with suppress(ValidationError):
            if any(c.isdigit() for c in compact):
                said.vat_number = vat_number_of(compact)
                return said
        with suppress(ValidationError):
            if "." in text and "@" not in text and not text.endswith("."):
                said.website = website_of(text)
        return said

    @property
    def any(self) -> bool:
        return bool(self.pic or self.vat_number or self.website)


@dataclass
class Unlisted:
    """An organisation whose profile is not public, known by an identifier alone."""

    reason: Reason
    key: str
    has_owner: bool


@dataclass
class Found:
    """Organisations with ``has_owner``, ``own_role`` and ``is_asked``, those of one page; and those
    without a name, on the first page alone."""

    page: Page[int]
    rows: list[Organisation] = field(default_factory=list)
    unlisted: list[Unlisted] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.page.paginator.count


class InTurn(Sequence[int]):
    """Keys that are known, and after them those of rows that are read only where they are shown."""

    def __init__(self, known: list[int], rows: QuerySet[Organisation, int] | None) -> None:
        self.known, self.rows = known, rows
        self.others = rows.count() if rows is not None else 0

    def __len__(self) -> int:
        return len(self.known) + self.others

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> list[int]: ...
    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        start, stop, _step = at.indices(len(self))
        keys = self.known[start:stop]
        if self.rows is not None and stop > len(self.known):
            keys += self.rows[max(start - len(self.known), 0) : stop - len(self.known)]
        return keys


def find(text: str, *, user: User, page: str = "1") -> Found:
    """Organisations that may be meant: by identifier, then by words of the name and place, then by
    likeness; `SHOWN` on a page. Profiles that are not public are found by identifier alone, and not
    named."""
    said = Identifiers.of(text)
    everybody = Organisation.objects.exclude(status="archived").filter(is_illustrative=False)
    visible = everybody.visible_to(user)
    keys: list[int] = []
    unlisted: list[Unlisted] = []
    if said.any:
        exact = list(
            claims.with_access(everybody, user)
            .filter(with_identifier(website=said.website, pic=said.pic, vat_number=said.vat_number))
            .order_by("name", "pk")[:SHOWN]
        )
        named = set(visible.filter(pk__in=[row.pk for row in exact]).values_list("pk", flat=True))
        keys = [row.pk for row in exact if row.pk in named]
        unlisted = [
            unlisted_as(row, said, user, has_owner=bool(getattr(row, "has_owner", False)))
            for row in exact
            if row.pk not in named
        ]
    found = InTurn(keys, None)
    if not (said.pic or said.vat_number):
        words = domain_of(said.website).split(".")[0] if said.website else text
        matching = visible.named(words).exclude(pk__in=keys).best_named_first(words)
        found = InTurn(keys, matching.values_list("pk", flat=True))
        if len(found) < FEW:
            near = duplicates.near(user=user, name=words, limit=SHOWN)
            alike = [*found[:], *(one.organisation.pk for one in near)]
            found = InTurn(list(dict.fromkeys(alike)), None)
    shown = Paginator(found, SHOWN).get_page(page)
    return Found(
        shown, rows_of(list(shown.object_list), user), unlisted if shown.number == 1 else []
    )


def rows_of(keys: list[int], user: User) -> list[Organisation]:
    """The rows in this order, each with what the user is to it."""
    rows = claims.with_access(Organisation.objects.all(), user).select_related(
        "home_region", "country"
    )
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def unlisted_as(row: Organisation, said: Identifiers, user: User, *, has_owner: bool) -> Unlisted:
    """An organisation without its name, and the way to ask for it."""
    if said.pic and row.pic == said.pic:
        reason = Reason.PIC
    elif said.vat_number and row.vat_number == said.vat_number:
        reason = Reason.VAT_NUMBER
    else:
        reason = Reason.WEBSITE
    return Unlisted(reason, key_of(row, user), has_owner)


def key_of(row: Organisation, user: User) -> str:
    """What shows that this user knew an identifier of the organisation, good for a day."""
    return signing.dumps([row.pk, user.pk], salt=SALT)


def unlisted_by(key: str, *, user: User) -> Organisation | None:
    """The organisation of a key made for this user."""
    try:
        pk, reader = signing.loads(key, salt=SALT, max_age=A_DAY)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if reader != user.pk:
        return None
    return Organisation.objects.exclude(status="archived").filter(pk=pk).first()


def waiting_of(user: User) -> list[AccessRequest]:
    """Requests of the user that nobody answered yet."""
    return list(
        AccessRequest.objects.filter(user=user, status=AccessRequest.Status.PENDING)
        .select_related("organisation")
        .order_by("-created_at", "-pk")
    )
