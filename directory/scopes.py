"""The directories: one of everything, and one of each kind of entry."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Scope:
    """One directory: the kinds of entry that it holds, and how it is called and introduced;
    ``is_by_name``: in this order as long as no words are asked."""

    name: str
    label: str | Promise
    title: str | Promise
    lead: str | Promise
    what: tuple[str, ...]
    address: str
    is_by_name: bool = False

    @property
    def url(self) -> str:
        return reverse(self.address)


EVERYTHING: Final = Scope(
    "",
    _("Everything"),
    _("Search"),
    "",
    (),
    "search",
)
SCOPES: Final = (
    EVERYTHING,
    Scope(
        "organisations",
        _("Organisations"),
        _("Organisations"),
        _("Open one to see which partners in other regions fit it, and why."),
        ("organisation", "cluster"),
        "organisations:list",
    ),
    Scope(
        "clusters",
        _("Clusters"),
        _("Clusters"),
        _("Organisations with members: what each covers, and which clusters elsewhere fit it."),
        ("cluster",),
        "clusters",
    ),
    Scope(
        "initiatives",
        _("Initiatives"),
        _("Initiatives"),
        _(
            "Hydrogen valleys, pilots, alliances, centres, working groups and events first; then "
            "funded projects."
        ),
        ("initiative",),
        "initiatives:list",
    ),
    Scope(
        "regions",
        _("Regions"),
        _("Regions"),
        _(
            "Each region has a dossier: who it is, what it gives priority to, and which other "
            "regions fit."
        ),
        ("region",),
        "regions:list",
        is_by_name=True,
    ),
)
BY_NAME: Final = {scope.name: scope for scope in SCOPES}
