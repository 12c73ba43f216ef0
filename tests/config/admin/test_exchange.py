"""Files on the pages of the administration: previewed, refused with words, confirmed once."""

import json
import os

import pytest
from django.contrib.admin.models import LogEntry

from accounts.exchange import keeping
from initiatives.models import Participation
from organisations.models import (
    ClusterMembership,
    Organisation,
    Statement,
    TeamMember,
)
from regions.models import Concept, Region, Source
from tests import factories
from tests.config.admin.conftest import (
    address,
    body,
    confirm,
    export,
    import_rows,
    preview,
    said,
    staff,
)

SOURCES = "slug,title,standing\n"


def test_preview_stores_nothing_and_confirmation_stores_all(administrator):
    known = factories.SourceFactory(slug="known", title="Before")
    factories.SourceFactory(slug="same", title="Same")
    data = SOURCES + "known,After,checked\nsame,Same,checked\nfresh,Fresh,declared\n"
    answer = preview(administrator, Source, data, name="sources")
    outcome = answer.context["outcome"]
    assert (outcome.new, outcome.changed, outcome.unchanged, outcome.bad) == (1, 1, 1, 0)
    assert "Before → After" in said(answer)
    assert set(Source.objects.values_list("slug", flat=True)) == {"known", "same"}

    confirm(administrator, Source, answer)
    known.refresh_from_db()
    assert known.title == "After"
    assert Source.objects.get(slug="fresh").standing == "declared"
    logged = LogEntry.objects.values_list("object_repr", "action_flag", "user__email")
    assert set(logged) == {
        ("After", 2, "administrator@example.org"),
        ("Fresh", 1, "administrator@example.org"),
    }


def test_one_wrong_row_keeps_out_all_of_them_and_is_told_by_row_and_column(administrator):
    data = SOURCES + "good,Good,checked\nbad,Bad,guessed\nworse,,checked\n"
    answer = preview(administrator, Source, data)
    assert answer.status_code == 400
    wrong = [(each.row, each.column) for each in answer.context["outcome"].wrong]
    assert wrong == [(3, "standing"), (4, "title")]
    assert "“guessed” is none of these: presentation, checked, declared, illustrative" in said(
        answer
    )
    assert not answer.context["ticket"]
    assert not Source.objects.exists()


def test_the_words_of_constraints_are_those_of_the_page(administrator):
    organisation = factories.OrganisationFactory()
    for column, cell, words in (
        ("pic", "12", "A PIC has nine digits."),
        ("vat_number", "1234567890", "A VAT number starts with the two letters"),
        ("label", "gold", "Only a cluster has a label"),
        ("latitude", "50", "Give latitude and longitude together"),
    ):
        data = f"slug,{column}\n{organisation.slug},{cell}\n"
        answer = preview(administrator, Organisation, data)
        (wrong,) = answer.context["outcome"].wrong
        assert column in wrong.column.split(", ")
        assert words in wrong.message
    factories.OrganisationFactory(pic="123456789")
    data = f"slug,pic\n{organisation.slug},123456789\n"
    answer = preview(administrator, Organisation, data)
    (wrong,) = answer.context["outcome"].wrong
    assert (wrong.row, wrong.column) == (2, "pic")
    assert wrong.message == "Another row has this value already."


def test_the_same_row_twice_is_wrong(administrator):
    answer = preview(administrator, Source, SOURCES + "a,A,checked\na,B,checked\n")
    (wrong,) = answer.context["outcome"].wrong
    assert (wrong.row, wrong.message) == (3, "This is the same as row 2.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("publisher\nA\n", "These columns are missing: slug."),
        ("slug,nmae\na,A\n", "These columns are not known here: nmae."),
        ("", "The file is empty."),
        ("slug\n", "no rows"),
        (SOURCES.encode() + "a,Małopolska,checked\n".encode("cp1250"), "Windows-1250"),
        (b"slug,title\na,b\0c\n", "a character that cannot be used"),
    ],
)
def test_files_that_cannot_be_read_are_refused_on_the_page(administrator, data, words):
    answer = preview(administrator, Source, data)
    assert answer.status_code == 400
    assert words in said(answer)
    assert not Source.objects.exists()


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_what_is_no_workbook_and_no_json_is_refused_on_the_page(administrator, kind):
    answer = preview(administrator, Source, b"slug,title\na,b\n", kind=kind)
    assert answer.status_code == 400
    assert "The file is no" in said(answer) or "is no JSON" in said(answer)


