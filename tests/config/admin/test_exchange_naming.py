"""Rows of imports that have no slug: what they mean, and what they never do."""

import pytest

from initiatives.models import Initiative
from organisations.models import (
    Organisation,
)
from regions.models import Network, Region, Source
from tests import factories
from tests.config.admin.conftest import (
    confirm,
    import_rows,
    preview,
    said,
)

SOURCES = "slug,title,standing\n"


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
