"""The H2020 tables: comma-separated cuts of CORDIS, one row of project dates per participation."""

from collections.abc import Callable, Iterable
from pathlib import Path

from initiatives.cordis import values
from initiatives.cordis.errors import FolderError, RowError
from initiatives.cordis.reading import Record, find
from initiatives.cordis.reference import PROGRAMME_PARTS, Place, Reference
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

ORGANISATIONS = "h2020_organisations"
PARTICIPATIONS = "h2020_participations_before_2018"
PROGRAMME = "h2020_project_programme_parts_before_2018"
TEXTS = "h2020_project_texts_before_2018"
STEMS = (ORGANISATIONS, PARTICIPATIONS, PROGRAMME, TEXTS)
KEY = "rcn"

COLUMNS = {
    ORGANISATIONS: [
        "pic",
        "name",
        "shortName",
        "activityType",
        "city",
        "country",
        "lat",
        "lon",
        "nuts3",
    ],
    PARTICIPATIONS: [
        "rcn",
        "role",
        "pic",
        "type",
        "contribution",
        "country",
        "start_date",
        "end_date",
        "max_contribution",
        "total_cost",
    ],
    PROGRAMME: ["rcn", "programme_part"],
    TEXTS: [
        "rcn",
        "id",
        "acronym",
        "title",
        "objective",
        "topics",
        "startDate",
        "endDate",
        "totalCost",
        "ecMaxContribution",
    ],
}


def read(
    folder: Path, reference: Reference, stage: Stage, report: Report, reading: Reading
) -> None:
    """Stage every row of the tables that the folder has."""
    reader = TableReader(reference, stage, report)
    readers: Iterable[tuple[str, str, Callable[[str, Record], None]]] = (
        (ORGANISATIONS, "organisations", reader.organisation),
        (PARTICIPATIONS, "participations", reader.participation),
        (TEXTS, "projects", reader.text),
        (PROGRAMME, "concepts of projects", reader.programme_part),
    )
    for stem, table, take in readers:
        path = find(folder, stem)
        if path is not None:
            reading(path, table, COLUMNS[stem], ",", take)


class TableReader:
    """Turns records of the four tables into staged rows; RowError where one cannot be."""

    def __init__(self, reference: Reference, stage: Stage, report: Report) -> None:
        self._reference = reference
        self._stage = stage
        self._report = report
        self._source = reference.source("H2020")
        self._projects: set[int] = set()

    def organisation(self, file: str, record: Record) -> None:
        """Stage an organisation. One without a PIC is kept under its name and country."""
        row = record.values
        kind = activity_type(row["activityType"])
        code = row["pic"].strip()
        pic = values.pic(code, "pic") if code else None
        if pic is None:
            self._report.note("organisations", file, record.line, "pic is missing: known by name")

        def note(reason: RowError) -> None:
            self._report.note("organisations", file, record.line, str(reason))

        self._stage.add(
            "staged_organisation",
            organisation_row(
                file,
                record.line,
                pic=pic,
                name=row["name"],
                short_name=row["shortName"],
                activity=kind,
                is_sme=None,
                website=kept(note, "", values.website, row.get("organizationUrl", "")),
                city=row["city"],
                country=kept(note, None, self._country, row["country"]),
                place=kept(note, None, self._place, row["nuts3"]),
                coordinates=kept(note, None, values.coordinates, row["lat"], row["lon"]),
                source=self._source,
                updated="",
                note=note,
            ),
        )

    def participation(self, file: str, record: Record) -> None:
        """Stage a participation, and the project's dates and amounts the first time they come."""
        row = record.values
        rcn = values.number(row["rcn"], "rcn")
        pic = values.pic(row["pic"], "pic")

        def note(reason: RowError) -> None:
            self._report.note("participations", file, record.line, str(reason))

        participation = (
            file,
            record.line,
            rcn,
            pic,
            "",
            kept(note, None, self._country, row["country"]),
            activity_type(row["type"]),
            role(row["role"], note),
            values.amount(row["contribution"], "contribution"),
            self._source,
        )
        start = values.day(row["start_date"], "start_date")
        end = values.day(row["end_date"], "end_date")
        checked_period(start, end)
        cost = values.amount(row["total_cost"], "total_cost")
        maximum = values.amount(row["max_contribution"], "max_contribution")
        self._stage.add("staged_participation", participation)
        if rcn not in self._projects:
            self._projects.add(rcn)
            project = project_row(
                file,
                record.line,
                key=rcn,
                is_detail=False,
                rcn=rcn,
                start=start,
                end=end,
                total_cost=cost,
                max_contribution=maximum,
                source=self._source,
            )
            self._stage.add("staged_project", project)

    def text(self, file: str, record: Record) -> None:
        """Stage what the table of texts says of a project."""
        row = record.values
        rcn = values.number(row["rcn"], "rcn")
        start = values.day(row["startDate"], "startDate")
        end = values.day(row["endDate"], "endDate")
        checked_period(start, end)
        project = project_row(
            file,
            record.line,
            key=rcn,
            is_detail=True,
            rcn=rcn,
            grant_id=values.number(row["id"], "id"),
            acronym=row["acronym"],
            title=row["title"],
            objective=row["objective"],
            call_topics=row["topics"],
            start=start,
            end=end,
            total_cost=values.amount(row["totalCost"], "totalCost"),
            max_contribution=values.amount(row["ecMaxContribution"], "ecMaxContribution"),
            source=self._source,
        )
        self._stage.add("staged_project", project)

    def programme_part(self, file: str, record: Record) -> None:
        """Stage a project's programme part."""
        rcn = values.number(record.values["rcn"], "rcn")
        part = record.values["programme_part"].strip()
        concept = self._reference.concepts.get((PROGRAMME_PARTS, part))
        if concept is None:
            raise RowError(f"programme part {values.shown(part)} is unknown")
        self._stage.add("staged_concept", (file, record.line, rcn, concept))

    def _country(self, code: str) -> str | None:
        return self._reference.country(code, missing=values.MISSING)

    def _place(self, code: str) -> Place | None:
        return None if code.strip() in values.MISSING else self._reference.place(code)


def check(folder: Path) -> None:
    """Raise FolderError if none of the tables is there."""
    if not any(find(folder, stem) for stem in STEMS):
        raise FolderError(f"none of {', '.join(STEMS)}")
