"""Commands of those who keep a region's dossier; called by pages, API and admin alike.

What a fact says and where it comes from belong together:

- A figure of a source that covers all regions alike (`STATISTICAL_SOURCES`) is loaded and ranked by
  the site. It is never changed by hand; whoever knows better adds a figure with its own source, and
  gives the rank that this source gives.
- Who changes what a presentation or a checked source said gives the source of what they write: the
  old one never said it.
- A figure of a newer year is a new row. The year of a figure is fixed, so that the old one stays,
  on the page as "also …" or as history; a wrong year is corrected by deleting the figure and adding
  it again, which the history shows.

Every command locks the region, so that two at once are one after the other, and whoever opened a
form before somebody else saved is told (`EditedMeanwhile`) instead of overwriting it. What is
written here is noted in the history under the reason `DOSSIER`, and the reference data leave such
facts alone from then on.
"""

import hashlib
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.authorship import written_by
from accounts.models import User
from regions.addresses import check_public_address
from regions.models import (
    Distinction,
    KeyFigure,
    Priority,
    Region,
    RegionContact,
    Source,
)
from regions.services import STATISTICAL_SOURCES

DOSSIER: Final = "dossier"
AS_LOADED: Final = "as loaded"
ABOUT: Final = ("summary", "summary_source", "capital", "website")
MOST_FACTS: Final = 200
"""Facts of one kind about one region."""

Fact = KeyFigure | Priority | Distinction | RegionContact
F = TypeVar("F", KeyFigure, Priority, Distinction, RegionContact)

TITLES: Final = (
    "Mr Mrs Ms Miss Mx Dr Prof Professor Sir Mme Mlle Monsieur Madame Pan Pani Herr Frau Sig Sra"
)
PERSON: Final = re.compile(
    rf"(?:^|[\s,(])(?:(?:{'|'.join(TITLES.split())})\.?|M\.)\s+(?!Europ)[^\W\d_a-z]"
)
"""A title before a capital letter; "Pan European office" is none."""


class EditedMeanwhile(Exception):
    """Somebody else changed or deleted the row; ``present`` is how it stands now, if it does."""

    def __init__(self, present: models.Model | None) -> None:
        super().__init__("edited meanwhile")
        self.present = present


class NotByHand(ValueError):
    """The fact is loaded by the site; the message says what to do instead."""


@dataclass(frozen=True)
class NewSource:
    """A source that the editor names; it stands as declared by the region."""

    title: str
    publisher: str = ""
    url: str = ""


def digest_of(row: models.Model, names: Collection[str] | None = None) -> str:
    """What a form was opened with, in a form to compare."""
    said = [
        (field.name, _said(field.to_python(field.value_from_object(row))))
        for field in row._meta.concrete_fields
        if (field.name in names if names is not None else not field.primary_key)
    ]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()


def _said(value: object) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def sources_for(region: Region) -> "models.QuerySet[Source]":
    """The sources that an editor of the region may name: those that its facts cite already, but
    none that the site checked or computed from, and none that is invented."""
    cited: Any = models.Q(pk=region.summary_source_id)
    for model in (KeyFigure, Priority, Distinction, RegionContact):
        cited |= models.Q(
            pk__in=model._default_manager.filter(region=region).order_by().values("source")
        )
    return Source.objects.filter(
        cited, standing__in=(Source.Standing.DECLARED, Source.Standing.PRESENTATION)
    ).exclude(slug__in=STATISTICAL_SOURCES)


def is_by_hand(fact: models.Model) -> bool:
    """Whether an editor may change the fact."""
    return not (isinstance(fact, KeyFigure) and fact.source.slug in STATISTICAL_SOURCES)


@transaction.atomic
def add(*, fact: F, by: User, new_source: NewSource | None = None) -> F:
    """Store a new fact of the region that it names.

    Raises PermissionDenied, or ValidationError by field.
    """
    region = _locked(fact.region, by)
    if type(fact)._default_manager.filter(region=region).count() >= MOST_FACTS:
        raise ValidationError(
            _("A region has at most %(most)s entries of a kind.") % {"most": MOST_FACTS}
        )
    _give_source(fact, "source", region, new_source, current=None)
    _check(fact)
    written_by(fact, by, reason=DOSSIER).save(force_insert=True)
    return fact


@transaction.atomic
def change(*, fact: F, expected: str, by: User, new_source: NewSource | None = None) -> F:
    """Store what was changed of a fact; ``expected`` is the digest of what the form showed.

    Raises PermissionDenied, `EditedMeanwhile`, `NotByHand`, or ValidationError by field.
    """
    region = _locked(_region_of(fact), by)
    current = type(fact)._default_manager.select_related("source").filter(pk=fact.pk).first()
    if current is None or digest_of(current) != expected:
        raise EditedMeanwhile(current)
    _check_by_hand(current)
    fact.region = region
    if isinstance(fact, KeyFigure) and isinstance(current, KeyFigure):
        fact.indicator_id = current.indicator_id
        fact.year = current.year if current.year is not None else fact.year
    _give_source(fact, "source", region, new_source, current=current)
    if digest_of(fact) == expected:
        return current
    said = {"source", "is_historic"}
    _check_source_said_so(
        fact, current, "source", [f.name for f in fact._meta.concrete_fields if f.name not in said]
    )
    _check(fact)
    _keep_as_loaded(current)
    written_by(fact, by, reason=DOSSIER).save(force_update=True)
    return fact


