"""Files on the pages of the administration: previewed, refused with words, confirmed once."""

import json
import os

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.exchange import keeping
from initiatives.models import Initiative, Participation
from organisations.models import (
    ClusterMembership,
    Organisation,
    Statement,
    TeamMember,
)
from regions.models import Concept, Network, Region, Source
from tests import factories
from tests.config.admin.conftest import (
    address,
    body,
    confirm,
    export,
    import_rows,
    preview,
    said,
)

SOURCES = "slug,title,standing\n"


def staff(*permissions):
    user = factories.UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


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


def test_an_organisation_is_known_by_its_pic_too(administrator):
    made = factories.OrganisationFactory(pic="987654321")
    import_rows(administrator, Organisation, "pic,short_name\n987654321,Short\n")
    made.refresh_from_db()
    assert made.short_name == "Short"


def test_new_organisations_need_no_slug(administrator):
    """By the rule of the page where people register; the file says nothing twice, nor wrongly."""
    factories.OrganisationFactory(slug="lodz-lab", name="Another one")
    factories.OrganisationFactory(slug="another", pic="111111111")
    data = (
        "name,kind,country,pic\n"
        "Łódź Lab,company,PL,\n"
        "Register,sme,PL,\n"
        "Łódź LAB,company,FR,\n"
        "Новый центр,research,PL,\n"
        "Newly Numbered,research,PL,222222222\n"
    )
    factories.CountryFactory(code="PL")
    factories.CountryFactory(code="FR")
    answer = preview(administrator, Organisation, data)
    assert answer.status_code == 200, said(answer)
    assert answer.context["outcome"].new == 5
    assert "slug lodz-lab-2" in said(answer)
    confirm(administrator, Organisation, answer)
    made = Organisation.objects.filter(status="draft").values_list("slug", "name")
    assert set(made) == {
        ("lodz-lab-2", "Łódź Lab"),
        ("register-2", "Register"),
        ("lodz-lab-3", "Łódź LAB"),
        ("novyi-tsentr", "Новый центр"),
        ("newly-numbered", "Newly Numbered"),
    }
    again = preview(administrator, Organisation, data)
    assert again.context["outcome"].unchanged == 5
    assert not again.context["ticket"]


def test_what_a_row_without_a_slug_means_is_said_in_the_preview(administrator):
    poland, france = (factories.CountryFactory(code=code) for code in ("PL", "FR"))
    here = factories.OrganisationFactory(name="Same Name", country=poland, home_region=None)
    factories.OrganisationFactory(name="Numbered", pic="111111111", country=None, home_region=None)
    answer = preview(
        administrator,
        Organisation,
        "slug,pic,name,kind,country,city\n"
        ",,Same Name,company,PL,Tarnów\n"
        ",,Same Name,company,FR,Lyon\n"
        ",111111111,Renamed,company,,\n"
        ",333333333,Numbered,company,,\n",
    )
    outcome = answer.context["outcome"]
    assert (outcome.new, outcome.changed, outcome.bad) == (2, 2, 0), said(answer)
    found = [(each.row, each.is_new, each.found_by) for each in outcome.changes]
    assert found == [(2, False, "name"), (3, True, ""), (4, False, "pic"), (5, True, "")]
    words = said(answer)
    assert "found by its name" in words
    assert "slug; where it is empty or missing by pic, then by the same name unless" in words
    confirm(administrator, Organisation, answer)
    here.refresh_from_db()
    assert here.city == "Tarnów"
    assert Organisation.objects.get(name="Same Name", country=france).city == "Lyon"


def test_a_name_that_several_have_means_none_of_them(administrator):
    for number in range(2):
        factories.OrganisationFactory(name="Same Name", slug=f"same-{number}")
    data = "name,kind\nSame Name,company\nTwice,sme\nTwice,sme\n"
    answer = preview(administrator, Organisation, data)
    wrong = [(each.row, each.message) for each in answer.context["outcome"].wrong]
    assert wrong == [
        (2, "Several have this name: same-0, same-1. Write the slug of the one that you mean."),
        (4, "This is the same as row 3."),
    ]


def registered(name, **values):
    """A draft that a stranger registered by the form."""
    values = {"status": "draft", "home_region": None, "source": None} | values
    made = factories.OrganisationFactory(name=name, registered={"form": "x"}, **values)
    factories.TeamMemberFactory(organisation=made, role="owner")
    return made


@pytest.mark.parametrize("status", ["draft", "pending", "rejected", "archived"])
def test_no_name_leads_into_what_a_stranger_registered(administrator, status):
    poland = factories.CountryFactory(code="PL")
    theirs = registered("AGH University", country=poland, status=status)
    factories.SourceFactory(slug="official")
    import_rows(
        administrator,
        Organisation,
        "name,kind,country,description,pic,source\n"
        "AGH University,university,PL,Official words,999999999,official\n",
    )
    theirs.refresh_from_db()
    assert (theirs.description, theirs.pic, theirs.source) == ("", None, None)
    made = Organisation.objects.get(pic="999999999")
    assert (made.description, made.team.count()) == ("Official words", 0)