def test_file_of_fifty_megabytes_is_refused_by_its_size(administrator, settings, monkeypatch):
    monkeypatch.setattr("accounts.exchange.admin.read", None)
    answer = preview(administrator, Source, b"x" * 50 * 1024 * 1024)
    assert answer.status_code == 400
    assert "The file has 50.0 MB, and may have 10.0 MB." in said(answer).replace("\xa0", " ")


def test_ten_thousand_bad_rows_are_counted_and_a_hundred_shown(
    administrator, django_assert_max_num_queries
):
    """Quickly: for what is wrong in itself the database is not asked."""
    data = "slug,title,standing\n" + "".join(f"s-{n},Title,bad\n" for n in range(10_000))
    with django_assert_max_num_queries(20):
        answer = preview(administrator, Source, data)
    assert answer.status_code == 400
    assert answer.context["outcome"].bad == 10_000
    assert len(answer.context["outcome"].wrong) == 100
    assert "10,000 rows are wrong" in said(answer)
    assert "The first 100 errors are shown." in said(answer)


def test_what_is_new_is_a_draft_and_no_file_decides_the_status(administrator):
    import_rows(administrator, Organisation, "slug,name,kind\nnew-one,New One,company\n")
    made = Organisation.objects.get(slug="new-one")
    assert made.status == "draft"
    for data in ("slug,status\nnew-one,verified\n", "slug,name,kind,status\nb,B,sme,verified\n"):
        answer = preview(administrator, Organisation, data)
        (wrong,) = answer.context["outcome"].wrong
        assert wrong.column == "status"
        assert "by moderation, not by an import" in wrong.message


def test_home_region_and_country_follow_the_nuts_3_unit(administrator):
    unit = factories.NutsUnitFactory(code="PL213", latitude=50.0, longitude=20.0)
    made = factories.OrganisationFactory(home_region=None, country=None)
    import_rows(administrator, Organisation, f"slug,nuts3\n{made.slug},PL213\n")
    made.refresh_from_db()
    assert (made.home_region, made.country) == (unit.home_region, unit.country)
    assert (made.latitude, made.longitude) == (50.0, 20.0)
    other = factories.RegionFactory(country=factories.CountryFactory(code="FR"))
    for data, column in (
        (f"slug,home_region\n{made.slug},{other.slug}\n", "home_region"),
        (f"slug,country\n{made.slug},FR\n", "country"),
        (f"slug,nuts3\n{made.slug},PL999\n", "nuts3"),
        (f"slug,website\n{made.slug},javascript:alert(1)\n", "website"),
        (f"slug,website\n{made.slug},ftp://example.org/\n", "website"),
        (f"slug,languages\n{made.slug},polish\n", "languages"),
        (f"slug,latitude\n{made.slug},north\n", "latitude"),
        (f"slug,name\n{made.slug},\n", "name"),
        (f"slug,is_illustrative\n{made.slug},perhaps\n", "is_illustrative"),
    ):
        answer = preview(administrator, Organisation, data)
        assert [each.column for each in answer.context["outcome"].wrong] == [column], data


def test_derived_statements_are_neither_shown_nor_touched(administrator):
    derived = factories.StatementEvidenceFactory().statement
    data = export(administrator, Statement, "json")
    assert json.loads(data) == []
    row = f"{derived.organisation.slug},{derived.role},{derived.concept.identifier},3\n"
    import_rows(administrator, Statement, f"organisation,role,concept,weight\n{row}")
    before = derived.weight
    derived.refresh_from_db()
    assert (derived.origin, derived.weight) == ("demonstrated", before)
    assert Statement.objects.get(origin="declared").weight == 3


