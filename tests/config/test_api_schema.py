"""The answers of every endpoint have the shape that the schema promises."""

import json

import jsonschema
import pytest

from tests.factories import (
    ClusterMembershipFactory,
    DistinctionFactory,
    ExclusionFactory,
    FeedbackFactory,
    InitiativeConceptFactory,
    InitiativeFigureFactory,
    InitiativeRegionFactory,
    KeyFigureFactory,
    RegionContactFactory,
    SectorFactory,
    SourceFactory,
)
from tests.matching.conftest import index_folder, world  # noqa: F401 -- fixtures

PATHS = {
    "/api/v1/search/": {},
    "/api/v1/me/": {},
    "/api/v1/regions/": {},
    "/api/v1/regions/{slug}/": {"slug": "malopolska"},
    "/api/v1/regions/{slug}/fit/{other}/": {"slug": "malopolska", "other": "auvergne-rhone-alpes"},
    "/api/v1/concepts/": {},
    "/api/v1/concepts/{id}/": {"id": "hydrogen-value-chain:storage"},
    "/api/v1/organisations/": {},
    "/api/v1/organisations/{slug}/": {"slug": "lab"},
    "/api/v1/organisations/{slug}/suggestions/": {"slug": "lab"},
    "/api/v1/organisations/{slug}/statements/": {"slug": "lab"},
    "/api/v1/organisations/{slug}/feedback/": {"slug": "lab"},
    "/api/v1/organisations/{slug}/exclusions/": {"slug": "lab"},
    "/api/v1/organisations/{slug}/matches/{other}/": {"slug": "lab", "other": "maker"},
    "/api/v1/initiatives/": {},
    "/api/v1/initiatives/{slug}/": {"slug": "first"},
    "/api/v1/initiatives/{slug}/participations/": {"slug": "first"},
}

OF_THE_TEAM = {
    "/api/v1/me/",
    "/api/v1/organisations/{slug}/feedback/",
    "/api/v1/organisations/{slug}/exclusions/",
}
WRITTEN = {
    "/api/v1/organisations/{slug}/statements/{id}/",
    "/api/v1/organisations/{slug}/submit/",
    "/api/v1/organisations/{slug}/feedback/{id}/",
    "/api/v1/organisations/{slug}/exclusions/{id}/",
}
"""Addresses without an answer to read."""


@pytest.fixture
def full_world(world):  # noqa: F811
    """The small world, with a row of every kind of fact."""
    KeyFigureFactory(region=world.malopolska, rank=1, rank_scope="europe", rank_of=3)
    DistinctionFactory(region=world.malopolska)
    DistinctionFactory(region=world.malopolska, note_source=SourceFactory(slug="press"))
    RegionContactFactory(region=world.malopolska)
    SectorFactory(organisation=world.lab)
    ClusterMembershipFactory(member=world.lab)
    first = world.projects[0]
    first.slug = "first"
    first.save()
    first.further_sources.add(SourceFactory(slug="press"))
    InitiativeRegionFactory(initiative=first, region=world.malopolska)
    InitiativeConceptFactory(initiative=first, concept=world.storage)
    FeedbackFactory(organisation=world.lab, kind="dismissed", reason="known")
    FeedbackFactory(organisation=world.lab, score=1, signals={"experience": 1}, weights_version="1")
    ExclusionFactory(organisation=world.lab)
    ExclusionFactory(organisation=world.lab, region=None, kind="ngo")
    InitiativeFigureFactory(initiative=first)
    return world


formats = jsonschema.FormatChecker(["date"])
formats.checks("uri")(lambda value: not isinstance(value, str) or "://" in value)


def strict(schema):
    """The schema as JSON Schema: nullable spelt out, and no property beyond those described."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if isinstance(made.get("properties"), dict) and "additionalProperties" not in made:
        made["additionalProperties"] = False
    if made.pop("nullable", False):
        made = {"anyOf": [made, {"type": "null"}]}
    return made


@pytest.mark.parametrize("persona", ["anonymous", "administrator"])
def test_answers_have_the_promised_shape(request, full_world, persona):
    client = request.getfixturevalue(persona)
    schema = json.loads(client.get("/api/v1/schema/", {"format": "json"}).content)
    components = {"components": strict(schema["components"])}
    documented = {path for path in schema["paths"] if path != "/api/v1/schema/"}
    assert documented == set(PATHS) | WRITTEN

    for path, arguments in PATHS.items():
        answer = client.get(path.format(**arguments))
        if persona == "anonymous" and path in OF_THE_TEAM:
            assert answer.status_code == 403
            continue
        assert answer.status_code == 200, path
        promised = schema["paths"][path]["get"]["responses"]["200"]
        shape = strict(promised["content"]["application/json"]["schema"])
        jsonschema.Draft202012Validator({**shape, **components}, format_checker=formats).validate(
            answer.json()
        )
