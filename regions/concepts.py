"""Rules of writing about concepts, for the administration's forms and imports alike."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from regions.models import Concept, ConceptRelation, Vocabulary

DEEPEST = 50
"""Steps up after which a hierarchy counts as a circle."""


def check_broader(concept: Concept, *, lock: bool = False) -> None:
    """Raise ValidationError unless the broader concept is another one of the same vocabulary, and
    is not in turn narrower than this one.

    With ``lock``, within a transaction, other changes to the hierarchy of the vocabulary wait, so
    that two people cannot close a circle together.
    """
    if (
        not concept._state.adding
        and concept.narrower.exclude(vocabulary=concept.vocabulary_id).exists()
    ):
        raise ValidationError(_("Narrower concepts belong to another vocabulary."))
    broader: Concept | None = concept.broader
    if broader is None:
        return
    if broader.vocabulary_id != concept.vocabulary_id:
        raise ValidationError(
            _("“%(broader)s” belongs to another vocabulary."), params={"broader": broader}
        )
    if lock:
        Vocabulary.objects.select_for_update(no_key=True).get(pk=concept.vocabulary_id)
    if concept._state.adding:
        return
    above: int | None = broader.pk
    for _step in range(DEEPEST):
        if above is None:
            return
        if above == concept.pk:
            break
        above = Concept.objects.values_list("broader", flat=True).get(pk=above)
    raise ValidationError(
        _("“%(broader)s” is this concept, or a narrower one: that would be a circle."),
        params={"broader": broader},
    )


def check_relation(relation: ConceptRelation) -> None:
    """Raise ValidationError unless neighbours are two concepts of one vocabulary, and their pair is
    recorded once."""
    if relation.kind != ConceptRelation.Kind.NEIGHBOUR:
        return
    source, target = relation.source, relation.target
    if source.vocabulary_id != target.vocabulary_id:
        raise ValidationError(_("Neighbours belong to one vocabulary."))
    inverse = ConceptRelation.objects.filter(kind=relation.kind, source=target, target=source)
    if inverse.exclude(pk=relation.pk).exists():
        raise ValidationError(_("This relation is recorded already, the other way round."))