@transaction.atomic
def delete(*, fact: Fact, expected: str, by: User) -> bool:
    """Take a fact away; the history keeps it. False if it was gone already.

    Raises PermissionDenied, `EditedMeanwhile`, or `NotByHand`.
    """
    _locked(_region_of(fact), by)
    current: Any = type(fact)._default_manager.select_related("source").filter(pk=fact.pk).first()
    if current is None:
        return False
    if digest_of(current) != expected:
        raise EditedMeanwhile(current)
    _check_by_hand(current)
    _keep_as_loaded(current)
    written_by(current, by, reason=DOSSIER).delete()
    return True


@transaction.atomic
def describe(
    *, region: Region, expected: str, by: User, new_source: NewSource | None = None
) -> Region:
    """Store the summary with its source, the capital and the website of a region.

    Raises PermissionDenied, `EditedMeanwhile`, or ValidationError by field.
    """
    current = _locked(region, by)
    if digest_of(current, ABOUT) != expected:
        raise EditedMeanwhile(current)
    for name in ("summary", "capital", "website"):
        setattr(current, name, getattr(region, name).strip())
    current.summary_source = region.summary_source
    before = Region.objects.select_related("summary_source").get(pk=region.pk)
    if current.summary:
        _give_source(current, "summary_source", before, new_source, current=before)
    else:
        current.summary_source = None
    if digest_of(current, ABOUT) == expected:
        return current
    if current.summary:
        _check_source_said_so(current, before, "summary_source", ["summary"])
    current.clean_fields(exclude=[f.name for f in current._meta.fields if f.name not in ABOUT])
    if current.website:
        _check_website(current.website, "website")
    _keep_as_loaded(before)
    written_by(current, by, reason=DOSSIER).save(update_fields=ABOUT)
    return current


def _locked(region: Region, by: User) -> Region:
    row = (
        Region.objects.editable_by(by).filter(pk=region.pk).select_for_update(of=("self",)).first()
    )
    if row is None:
        raise PermissionDenied
    return row


def _region_of(fact: Fact) -> Region:
    """The region under which a fact is stored, whatever the object says."""
    stored = type(fact)._default_manager.filter(pk=fact.pk).select_related("region").first()
    return stored.region if stored is not None else fact.region


def _give_source(
    row: Any, name: str, region: Region, new: NewSource | None, *, current: Any
) -> None:
    if new is not None:
        setattr(row, name, _made(region, new))
        return
    chosen = getattr(row, f"{name}_id")
    if chosen is None:
        raise ValidationError({name: _("Choose a source, or name a new one.")})
    is_kept = current is not None and getattr(current, f"{name}_id") == chosen
    if not is_kept and not sources_for(region).filter(pk=chosen).exists():
        raise ValidationError({name: _("Choose one of the sources of this region.")})


def _made(region: Region, new: NewSource) -> Source:
    """The new source, or the same that was made before."""
    title = new.title.strip()
    same = Source.objects.filter(
        title=title, publisher=new.publisher, url=new.url, standing=Source.Standing.DECLARED
    ).first()
    if same is not None:
        return same
    if new.url:
        _check_website(new.url, "new_url")
    base = slugify(f"{region.slug}-{title}")[:54].strip("-") or region.slug[:54]
    taken = set(Source.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug = next(
        s for n in range(len(taken) + 1) if (s := f"{base}-{n}" if n else base) not in taken
    )
    source = Source(
        slug=slug,
        title=title,
        publisher=new.publisher,
        url=new.url,
        standing=Source.Standing.DECLARED,
    )
    try:
        source.full_clean()
    except ValidationError as error:
        raise ValidationError(
            {f"new_{name}": found for name, found in error.message_dict.items()}
        ) from error
    source.save()
    return source


def _check_source_said_so(row: Any, current: Any, name: str, said: Sequence[str]) -> None:
    source = getattr(current, name)
    if source is None or getattr(row, f"{name}_id") != source.pk:
        return
    if source.standing == Source.Standing.DECLARED or digest_of(row, said) == digest_of(
        current, said
    ):
        return
    raise ValidationError(
        {
            name: _("“%(source)s” did not say what you write now. Give the source that does.")
            % {"source": source}
        }
    )


def _check(fact: Fact) -> None:
    if isinstance(fact, RegionContact):
        _check_office(fact)
    else:
        check_year(fact.year, is_needed=isinstance(fact, KeyFigure))
    fact.full_clean()


def check_year(year: int | None, *, is_needed: bool) -> None:
    """Raise ValidationError for a year to come, or for none where one is needed."""
    if year is None:
        if is_needed:
            raise ValidationError({"year": _("Give the year that the figure speaks of.")})
        return
    this_year = timezone.localdate().year
    if not 1900 <= year <= this_year:
        raise ValidationError({"year": _("A year from 1900 to %(year)s.") % {"year": this_year}})


def _check_office(contact: RegionContact) -> None:
    """Offices are shown to everyone, people are not."""
    for name in ("office", "organisation"):
        text = getattr(contact, name)
        if "@" in text:
            raise ValidationError(
                {name: _("Please give no e-mail address here: name the office and its website.")}
            )
        if PERSON.search(text):
            raise ValidationError(
                {name: _("Please name the office, not a person: people change, and are private.")}
            )
    if contact.website:
        _check_website(contact.website, "website")


def _check_website(address: str, name: str) -> None:
    try:
        check_public_address(address)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def _check_by_hand(fact: Fact) -> None:
    if not is_by_hand(fact):
        raise NotByHand(
            _(
                "This figure and its rank are computed from %(source)s and loaded by the site. "
                "Add your own figure with its source instead; both are shown."
            )
            % {"source": fact.source}
        )


def _keep_as_loaded(row: Any) -> None:
    """Write down how a row that was loaded stood before its first change."""
    if not row.history.exists():
        type(row).history.bulk_history_create([row], default_change_reason=AS_LOADED)
