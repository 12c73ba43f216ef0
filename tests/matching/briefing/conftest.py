from types import SimpleNamespace

import pytest

from initiatives.models import Initiative
from tests.factories import (
    InitiativeConceptFactory,
    InitiativeFactory,
    InitiativeRegionFactory,
    SourceFactory,
)


@pytest.fixture
def valley(world):
    """A running valley of Małopolska that covers transport, which Lyon's storage stands beside."""
    made = InitiativeFactory(
        slug="open-valley",
        kind=Initiative.Kind.VALLEY,
        name="Open valley",
        acronym="",
        status="running",
        start_date=None,
        end_date=None,
        lead_name="Office of the valley",
        source=SourceFactory(slug="valley-source", standing="checked"),
    )
    part = InitiativeRegionFactory(
        initiative=made,
        region=world.malopolska,
        source=SourceFactory(slug="check", standing="checked"),
    )
    covers = InitiativeConceptFactory(initiative=made, concept=world.transport, role="covers")
    return SimpleNamespace(initiative=made, part=part, covers=covers)
