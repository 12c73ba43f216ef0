"""The initiatives and events of the founding facts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from initiatives import services
from initiatives.data import FOLDER
from initiatives.models import (
    Initiative,
    InitiativeConcept,
    InitiativeFigure,
    InitiativeRegion,
    Participation,
)
from organisations.models import Organisation
from organisations.profiles import concept_ids, concept_of, day
from regions.models import Country, Network, Region, Source
from regions.reference.files import Row, rows
from regions.reference.upsert import Change

M = TypeVar("M", bound=models.Model)

INITIATIVES = (
    "slug kind name acronym description status start_date end_date date_note place "
    "max_contribution network part_of lead_pic lead_name source further_sources"
)
REGIONS = "initiative region role note source"
CONCEPTS = "initiative role scheme code is_illustrative"
FIGURES = "initiative label value unit qualifier nature year source"
PARTICIPANTS = "initiative pic organisation name country role source"


@transaction.atomic
def load_initiatives(*, folder: Path = FOLDER) -> Change:
    """Load the initiatives with their regions, coverage, figures and participants.

    Participants named by slug come from ``load_profiles``, which runs before; those named by PIC
    are linked if they are known, and stand by PIC and name if not. Idempotent. Raises
    DataFileError, with nothing loaded, for the first bad row.
    """
    return (
        _load_initiatives(folder)
        + _load_regions(folder)
        + _load_concepts(folder)
        + _load_figures(folder)
        + _load_participants(folder)
    )


def _load_initiatives(folder: Path) -> Change:
    sources = {source.slug: source for source in Source.objects.all()}
    networks = {network.slug: network for network in Network.objects.all()}
    loaded: dict[str, Initiative] = {}
    change = Change()
    for row in rows(folder / "initiatives.csv", INITIATIVES):
        values = {
            "kind": row.choice("kind", Initiative.Kind.values),
            "name": row.required("name"),
            "acronym": row["acronym"],
            "description": row["description"],
            "status": row.choice("status", Initiative.Status.values),
            "start_date": day(row, "start_date"),
            "end_date": day(row, "end_date"),
            "date_note": row["date_note"],
            "place": row["place"],
            "max_contribution": row.decimal("max_contribution")
            if row["max_contribution"]
            else None,
            "network": row.found("network", networks) if row["network"] else None,
            "part_of": row.found("part_of", loaded) if row["part_of"] else None,
            "lead": _by_pic(row["lead_pic"]),
            "lead_name": row["lead_name"],
            "source": row.found("source", sources),
        }
        slug = row.required("slug")
        further = {_further_source(row, name, sources) for name in row["further_sources"].split()}
        loaded[slug], one = _bring(row, Initiative, {"slug": slug}, values)
        if further != set(loaded[slug].further_sources.all()):
            loaded[slug].further_sources.set(further)
            one = one if one != Change() else Change(changed=1)
        change += one
    return change


def _further_source(row: Row, slug: str, sources: Mapping[str, Source]) -> Source:
    if slug not in sources:
        raise row.error(f"further_sources {slug!r} is unknown")
    return sources[slug]


def _load_regions(folder: Path) -> Change:
    initiatives, sources = _initiatives(), {item.slug: item for item in Source.objects.all()}
    regions = {region.slug: region for region in Region.objects.all()}
    change = Change()
    for row in rows(folder / "initiative_regions.csv", REGIONS):
        key = {
            "initiative": row.found("initiative", initiatives),
            "region": row.found("region", regions),
        }
        values = {
            "role": row.choice("role", InitiativeRegion.Role.values),
            "note": row["note"],
            "source": row.found("source", sources),
        }
        change += _bring(row, InitiativeRegion, key, values)[1]
    return change


def _load_concepts(folder: Path) -> Change:
    initiatives, concepts = _initiatives(), concept_ids()
    change = Change()
    for row in rows(folder / "initiative_concepts.csv", CONCEPTS):
        key = {
            "initiative": row.found("initiative", initiatives),
            "concept_id": concept_of(row, concepts),
            "role": row.choice("role", InitiativeConcept.Role.values),
        }
        values = {
            "is_illustrative": row.yes("is_illustrative"),
            "origin": InitiativeConcept.Origin.STATED,
        }
        change += _bring(row, InitiativeConcept, key, values)[1]
    return change


def _load_figures(folder: Path) -> Change:
    initiatives, sources = _initiatives(), {item.slug: item for item in Source.objects.all()}
    change = Change()
    for row in rows(folder / "initiative_figures.csv", FIGURES):
        key = {
            "initiative": row.found("initiative", initiatives),
            "label": row.required("label"),
            "year": row.year(),
        }
        values = {
            "value": row.decimal("value"),
            "unit": row["unit"],
            "qualifier": row.choice("qualifier", InitiativeFigure.Qualifier.values),
            "nature": row.choice("nature", InitiativeFigure.Nature.values),
            "source": row.found("source", sources),
        }
        change += _bring(row, InitiativeFigure, key, values)[1]
    return change


def _load_participants(folder: Path) -> Change:
    initiatives, sources = _initiatives(), {item.slug: item for item in Source.objects.all()}
    countries = {country.code: country for country in Country.objects.all()}
    change = Change()
    for row in rows(folder / "initiative_participants.csv", PARTICIPANTS):
        initiative = row.found("initiative", initiatives)
        organisation = _by_pic(row["pic"])
        if row["organisation"]:
            organisation = Organisation.objects.filter(slug=row["organisation"]).first()
            if organisation is None:
                raise row.error(
                    f"organisation {row['organisation']!r} is unknown (load_profiles comes first)"
                )
        if organisation is not None:
            try:
                services.check_participant(initiative=initiative, organisation=organisation)
            except services.MixesInventedAndReal as error:
                raise row.error(str(error)) from error
            country = organisation.country
        else:
            country = row.found("country", countries) if row["country"] else None
        if row["pic"]:
            key: dict[str, object] = {"initiative": initiative, "pic": row["pic"]}
        elif organisation is not None:
            key = {"initiative": initiative, "organisation": organisation}
        else:
            key = {"initiative": initiative, "organisation": None, "name": row.required("name")}
        values = {
            "organisation": organisation,
            "name": row["name"],
            "country": country,
            "role": row.choice("role", Participation.Role.values),
            "source": row.found("source", sources),
        }
        values = {name: value for name, value in values.items() if name not in key}
        change += _bring(row, Participation, key, values)[1]
    return change


def _initiatives() -> dict[str, Initiative]:
    """Initiatives that come from these files, by slug; projects of the register have no part."""
    found = Initiative.objects.filter(rcn=None, grant_id=None).select_related("source")
    return {initiative.slug: initiative for initiative in found}


def _by_pic(pic: str) -> Organisation | None:
    return Organisation.objects.filter(pic=pic).first() if pic else None


def _bring(
    row: Row, model: type[M], key: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[M, Change]:
    """Add the object with this natural key, or update the values that differ; nothing else.

    Raises DataFileError, naming the row, where a value or constraint of the model is broken.
    """
    found = model._default_manager.filter(**key).first()
    item = model(**key, **values) if found is None else found
    differing = [name for name, value in values.items() if getattr(item, name) != value]
    for name in differing:
        setattr(item, name, values[name])
    if found is None or differing:
        try:
            item.full_clean(validate_unique=False)
        except ValidationError as error:
            reasons = [f"{name}: {' '.join(found)}" for name, found in error.message_dict.items()]
            raise row.error("; ".join(reasons)) from error
    if found is None:
        item.save(force_insert=True)
        return item, Change(added=1)
    if differing:
        item.save()
        return item, Change(changed=1)
    return item, Change()
