"""How text is compared in searches: whatever its case and accents."""

from django.db.models import CharField, TextField, Transform


class Unaccented(Transform):
    """Upper case without accents, through an immutable function, so that an index can hold it.

    PostgreSQL's own ``unaccent`` depends on the search path and cannot be indexed; ours, which a
    migration of this room makes, names its dictionary. Use it as ``name__unaccented__contains``:
    both sides are compared in that form, and a trigram index over it answers.
    """

    lookup_name = "unaccented"
    function = "unaccented"
    bilateral = True


CharField.register_lookup(Unaccented)
TextField.register_lookup(Unaccented)