def test_rules_of_clusters_teams_and_participations_hold(administrator):
    source = factories.SourceFactory()
    one, other = factories.OrganisationFactory.create_batch(2)
    answer = preview(
        administrator,
        ClusterMembership,
        f"cluster,member,source\n{one.slug},{other.slug},{source.slug}\n",
    )
    assert answer.context["outcome"].wrong[0].column == "cluster"

    owner = factories.TeamMemberFactory(organisation=one, role="owner")
    row = f"{one.slug},{owner.user.email},viewer\n"
    answer = preview(administrator, TeamMember, f"organisation,email,role\n{row}")
    assert (
        answer.context["outcome"].wrong[0].message == "This is the last owner of the organisation."
    )
    answer = preview(
        administrator, TeamMember, f"organisation,email,role\n{one.slug},x@example.org,viewer\n"
    )
    assert answer.context["outcome"].wrong[0].column == "email"

    invented = factories.OrganisationFactory(is_illustrative=True)
    real = factories.InitiativeFactory()
    answer = preview(
        administrator,
        Participation,
        "initiative,organisation,pic,name,role,source\n"
        f"{real.slug},{invented.slug},,,partner,{source.slug}\n",
    )
    assert answer.context["outcome"].wrong[0].column == "organisation"


def test_vocabulary_comes_in_with_its_hierarchy_and_never_in_a_circle(administrator):
    factories.VocabularyFactory(scheme="colours")
    factories.ConceptFactory(vocabulary__scheme="themes", code="other")
    head = "vocabulary,code,label_en,label_fr,broader\n"
    import_rows(
        administrator,
        Concept,
        head + "colours,red,Red,Rouge,\ncolours,crimson,Crimson,,colours:red\n",
    )
    red = Concept.objects.get(code="red")
    assert red.labels == {"en": "Red", "fr": "Rouge"}
    assert Concept.objects.get(code="crimson").broader == red
    for row, words in (
        ("colours,red,Red,,colours:crimson", "a circle"),
        ("colours,red,Red,,colours:red", "a circle"),
        ("colours,red,Red,,themes:other", "another vocabulary"),
        ("colours,blue,,Bleu,", "a label in English"),
    ):
        answer = preview(administrator, Concept, f"{head}{row}\n")
        assert answer.status_code == 400
        assert words in answer.context["outcome"].wrong[0].message


def test_history_says_who_imported_and_skips_what_is_unchanged(administrator):
    made, same = factories.RegionFactory.create_batch(2)
    before = Region.history.count()
    data = f"slug,capital\n{made.slug},Kraków\n{same.slug},{same.capital}\n"
    import_rows(administrator, Region, data, name="capitals")
    assert Region.history.count() == before + 1
    record = made.history.first()
    assert record.history_user == administrator.user
    assert record.history_change_reason == "Imported from capitals.csv"


def test_only_who_previewed_confirms_and_only_once(administrator):
    answer = preview(administrator, Source, SOURCES + "a,A,checked\n")
    other = staff("add_source", "change_source", "view_source")
    refused = confirm(other, Source, answer)
    assert refused.status_code == 400
    assert "no preview of yours" in said(refused)
    assert not Source.objects.exists()
    assert confirm(administrator, Source, answer).status_code == 302
    again = confirm(administrator, Source, answer)
    assert again.status_code == 400
    assert "imported already" in said(again)
    assert Source.objects.count() == 1


def test_a_preview_is_of_one_table_signed_and_young(administrator, monkeypatch):
    answer = preview(administrator, Source, SOURCES + "a,A,checked\n")
    ticket = answer.context["ticket"]
    for model, text in (
        (Region, ticket),
        (Source, ticket[:-2] + "xx"),
        (Source, ""),
        (Source, "{}"),
    ):
        refused = administrator.post(address(model, "process_import"), {"ticket": text})
        assert refused.status_code == 400
        assert "no preview of yours" in said(refused)
    monkeypatch.setattr(keeping, "LIFETIME", -1)
    assert "too old" in said(confirm(administrator, Source, answer))
    assert not Source.objects.exists()


def test_files_of_the_past_are_removed_and_kept_ones_are_private(administrator, settings):
    preview(administrator, Source, SOURCES + "a,A,checked\n")
    (kept,) = settings.IMPORT_DIR.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert settings.IMPORT_DIR.stat().st_mode & 0o077 == 0
    os.utime(kept, (0, 0))
    preview(administrator, Source, SOURCES + "b,B,checked\n")
    assert not kept.exists()


