"""Take everything synthetic away again, and nothing else."""

from typing import Any

from django.db import models, router, transaction

from initiatives.models import Initiative, Participation
from initiatives.synthetic.filling import Made, refresh_statistics
from initiatives.synthetic.plan import SOURCE
from organisations.models import Organisation, Statement
from regions import bulk
from regions.models import Source


def remove() -> Made:
    """Delete what names the source "synthetic", with all that belongs to it, and the source.

    One transaction. Real rows that point at it (a saved suggestion, say) follow their own rule:
    they are deleted with it, or lose the pointer, as with any other deletion. Returns what was
    deleted.
    """
    many = Organisation.objects.filter(source__slug=SOURCE).count() >= bulk.FROM
    with bulk.in_bulk() if many else transaction.atomic():
        gone = _remove()
    refresh_statistics()
    return gone


def _remove() -> Made:
    gone = Made(
        statements=Statement.objects.filter(organisation__source__slug=SOURCE).count(),
    )
    for model, name in (
        (Participation, "participations"),
        (Initiative, "projects"),
        (Organisation, "organisations"),
    ):
        setattr(gone, name, _delete(model._default_manager.filter(source__slug=SOURCE)))
    Source.objects.filter(slug=SOURCE).delete()
    return gone


def _delete(rows: "models.QuerySet[Any]") -> int:
    """Delete rows by one statement a table, after what depends on them; Django's own way would
    bring each into memory."""
    for relation in rows.model._meta.related_objects:
        dependent = relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": rows.values("pk")}
        )
        if relation.on_delete is models.CASCADE:
            _delete(dependent)
        elif relation.on_delete is models.SET_NULL:
            dependent.update(**{relation.field.name: None})
    ordered = rows.order_by()
    using = router.db_for_write(rows.model)
    return int(ordered._raw_delete(using))
