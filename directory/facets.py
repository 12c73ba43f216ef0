"""By what results are narrowed: what each facet offers, and what an address chooses.

Values of one facet are alternatives, facets narrow each other. Countries and regions are one tree:
a country stands for all of it, unless regions of it are chosen as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from directory.known import Known
from initiatives.models import Initiative
from organisations.models import Organisation, Statement
from regions.models.places import localised

ORGANISATIONS: Final = ("organisation", "cluster")
EVERYTHING: Final = ("organisation", "cluster", "initiative", "region")
WHERE: Final = "where"


def _choices(choices: Iterable[tuple[str, str | Promise]]) -> Callable[[Known, str], str]:
    labels = dict(choices)
    return lambda known, value: str(labels.get(value, value))


def _country(known: Known, value: str) -> str:
    return localised(known.countries[value]) if value in known.countries else value


def _region(known: Known, value: str) -> str:
    region = known.regions.get(int(value))
    return region.label if region else value


def _concept(known: Known, value: str) -> str:
    concept = known.concepts.get(int(value))
    return localised(concept.labels) if concept else value


def _trl(known: Known, value: str) -> str:
    return f"TRL {value}"


def _language(known: Known, value: str) -> str:
    try:
        return str(get_language_info(value)["name_translated"])
    except KeyError:
        return value.upper()


def _as_it_is(known: Known, value: str) -> str:
    return value


def _network(known: Known, value: str) -> str:
    network = known.networks.get(int(value))
    return network.name if network else value


YES_NO: Final = (("yes", _("invented, to explain the site")), ("no", _("real")))
KEPT: Final = (("team", _("by its own team")), ("sources", _("from public sources")))


@dataclass(frozen=True)
class Facet:
    """``name`` stands in addresses, ``family`` in `directory.models.Value`; of concepts, only those
    of the vocabularies ``schemes``, or of any.

    ``order``: the values in this order, not by count. ``is_quiet``: offered only where an address
    chooses it. ``group``: facets whose values are alternatives to each other.
    """

    name: str
    label: str | Promise
    family: str
    called: Callable[[Known, str], str]
    what: tuple[str, ...] = ORGANISATIONS
    schemes: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    is_quiet: bool = False
    group: str = ""

    @property
    def together(self) -> str:
        """The name under which the search knows it."""
        return self.group or self.name

    @property
    def is_of_concepts(self) -> bool:
        return self.called is _concept

    def holds(self, known: Known, value: str) -> bool:
        if not self.schemes:
            return True
        concept = known.concepts.get(int(value))
        return concept is not None and concept.scheme in self.schemes

    def written(self, known: Known, value: str) -> str:
        """A value as addresses have it: slugs and codes instead of numbers."""
        if self.family == "region":
            region = known.regions.get(int(value))
            return region.slug if region else ""
        if self.family == "alliance":
            network = known.networks.get(int(value))
            return network.slug if network else ""
        if self.is_of_concepts:
            concept = known.concepts.get(int(value))
            return f"{concept.scheme}:{concept.code}" if concept else ""
        return value

    def kinds_with(self, values: Iterable[str]) -> set[str]:
        """The kinds of entry that can have one of these values."""
        if self.family != "kind":
            return set(self.what)
        return {"cluster" if value == "cluster" else "organisation" for value in values}

    def number(self, known: Known, value: str) -> int | None:
        """Under which the search knows a value, if any entry has it."""
        return known.number_of.get((self.family, value))

    def read(self, known: Known, written: str) -> str | None:
        """The value of what an address has, or None if there is no such value."""
        if self.family in ("region", "alliance"):
            ids = known.region_ids if self.family == "region" else known.network_ids
            return str(ids[written]) if written in ids else None
        if self.is_of_concepts:
            number = known.concept_ids.get(written)
            if number is None or not self.holds(known, str(number)):
                return None
            return str(number)
        if self.family == "country":
            return written if written in known.countries else None
        return written if self.number(known, written) is not None else None


_of_concepts: Final = partial(Facet, family="concept", called=_concept, what=EVERYTHING)

FACETS: Final = (
    Facet("country", _("Country"), "country", _country, EVERYTHING, group=WHERE),
    Facet("region", _("Region"), "region", _region, EVERYTHING, group=WHERE),
    Facet(
        "kind",
        _("Kind of organisation"),
        "kind",
        _choices(Organisation.Kind.choices),
        ("organisation",),
    ),
    Facet(
        "stage",
        _("Kind of initiative"),
        "stage",
        _choices(Initiative.Kind.choices),
        ("initiative",),
    ),
    Facet("running", _("Status"), "running", _choices(Initiative.Status.choices), ("initiative",)),
    _of_concepts(
        "theme",
        _("Theme"),
        schemes=("region-themes", "s3-thematic-platforms", "smart-specialisations"),
    ),
    _of_concepts("sector", _("Sector"), schemes=("industrial-ecosystems", "emerging-industries")),
    _of_concepts("technology", _("Technology"), schemes=("advanced-technologies",)),
    _of_concepts("segment", _("Hydrogen value chain"), schemes=("hydrogen-value-chain",)),
    Facet(
        "role",
        _("Offers, needs, interests"),
        "role",
        _choices(Statement.Role.choices),
        order=tuple(Statement.Role.values),
    ),
    Facet("trl", _("Technology readiness"), "trl", _trl, order=tuple("123456789")),
    Facet("took_part", _("Took part in"), "took_part", _choices(Initiative.Kind.choices)),
    Facet("network", _("Member of"), "network", _as_it_is),
    Facet("alliance", _("In network"), "alliance", _network, ("region",)),
    Facet("language", _("Language"), "language", _language),
    Facet("label", _("Label of cluster management"), "label", _choices(Organisation.Label.choices)),
    Facet("verified", _("Verified"), "status", _choices(Organisation.Status.choices)),
    Facet("kept", _("Profile kept"), "kept", _choices(KEPT), order=("team", "sources")),
    Facet("year", _("Start"), "year", _as_it_is, ("initiative",)),
    Facet(
        "invented",
        _("Real or invented"),
        "invented",
        _choices(YES_NO),
        EVERYTHING,
        order=("no", "yes"),
    ),
    _of_concepts("concept", _("Concept"), is_quiet=True),
    Facet("offers", _("Offers"), "offers", _concept, is_quiet=True),
    Facet("needs", _("Needs"), "needs", _concept, is_quiet=True),
    Facet("interested", _("Interested in"), "interested", _concept, is_quiet=True),
)
BY_NAME: Final = {facet.name: facet for facet in FACETS}


def of_kinds(what: Iterable[str]) -> list[Facet]:
    """The facets of these kinds of entry, or of all."""
    kinds = set(what) or set(EVERYTHING)
    return [facet for facet in FACETS if kinds & set(facet.what)]


@dataclass(frozen=True)
class Asked:
    """What an address chooses: values by name of facet, and what it names that does not exist."""

    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[tuple[Facet, str]] = field(default_factory=list)

    def kinds(self, what: Sequence[str]) -> tuple[str, ...]:
        """Those of these kinds of entry, or of all, that can have what is chosen. None: as given,
        since nothing is found among them anyway."""
        left = set(what) or set(EVERYTHING)
        for name, values in self.values.items():
            left &= BY_NAME[name].kinds_with(values)
        return tuple(kind for kind in EVERYTHING if kind in left) or tuple(what)

    def numbers(self, known: Known) -> dict[str, list[int]]:
        """For the search, by group of facets; a value that no entry has finds nothing."""
        found: dict[str, list[int]] = {}
        for name, values in self.values.items():
            facet = BY_NAME[name]
            if name == "country":
                values = self.whole_countries(known)
            found.setdefault(facet.together, []).extend(known.numbers(facet.family, values))
        return found

    def countries_of_regions(self, known: Known) -> set[str]:
        """Those in which regions are chosen."""
        regions = self.values.get("region", [])
        return {known.regions[int(value)].country or "" for value in regions}

    def whole_countries(self, known: Known) -> list[str]:
        """Countries that are chosen without regions of them."""
        within = self.countries_of_regions(known)
        return [value for value in self.values.get("country", []) if value not in within]


def asked(query: QueryDict, known: Known, what: Iterable[str]) -> Asked:
    """What of the query are facets of these kinds of entry; what does not exist is ignored, and
    said."""
    found = Asked()
    for facet in of_kinds(what):
        for written in dict.fromkeys(query.getlist(facet.name)):
            if not written:
                continue
            value = facet.read(known, written)
            if value is None:
                found.unknown.append((facet, written[:60]))
            else:
                found.values.setdefault(facet.name, []).append(value)
    if "network" in found.values:
        _only_public_clusters(found)
    return found


def _only_public_clusters(found: Asked) -> None:
    """A cluster that is not public does not exist here, whoever its members are."""
    chosen = found.values.pop("network")
    rows = Organisation.objects.verified().filter(pk__in=map(int, chosen))
    public = set(map(str, rows.values_list("pk", flat=True)))
    found.unknown.extend((BY_NAME["network"], value) for value in chosen if value not in public)
    if kept := [value for value in chosen if value in public]:
        found.values["network"] = kept


def counts_of(facet: Facet, counts: Mapping[int, int], known: Known) -> dict[str, int]:
    """Hits by value of this facet."""
    found = {}
    for number, count in counts.items():
        family, value = known.values.get(number, ("", ""))
        if family == facet.family and facet.holds(known, value):
            found[value] = count
    return found
