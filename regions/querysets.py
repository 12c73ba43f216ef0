"""Which regions, and what to fetch with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT

from accounts.models import User
from regions import lookups  # noqa: F401 -- registers ``unaccented``
from regions.naming import alphabetical_region, names_with
from regions.sorting import alphabetical_label

if TYPE_CHECKING:
    from regions.models import Concept, Region

CONCEPT_LANGUAGES = ("en", "fr", "pl", "de", "es", "it")
"""Languages that a concept may have a label in."""


def related_rows(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """All rows of the model at the other end of a relation, for a fetch plan to narrow."""
    other: Any = model._meta.get_field(name).related_model
    rows: models.QuerySet[Any] = other._default_manager.all()
    return rows


MOST_WORDS = 8
"""Words of a search that are looked for, the longest first: they are the ones that tell most."""


def telling_words(text: str) -> list[str]:
    """The words of a search that narrow it: none twice, none inside another, `MOST_WORDS` at
    most."""
    telling: list[str] = []
    for word in sorted(text.split(), key=len, reverse=True):
        if not any(word.casefold() in longer.casefold() for longer in telling):
            telling.append(word)
    return telling[:MOST_WORDS]


def words_in(text: str, *fields: str, region: str = "") -> Q:
    """Every telling word of ``text`` is in one of the fields, whatever its case and accents, or in
    what the region whose English name is in the field ``region`` is called in some language."""
    found = Q()
    for word in telling_words(text):
        by_word = Q(**{f"{region}__in": names_with(word)}) if region else Q()
        for field in fields:
            by_word |= Q(**{f"{field}__unaccented__contains": word})
        found &= by_word
    return found


def concepts_within(concept: Concept) -> models.QuerySet[Concept]:
    """What counts as a concept: itself, its narrower ones four levels down, and what works on it.

    Working on a programme part, sector or segment is working on the theme or the ecosystem that a
    reviewer related it to. Neighbours in the value chain do not count.
    """
    return type(concept)._default_manager.filter(
        Q(pk=concept.pk)
        | Q(broader=concept)
        | Q(broader__broader=concept)
        | Q(broader__broader__broader=concept)
        | Q(broader__broader__broader__broader=concept)
        | Q(relations__kind__in=["theme", "ecosystem"], relations__target=concept)
    )


def concepts_named(concepts: models.QuerySet[Concept], text: str) -> models.QuerySet[Concept]:
    """Concepts with these words in a label of any language, or in the code."""
    labels = {f"label_{language}": KT(f"labels__{language}") for language in CONCEPT_LANGUAGES}
    return concepts.alias(**labels).filter(words_in(text, "code", *labels))


def concepts_for_api(concepts: models.QuerySet[Concept]) -> models.QuerySet[Concept]:
    """Concepts with their vocabularies, and with the broader concept's."""
    return concepts.select_related("vocabulary", "broader__vocabulary").order_by(
        "vocabulary__scheme", "position", "code", "pk"
    )


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions, always in an order that ends in the primary key."""

    def by_kind(self) -> dict[str, int]:
        """How many of these are home regions, and how many areas, under the names of the kinds."""
        counted = self.order_by().values_list("kind").annotate(models.Count("pk"))
        return dict.fromkeys(self.model.Kind.values, 0) | dict(counted)

    def homes(self) -> RegionQuerySet:
        """Regions where organisations are at home; areas left out."""
        return self.filter(kind="home")

    def areas(self) -> RegionQuerySet:
        """Groupings that are nobody's home region."""
        return self.filter(kind="area")

    def editable_by(self, user: User | AnonymousUser) -> RegionQuerySet:
        """Regions whose dossier the user keeps; all for administrators."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("regions.change_region"):
            return self
        return self.filter(pk__in=user.region_roles.filter(role="editor").values("region"))

    def named(self, text: str) -> RegionQuerySet:
        """Regions with these words in a name, of whatever language, or in the capital."""
        return self.filter(words_in(text, "name", "local_name", "capital", region="name"))

    def with_priority_on(self, concept: Concept) -> RegionQuerySet:
        """Regions with a priority that is the concept, or that works on it."""
        return self.filter(
            pk__in=self.model._default_manager.filter(
                Q(priorities__concept=concept)
                | Q(
                    priorities__concept__relations__kind="theme",
                    priorities__concept__relations__target=concept,
                )
            ).values("pk")
        )

    def sharing_territory_with(self, region: Region) -> RegionQuerySet:
        """The region itself, and every region or area that has a NUTS 3 unit in common with it."""
        units = region.nuts3_units()
        grouping = self.model.nuts_units.through._default_manager.filter(
            Q(nutsunit__in=units.values("pk"))
            | Q(nutsunit__in=units.values("parent"))
            | Q(nutsunit__in=units.values("parent__parent"))
        )
        return self.filter(
            Q(pk=region.pk)
            | Q(pk__in=units.values("home_region"))
            | Q(pk__in=grouping.values("region"))
        )

    def for_list(self) -> RegionQuerySet:
        """Rows of the list page: country, number of verified organisations; by country and name."""
        return (
            self.select_related("country")
            .annotate(
                organisation_count=models.Count(
                    "organisations", filter=Q(organisations__status="verified")
                )
            )
            .order_by(alphabetical_label("country__labels"), "-kind", alphabetical_region(), "pk")
        )

    def for_api(self, *, whole: bool) -> RegionQuerySet:
        """Rows of the endpoint by name; a whole region comes with each fact and its source."""
        rows = self.select_related("country").order_by("name", "pk")
        if not whole:
            return rows
        return rows.select_related("summary_source").prefetch_related(
            *(
                models.Prefetch(name, related_rows(self.model, name).select_related(*also))
                for name, *also in (
                    ("priorities", "source", "concept__vocabulary"),
                    ("key_figures", "source", "indicator"),
                    ("distinctions", "source", "note_source"),
                    ("network_memberships", "source", "network"),
                    ("contacts", "source"),
                )
            )
        )
