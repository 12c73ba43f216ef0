"""What goes out of a table comes back into it, and changes nothing."""

import datetime

import pytest
from django.contrib import admin

from accounts.exchange.admin import Exchange
from initiatives.models import Initiative, Participation
from organisations.models import (
    ClusterMembership,
    Organisation,
    Sector,
    Statement,
    TeamMember,
)
from regions.models import (
    Concept,
    Distinction,
    KeyFigure,
    Network,
    NetworkMembership,
    Priority,
    Region,
    RegionContact,
    Source,
    Vocabulary,
)
from tests import factories
from tests.config.admin.conftest import export, import_rows, preview, said

TEXT = "=1+1;\t“Małopolska”, \"quoted\"\nand 'more'"


def organisation():
    unit = factories.NutsUnitFactory(code="PL213")
    made = factories.OrganisationFactory(
        name="=cmd|' /C calc'!A0",
        short_name="-Łódź",
        description=TEXT,
        pic="999999999",
        website="https://example.org/a?b=c",
        vat_number="PL1234567890",
        size="large",
        languages=["pl", "en"],
        wanted_kinds=["sme", "cluster"],
        nuts3=unit,
        home_region=unit.home_region,
        country=unit.country,
        latitude=-50.061_25,
        longitude=-0.1,
    )
    made.wanted_regions.set(factories.RegionFactory.create_batch(2))
    factories.OrganisationFactory(
        home_region=None, name="'=quoted", kind="cluster", label="gold", label_year=2020
    )


def statement():
    factories.StatementFactory(
        text=TEXT, trl_from=1, trl_to=9, valid_until=datetime.date(2030, 1, 31), weight=3
    )
    factories.StatementEvidenceFactory()


def region():
    units = [
        factories.NutsUnitFactory(code="PL21", level=2),
        factories.NutsUnitFactory(version=2024),
    ]
    factories.RegionFactory(nuts_units=units, summary=TEXT, local_name="@Małopolska", latitude=-1.5)


def concept():
    broader = factories.ConceptFactory(labels={"en": "Broader", "mt": "Usa’", "pl": "+Szerszy"})
    factories.ConceptFactory(broader=broader, labels={"en": "=Narrow", "fr": "Étroit"}, position=7)


def participation():
    factories.ParticipationFactory()
    known = factories.ParticipationFactory(contribution="12345678901.25")
    Participation.objects.create(
        initiative=known.initiative, name="-A name alone", role="partner", source=known.source
    )
    Participation.objects.create(
        initiative=known.initiative, pic="123456789", role="partner", source=known.source
    )


def key_figure():
    factories.KeyFigureFactory(value="-9007199254740993.25", year=None)
    factories.KeyFigureFactory(rank=2, rank_scope="country", rank_of=16, qualifier="about")


def initiative():
    whole = factories.InitiativeFactory(name=TEXT.replace("\n", " "), rcn=12345)
    part = factories.InitiativeFactory(
        part_of=whole, end_date=datetime.date(2020, 2, 29), total_cost="0.10"
    )
    part.further_sources.set([factories.SourceFactory(slug="further")])


TABLES = {
    Organisation: organisation,
    Statement: statement,
    Region: region,
    Concept: concept,
    Participation: participation,
    KeyFigure: key_figure,
    Initiative: initiative,
    Sector: factories.SectorFactory,
    ClusterMembership: lambda: factories.ClusterMembershipFactory(since=1999),
    TeamMember: factories.TeamMemberFactory,
    Vocabulary: lambda: factories.VocabularyFactory(description=TEXT),
    Source: lambda: factories.SourceFactory(note=TEXT),
    Priority: lambda: factories.PriorityFactory(title="- a title", is_historic=True),
    Distinction: lambda: factories.DistinctionFactory(year=None, note=TEXT),
    Network: lambda: factories.NetworkFactory(description=TEXT),
    NetworkMembership: lambda: factories.NetworkMembershipFactory(note="@home", year=2001),
    RegionContact: lambda: factories.RegionContactFactory(website="https://example.org/"),
}


def test_every_table_with_import_is_here():
    found = {model for model, page in admin.site._registry.items() if isinstance(page, Exchange)}
    assert found == set(TABLES)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_what_is_exported_comes_back_unchanged(administrator, model, kind):
    TABLES[model]()
    data = export(administrator, model, kind)
    answer = preview(administrator, model, data, kind)
    assert answer.status_code == 200, said(answer)
    outcome = answer.context["outcome"]
    assert (outcome.new, outcome.changed, outcome.bad) == (0, 0, 0), outcome.changes
    assert outcome.unchanged >= 1
    assert "There is nothing to import." in said(answer)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_what_was_deleted_comes_back_from_its_export(administrator, model, kind):
    """A copy of the row, in all that the table shows, though its number is another one."""
    TABLES[model]()
    if model is Organisation:
        # a moderator's word is not imported
        model.objects.update(status="draft")
    rows = model.objects.filter(origin="declared") if model is Statement else model.objects
    row = rows.latest("pk")
    before, data = (export(administrator, model, each) for each in ("json", kind))
    if model in (Source, Vocabulary, Network):
        # other rows refer to it: it goes by another name instead
        key = "scheme" if model is Vocabulary else "slug"
        model.objects.filter(pk=row.pk).update(**{key: "renamed"})
    else:
        key = ""
        row.delete()
    import_rows(administrator, model, data, kind=kind)
    assert not model.objects.filter(pk=row.pk).exists() or key
    if key:
        assert model.objects.filter(pk=row.pk, **{key: "renamed"}).update(**{key: "zzz-old"})
    after = export(administrator, model, "json").splitlines()
    assert {line.strip(b",") for line in before.splitlines()} <= {
        line.strip(b",") for line in after
    }
