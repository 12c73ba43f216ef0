"""CORDIS's own downloads: the CSV files of "projects" for Horizon 2020 and Horizon Europe.

Semicolon-separated, quoted, UTF-8 with or without a byte order mark; ``ecContribution`` has a
decimal point, ``totalCost`` often a comma. ``projectID`` is the grant agreement. Streets, post
codes, VAT numbers and contact forms are not read.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from initiatives.cordis import values
from initiatives.cordis.errors import FolderError, RowError
from initiatives.cordis.reading import Record, find
from initiatives.cordis.reference import EUROSCIVOC, Reference
from initiatives.cordis.report import Report
from initiatives.cordis.rows import (
    Reading,
    activity_type,
    checked_period,
    kept,
    organisation_row,
    project_row,
    role,
)
from initiatives.cordis.staging import Stage
from initiatives.models import Initiative

STEMS = ("project", "organization", "euroSciVoc", "topics", "legalBasis")
NEEDED = ("project", "organization")
KEY = "grant_id"

COLUMNS = {
    "project": [
        "id",
        "acronym",
        "status",
        "title",
        "startDate",
        "endDate",
        "totalCost",
        "ecMaxContribution",
        "legalBasis",
        "topics",
        "frameworkProgramme",
        "objective",
        "rcn",
    ],
    "organization": [
        "projectID",
        "organisationID",
        "name",
        "shortName",
        "SME",
        "activityType",
        "city",
        "country",
        "nutsCode",
        "geolocation",
        "organizationURL",
        "contentUpdateDate",
        "role",
        "ecContribution",
    ],
    "euroSciVoc": ["projectID", "euroSciVocCode"],
    "topics": ["projectID", "topic"],
    "legalBasis": ["projectID", "legalBasis"],
}
STATUSES = {
    "SIGNED": Initiative.Status.RUNNING,
    "CLOSED": Initiative.Status.COMPLETED,
    "TERMINATED": Initiative.Status.COMPLETED,
}


def read(
    folder: Path, reference: Reference, stage: Stage, report: Report, reading: Reading
) -> None:
    """Stage every row of the files that the folder has."""
    reader = DownloadReader(reference, stage, report)
    concepts = "concepts of projects"
    readers: Iterable[tuple[str, str, Callable[[str, Record], None]]] = (
        ("project", "projects", reader.project),
        ("organization", "participations", reader.organisation),
        ("legalBasis", concepts, reader.legal_basis),
        ("euroSciVoc", concepts, reader.scientific_field),
        ("topics", concepts, reader.topic),
    )
    for stem, table, take in readers:
        path = find(folder, stem)
        if path is not None:
            reading(path, table, COLUMNS[stem], ";", take)


class DownloadReader:
    """Turns records of the downloads into staged rows; RowError where one cannot be."""

    def __init__(self, reference: Reference, stage: Stage, report: Report) -> None:
        self._reference = reference
        self._stage = stage
        self._report = report
        # Source by grant agreement; one entry for each project, not for each participation.
        self._sources: dict[int, int] = {}

    def project(self, file: str, record: Record) -> None:
        """Stage a project, and the programme part of its legal basis."""
        row = record.values
        grant_id = values.number(row["id"], "id")
        start = values.day(row["startDate"], "startDate")
        end = values.day(row["endDate"], "endDate")
        checked_period(start, end)
        source = self._reference.source(row["frameworkProgramme"].strip().upper())
        project = project_row(
            file,
            record.line,
            key=grant_id,
            is_detail=True,
            rcn=values.number(row["rcn"], "rcn") if row["rcn"].strip() else None,
            grant_id=grant_id,
            acronym=row["acronym"],
            title=row["title"],
            objective=row["objective"],
            call_topics=row["topics"],
            status=STATUSES.get(row["status"].strip().upper(), ""),
            start=start,
            end=end,
            total_cost=values.amount(row["totalCost"], "totalCost"),
            max_contribution=values.amount(row["ecMaxContribution"], "ecMaxContribution"),
            source=source,
        )
        self._stage.add("staged_project", project)
        self._sources[grant_id] = source
        self._legal_basis(file, record, grant_id, row["legalBasis"])

    def organisation(self, file: str, record: Record) -> None:
        """Stage a participation and what its row says of the organisation."""
        row = record.values
        grant_id = values.number(row["projectID"], "projectID")
        pic = values.pic(row["organisationID"], "organisationID")
        kind = activity_type(row["activityType"])

        def note(reason: RowError) -> None:
            self._report.note("organisations", file, record.line, str(reason))

        def coordinates(pair: str) -> tuple[float, float] | None:
            north, _, east = pair.strip().strip("()").partition(",")
            return values.coordinates(north, east)

        source = self._sources.get(grant_id, self._reference.source(""))
        country = kept(note, None, self._reference.country, row["country"])
        organisation = organisation_row(
            file,
            record.line,
            pic=pic,
            name=row["name"],
            short_name=row["shortName"],
            activity=kind,
            is_sme={"true": True, "false": False}.get(row["SME"].strip().lower()),
            website=kept(note, "", values.website, row["organizationURL"]),
            city=row["city"],
            country=country,
            place=kept(note, None, self._reference.place, row["nutsCode"]),
            coordinates=kept(note, None, coordinates, row["geolocation"]),
            source=source,
            updated=row["contentUpdateDate"].strip(),
            note=note,
        )
        participation = (
            file,
            record.line,
            grant_id,
            pic,
            values.limited(row["name"], "name", 300),
            country,
            kind,
            role(row["role"], note),
            values.amount(row["ecContribution"], "ecContribution"),
            source,
        )
        self._stage.add("staged_organisation", organisation)
        self._stage.add("staged_participation", participation)

    def legal_basis(self, file: str, record: Record) -> None:
        """Stage the programme part of one of a project's legal bases."""
        grant_id = values.number(record.values["projectID"], "projectID")
        self._legal_basis(file, record, grant_id, record.values["legalBasis"])

    def scientific_field(self, file: str, record: Record) -> None:
        """Stage a project's field of science."""
        grant_id = values.number(record.values["projectID"], "projectID")
        code = record.values["euroSciVocCode"].strip()
        if not code:
            raise RowError("euroSciVocCode is missing")
        concept = self._reference.concepts.get((EUROSCIVOC, code))
        if concept is None:
            reason = f"EuroSciVoc code {values.shown(code)} is not in the vocabulary: left out"
            self._report.note("concepts of projects", file, record.line, reason)
            return
        self._stage.add("staged_concept", (file, record.line, grant_id, concept))

    def topic(self, file: str, record: Record) -> None:
        """Check a row of topics; the codes themselves come with the projects."""
        values.number(record.values["projectID"], "projectID")
        if not record.values["topic"].strip():
            raise RowError("topic is missing")

    def _legal_basis(self, file: str, record: Record, grant_id: int, value: str) -> None:
        for code in value.split(";"):
            if not (basis := code.strip()):
                continue
            part = self._reference.programme_part(basis)
            if part is None:
                reason = f"legal basis {values.shown(basis)} is of no known programme part"
                self._report.note("concepts of projects", file, record.line, reason)
            else:
                self._stage.add("staged_concept", (file, record.line, grant_id, part))


def check(folder: Path) -> None:
    """Raise FolderError if neither projects nor organisations are there."""
    if not any(find(folder, stem) for stem in NEEDED):
        raise FolderError(f"none of {', '.join(f'{stem}.csv' for stem in NEEDED)}")
