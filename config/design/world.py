"""Two regions, their organisations and initiatives, invented and never saved."""

from copy import copy
from datetime import UTC, date, datetime
from typing import Any, Final

from accounts.models import User
from initiatives.models import Initiative
from organisations.models import Organisation
from regions.models import Concept, Country, Indicator, KeyFigure, Region, Source, Vocabulary

POLAND: Final = Country(
    code="PL", labels={"en": "Poland", "fr": "Pologne", "pl": "Polska"}, group="eu27"
)
FRANCE: Final = Country(code="FR", labels={"en": "France", "pl": "Francja"}, group="eu27")
NORTH: Final = Region(pk=1, slug="example-north", name="Example Północ", country=POLAND)
SOUTH: Final = Region(pk=2, slug="example-south", name="Exemple-du-Sud", country=FRANCE)

OFFICIAL: Final = Source(
    pk=1,
    slug="example-office",
    title="Regional statistics",
    publisher="Statistical office",
    url="https://example.org/",
    licence="CC BY 4.0",
    standing=Source.Standing.CHECKED,
)
INVENTED: Final = Source(
    pk=2,
    slug="example-invented",
    title="Invented for this page",
    standing=Source.Standing.ILLUSTRATIVE,
    note="It shows how the mark looks.",
)

CHAIN: Final = Vocabulary(scheme="hydrogen-value-chain", title="Hydrogen value chain")
PRODUCTION: Final = Concept(
    pk=1, vocabulary=CHAIN, code="production", labels={"en": "Production", "pl": "Produkcja"}
)
ELECTROLYSIS: Final = Concept(
    pk=2,
    vocabulary=CHAIN,
    code="electrolysis",
    labels={"en": "Electrolysis", "pl": "Elektroliza"},
    broader=PRODUCTION,
)
REFORMING: Final = Concept(
    pk=3, vocabulary=CHAIN, code="reforming", labels={"en": "Reforming"}, broader=PRODUCTION
)

UNIVERSITY: Final = Organisation(
    pk=1,
    slug="example-university",
    name="Example University of Technology",
    short_name="EUT",
    kind=Organisation.Kind.UNIVERSITY,
    city="Kraków",
    home_region=NORTH,
    country=POLAND,
    status=Organisation.Status.VERIFIED,
)
MAKER: Final = Organisation(
    pk=2,
    slug="example-maker",
    name="Exemple Électrolyseurs",
    kind=Organisation.Kind.SME,
    city="Lyon",
    home_region=SOUTH,
    country=FRANCE,
    status=Organisation.Status.VERIFIED,
    is_illustrative=True,
)
PROJECT: Final = Initiative(
    pk=1,
    slug="example-project",
    acronym="EXAMPLE-H2",
    name="Hydrogen for two regions: a project that shows how long a name can be",
    kind=Initiative.Kind.PROJECT,
    status=Initiative.Status.values[0],
    start_date=date(2022, 1, 1),
    end_date=date(2025, 12, 31),
    source=OFFICIAL,
)
VALLEY: Final = Initiative(
    pk=2,
    slug="example-valley",
    name="Example Hydrogen Valley",
    kind=Initiative.Kind.VALLEY,
    status=Initiative.Status.values[-1],
    date_note="since spring 2023",
    place="Tarnów",
    source=INVENTED,
)
READER: Final = User(pk=1, email="reader@example.org", name="Anna Example")
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)

GDP: Final = Indicator(pk=1, slug="gdp", label="Gross domestic product", unit="million €")


def figure(**changed: Any) -> KeyFigure:
    """A key figure of the northern region; what is not said is usual."""
    usual = {
        "pk": 1,
        "region": NORTH,
        "indicator": GDP,
        "value": 61_250,
        "rank": 4,
        "rank_of": 17,
        "rank_scope": KeyFigure.Scope.COUNTRY,
        "year": 2024,
        "source": OFFICIAL,
    }
    return KeyFigure(**{**usual, **changed})


def seen(row: Any, **more: Any) -> Any:
    """A row with what its queryset would add to it."""
    shown = copy(row)
    for name, value in more.items():
        setattr(shown, name, value)
    return shown
