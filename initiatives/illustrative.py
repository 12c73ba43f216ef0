"""Illustrative projects, with the loader of all that is illustrative.

Invented projects in which only invented organisations take part: they give those a record, so that
every signal can be seen at work. Neither a real organisation nor a real project is ever joined with
an invented one.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.text import slugify

from initiatives import derivation
from initiatives.models import Initiative, InitiativeConcept, Participation
from organisations import profiles
from regions.reference.files import rows
from regions.reference.upsert import Change, upsert

ACRONYM: Final = "EXAMPLE-"
"""How the acronym of an invented project begins."""

LATEST_START: Final = date(2017, 12, 18)
"""The newest start in the Horizon 2020 snapshot. Recency is counted from the newest start of any
project, so a later invented one would age every real record."""

Loaded = dict[str, Change]


def load_projects(folder: Path) -> Change:
    """Load the invented projects; all of them have ended."""
    source = profiles.illustrative_source()
    wanted = []
    columns = "acronym name description start end"
    for row in rows(folder / profiles.FOLDER / "projects.csv", columns):
        start, end = profiles.day(row, "start"), profiles.day(row, "end")
        if start is None or end is None or end < start:
            raise row.error("a project has a start, and an end that is not before it")
        if start > LATEST_START:
            raise row.error(f"start {start} is after {LATEST_START}, and would age real records")
        acronym = profiles.labelled(row, "acronym", starts=ACRONYM)
        project = Initiative(
            slug=slugify(acronym),
            kind=Initiative.Kind.PROJECT,
            name=profiles.labelled(row, "name", ends=profiles.LABEL),
            acronym=acronym,
            description=row["description"],
            status=Initiative.Status.COMPLETED,
            start_date=start,
            end_date=end,
            source=source,
        )
        if Initiative.objects.filter(slug=project.slug).exclude(source=source).exists():
            raise row.error(f"slug {project.slug!r} belongs to a real initiative")
        wanted.append((row, project))
    return upsert(wanted, key=["slug"], among=Initiative.objects.filter(source=source))


def load_participations(folder: Path) -> Change:
    """Load who takes part in the invented projects: invented organisations alone."""
    projects = _projects()
    organisations = profiles.illustrative_organisations(folder)
    source = profiles.illustrative_source()
    wanted = []
    columns = "project organisation role"
    for row in rows(folder / profiles.FOLDER / "participations.csv", columns):
        organisation = profiles.invented(row, "organisation", organisations)
        wanted.append(
            (
                row,
                Participation(
                    initiative=row.found("project", projects),
                    organisation=organisation,
                    country_id=organisation.country_id,
                    role=row.choice("role", Participation.Role.values),
                    source=source,
                ),
            )
        )
    return upsert(
        wanted,
        key=["initiative_id", "organisation_id"],
        among=Participation.objects.filter(initiative__in=projects.values()),
    )


def load_coverage(folder: Path) -> Change:
    """Load what the invented projects cover and are about, each marked as illustrative."""
    projects = _projects()
    concepts = profiles.concept_ids()
    return upsert(
        [
            (
                row,
                InitiativeConcept(
                    initiative=row.found("project", projects),
                    concept_id=profiles.concept_of(row, concepts),
                    role=row.choice("role", InitiativeConcept.Role.values),
                    is_illustrative=True,
                ),
            )
            for row in rows(folder / profiles.FOLDER / "coverage.csv", "project role scheme code")
        ],
        key=["initiative_id", "concept_id", "role"],
        among=InitiativeConcept.objects.filter(initiative__in=projects.values()),
    )


STEPS: Final[dict[str, profiles.Step]] = {
    **profiles.STEPS,
    "illustrative projects": load_projects,
    "their participants": load_participations,
    "what they cover": load_coverage,
}

DEMONSTRATED: Final = "what they demonstrate"


@transaction.atomic
def load_profiles(
    *,
    folder: Path = profiles.DATA,
    progress: Callable[[Iterable[str]], Iterable[str]] = iter,
) -> Loaded:
    """Load clusters, illustrative organisations and projects; return what each step changed.

    Where anything changed, what projects demonstrate is derived anew, as after an import; a second
    run over the same files changes nothing. ``progress`` wraps the names of the steps. Raises
    DataFileError, with nothing loaded, for the first bad row.
    """
    loaded: Loaded = {}
    for name in progress([*STEPS, DEMONSTRATED]):
        if name != DEMONSTRATED:
            loaded[name] = STEPS[name](folder)
        elif any(change != Change() for change in loaded.values()):
            derived = derivation.derive()
            loaded[name] = Change(derived.new, derived.changed)
    return loaded


def _projects() -> dict[str, Initiative]:
    return {
        project.acronym: project
        for project in Initiative.objects.filter(
            source__slug=profiles.ILLUSTRATIVE_SOURCE,
            kind=Initiative.Kind.PROJECT,
            acronym__startswith=ACRONYM,
        )
    }