def test_the_draft_of_somebody_who_left_is_still_theirs(administrator):
    theirs = registered("AGH University")
    theirs.team.all().delete()
    answer = preview(administrator, Organisation, "name,kind\nAGH University,university\n")
    assert answer.context["outcome"].new == 1


def test_a_stranger_who_registers_a_name_stops_no_import(administrator):
    poland = factories.CountryFactory(code="PL")
    agh = factories.OrganisationFactory(name="AGH University", country=poland, home_region=None)
    registered("AGH University", country=poland)
    data = "name,country,short_name\nAGH University,PL,AGH\n"
    answer = preview(administrator, Organisation, data)
    assert answer.status_code == 200, said(answer)
    confirm(administrator, Organisation, answer)
    agh.refresh_from_db()
    assert agh.short_name == "AGH"


def test_a_pic_that_a_stranger_gave_leads_to_their_draft_by_its_slug_only(administrator):
    theirs = registered("Squatter", pic="999999999")
    answer = preview(administrator, Organisation, "pic,city\n999999999,Tarnów\n")
    (wrong,) = answer.context["outcome"].wrong
    assert wrong.message.startswith(f"{theirs.slug} has this pic, and nobody has verified it.")
    import_rows(administrator, Organisation, f"slug,pic,city\n{theirs.slug},999999999,Tarnów\n")
    theirs.refresh_from_db()
    assert theirs.city == "Tarnów"


def test_the_preview_says_what_was_found_without_a_slug(administrator):
    registered("Verified", pic="111111111", status="verified")
    factories.OrganisationFactory(name="Unclaimed", home_region=None)
    data = "pic,name,city\n111111111,Verified,Tarnów\n,Unclaimed,Tarnów\n"
    answer = preview(administrator, Organisation, data)
    found = [each.found_as for each in answer.context["outcome"].changes]
    assert found == ["verified, has a team", "verified"]
    assert "found by its pic (verified, has a team)" in said(answer)


@pytest.mark.parametrize(
    ("model", "header", "row", "slug"),
    [
        (Source, "title,standing", "Rapport Łódź,checked", "rapport-lodz"),
        (Network, "name,source", "A Network,known", "a-network"),
        (Initiative, "name,kind,source", "A Valley,hydrogen-valley,known", "a-valley"),
        (Region, "name,kind,country,nuts_units", "Małopolska,home,PL,PL21", "malopolska"),
    ],
)
def test_every_table_with_slugs_makes_them_of_names(administrator, model, header, row, slug):
    factories.SourceFactory(slug="known", title="Known")
    factories.CountryFactory(code="PL")
    factories.NutsUnitFactory(code="PL21", level=2)
    other = row.replace(row.split(",")[0], "Another", 1)
    for empty in (f"{header}\n{row}\n{other}\n", f"slug,{header}\n,{row}\n,{other}\n"):
        answer = preview(administrator, model, empty)
        assert (answer.status_code, answer.context["outcome"].bad) == (200, 0), said(answer)
        assert answer.context["outcome"].new == 2
    confirm(administrator, model, answer)
    assert model.objects.filter(slug=slug).exists()
    again = preview(administrator, model, f"{header}\n{row}\n{other}\n")
    assert again.context["outcome"].unchanged == 2


def test_a_thousand_rows_without_slugs_ask_a_few_times(
    administrator, django_assert_max_num_queries
):
    factories.OrganisationFactory(slug="name", name="Other")
    data = "name,kind,city\n" + "".join(f"Name,bad,{n}\n" for n in range(2))
    data += "".join(f"Name!{'!' * n},bad,x\n" for n in range(100))
    data += "".join(f"Name {n},bad,x\n" for n in range(900))
    with django_assert_max_num_queries(35):
        answer = preview(administrator, Organisation, data)
    assert answer.context["outcome"].bad == 1002


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


@pytest.mark.parametrize(
    ("permissions", "exports", "imports"),
    [
        (["view_source"], 200, 403),
        (["view_source", "change_source"], 200, 403),
        (["view_source", "add_source", "change_source"], 200, 200),
        (["view_region"], 403, 403),
    ],
)
def test_rights(db, permissions, exports, imports):
    factories.SourceFactory()
    client = staff(*permissions)
    assert client.get(address(Source, "export")).status_code == exports
    assert client.get(address(Source, "import")).status_code == imports
    assert client.post(address(Source, "process_import"), {"ticket": "x"}).status_code in (
        (400,) if imports == 200 else (403,)
    )
    if "view_source" in permissions:
        page = client.get(address(Source, "changelist")).content.decode()
        assert ("/import/" in page) is (imports == 200)
        assert "/export/" in page


def test_teams_are_for_superusers_alone(administrator):
    client = staff("view_teammember", "add_teammember", "change_teammember")
    assert client.get(address(TeamMember, "export")).status_code == 403
    assert client.get(address(TeamMember, "import")).status_code == 403
    assert administrator.get(address(TeamMember, "export")).status_code == 200


@pytest.mark.parametrize("persona", ["anonymous", "stranger", "editor"])
@pytest.mark.parametrize("page", ["import", "export", "process_import"])
def test_only_administrators_come_in(request, persona, page):
    answer = request.getfixturevalue(persona).post(address(Source, page))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_confirmation_is_no_get(administrator):
    assert administrator.get(address(Source, "process_import")).status_code == 405


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
