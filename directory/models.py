"""What the search reads instead of the tables themselves; triggers of the database keep it true."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower, LTrim
from django.utils.translation import gettext_lazy as _

from directory.saved.models import Digest, PublicSince, SavedSearch, SearchItem

__all__ = ["Digest", "Entry", "PublicSince", "SavedSearch", "SearchItem", "Value", "Word"]


class Value(models.Model):
    """One value of one facet, such as the country PL; its number stands in `Entry.codes`."""

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("value of a facet")
        verbose_name_plural = _("values of facets")
        constraints = [
            models.UniqueConstraint(fields=["facet", "value"], name="directory_value_unique")
        ]

    def __str__(self) -> str:
        return f"{self.facet}:{self.value}"


class Entry(models.Model):
    """What can be found: an organisation, a cluster, an initiative or a region.

    ``words``: the words of its names (weight A), of its place (B), of its statements (C) and of its
    description (D), without accents and endings as they stand; and ``#c12`` for the concept 12 that
    it states, and for each that is broader; ``#r7`` and ``#nPL`` for its region and country.
    ``names``: those of its names alone, in the row itself, which is read for each that is found.
    ``codes``: its values of all facets, as numbers of `Value`.
    ``counted``: the same numbers as four bytes each, the highest first; making them of the arrays
    of 10,000 entries takes longer than finding these.
    ``standing``: how much there is to it, above all its projects: of many that are found, those
    with the most come first. A million less if it is invented, so that these come last.
    """

    class What(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        CLUSTER = "cluster", _("cluster")
        INITIATIVE = "initiative", _("initiative")
        REGION = "region", _("region")

    what = models.CharField(max_length=12, choices=What)
    of = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    is_public = models.BooleanField()
    title = models.TextField()
    short_title = models.TextField()
    names = SearchVectorField()
    words = SearchVectorField()
    codes = ArrayField(models.IntegerField())
    counted = models.GeneratedField(
        expression=models.Func(models.F("codes"), function="directory_in_one_piece"),
        output_field=models.BinaryField(),
        db_persist=True,
    )
    standing = models.IntegerField()

    class Meta:
        verbose_name = _("entry of the directory")
        verbose_name_plural = _("entries of the directory")
        constraints = [
            models.UniqueConstraint(fields=["of", "object_id"], name="directory_entry_unique")
        ]
        indexes = [  # read at once after every change: no list of what is to be added later
            GinIndex(fields=["words", "codes"], name="directory_entry_search", fastupdate=False),
            models.Index(
                "what", models.F("standing").desc(), "id", name="directory_entry_standing"
            ),
            models.Index(
                "what",
                Lower(LTrim(models.Func("title", function="directory_words"))),
                "id",
                name="directory_entry_by_name",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word that public entries use, with its stems in each language, as ``en:univers``."""

    word = models.TextField(primary_key=True)
    stems = ArrayField(models.TextField())
    entries = models.IntegerField()

    class Meta:
        verbose_name = _("word of the directory")
        verbose_name_plural = _("words of the directory")
        indexes = [
            GinIndex(fields=["stems"], name="directory_word_stems", fastupdate=False),
            GinIndex(
                fields=["word"],
                opclasses=["gin_trgm_ops"],
                name="directory_word_alike",
                fastupdate=False,
            ),
            models.Index(
                fields=["word"], opclasses=["text_pattern_ops"], name="directory_word_start"
            ),
        ]

    def __str__(self) -> str:
        return self.word