def test_what_changed_since_the_preview_is_previewed_again(administrator):
    made = factories.SourceFactory(slug="a", title="Before")
    answer = preview(administrator, Source, "slug,title\na,After\n")
    Source.objects.filter(pk=made.pk).update(title="Meanwhile")
    again = confirm(administrator, Source, answer)
    assert again.status_code == 400
    assert "the data changed since the preview" in said(again)
    assert "Meanwhile → After" in said(again)
    assert Source.objects.get().title == "Meanwhile"
    assert confirm(administrator, Source, again).status_code == 302
    assert Source.objects.get().title == "After"


def test_a_row_that_cannot_be_any_more_keeps_out_all_of_them(administrator):
    answer = preview(
        administrator, Organisation, "slug,name,kind,pic\nn,N,sme,111111111\nm,M,sme,\n"
    )
    factories.OrganisationFactory(pic="111111111", slug="taken")
    again = confirm(administrator, Organisation, answer)
    assert again.status_code == 400
    assert not Organisation.objects.filter(slug__in=["n", "m"]).exists()


def test_scripts_in_cells_are_text(administrator):
    answer = preview(administrator, Source, SOURCES + "<b>,<script>alert(1)</script>,checked\n")
    assert b"<script>alert" not in answer.content


def test_export_is_what_the_list_shows(administrator):
    factories.OrganisationFactory(name="One of them", status="draft")
    factories.OrganisationFactory(name="Another", status="verified")
    data = json.loads(export(administrator, Organisation, "json", status__exact="draft"))
    assert [row["name"] for row in data] == ["One of them"]
    data = json.loads(export(administrator, Organisation, "json", q="anoth"))
    assert [row["name"] for row in data] == ["Another"]
    refused = administrator.get(address(Organisation, "export"), {"home_region__exact": "x"})
    assert refused.status_code in (302, 400)


def test_export_takes_a_few_queries_however_many_rows(administrator, django_assert_max_num_queries):
    factories.OrganisationFactory.create_batch(30)
    with django_assert_max_num_queries(15):
        assert len(json.loads(export(administrator, Organisation, "json"))) == 30


def test_import_asks_a_few_queries_for_each_row_and_none_for_unchanged_ones(
    administrator, django_assert_max_num_queries
):
    factories.OrganisationFactory.create_batch(30)
    data = export(administrator, Organisation, "csv")
    with django_assert_max_num_queries(20 + 2 * 30):
        preview(administrator, Organisation, data)


def test_workbook_too_long_is_refused_with_words(administrator, settings):
    settings.EXPORT_MAX_XLSX_ROWS = 1
    factories.SourceFactory(slug="a")
    factories.SourceFactory(slug="b")
    answer = administrator.post(address(Source, "export"), {"kind": "xlsx"})
    assert answer.status_code == 400
    assert "choose CSV or JSON" in said(answer)
    Source.objects.filter(slug="b").delete()
    Source.objects.update(note="x" * 40_000)
    assert "too long for a cell" in said(
        administrator.post(address(Source, "export"), {"kind": "xlsx"})
    )


def test_exported_text_runs_in_no_spreadsheet(administrator):
    factories.SourceFactory(slug="a", title="=cmd|' /C calc'!A0", note="@SUM(1)")
    text = export(administrator, Source, "csv").decode()
    assert text.startswith("\ufeffslug,")
    assert ",'=cmd" in text
    assert ",'@SUM" in text


def test_pages_have_nothing_that_the_policy_forbids(administrator):
    factories.SourceFactory(slug="a")
    pages = [
        administrator.get(address(Source, "import")),
        administrator.get(address(Source, "export")),
        preview(administrator, Source, SOURCES + "a,New,checked\nb,B,checked\n"),
        preview(administrator, Source, SOURCES + "a,New,bad\n"),
    ]
    for page in pages:
        content = body(page).decode()
        assert " style=" not in content
        assert "<style" not in content
        assert "onclick=" not in content
        assert "<script>" not in content
