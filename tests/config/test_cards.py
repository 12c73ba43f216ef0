"""Pictures of dossiers: their size, their letters, and for whom there is none."""

import io
import threading

import pytest
from PIL import Image

from config.cards import drawing
from config.cards.drawing import Card, fitting, png
from organisations.models import Organisation
from tests.factories import InitiativeFactory, OrganisationFactory, RegionFactory

PLAIN = Card(site="Regions Meet", kind="Region", name="Małopolska", place="Polska")


def picture(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


@pytest.fixture
def world(db):
    RegionFactory(slug="north", name="Θεσσαλία")
    RegionFactory(slug="east", name="Łódzkie")
    OrganisationFactory(slug="lab", name="Laboratorium")
    InitiativeFactory(slug="valley", name="Valley")


@pytest.mark.parametrize(
    "path", ["region/north", "regions/north/east", "organisation/lab", "initiative/valley"]
)
def test_every_kind_has_a_picture(anonymous, world, path):
    answer = anonymous.get(f"/cards/{path}.png")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert "public" in answer.headers["Cache-Control"]
    assert picture(answer.content).size == drawing.SIZE
    again = anonymous.get(f"/cards/{path}.png", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    "path", ["region/none", "regions/north/none", "regions/north/north", "organisation/none"]
)
def test_of_what_is_not_there_there_is_none(anonymous, world, path):
    assert anonymous.get(f"/cards/{path}.png").status_code == 404


@pytest.mark.parametrize("status", set(Organisation.Status) - {Organisation.Status.VERIFIED})
def test_of_what_is_not_public_there_is_none_even_for_its_team(editor, organisation, status):
    Organisation.objects.filter(pk=organisation.pk).update(status=status)
    assert editor.get("/cards/organisation/agh-university.png").status_code == 404


def test_the_language_of_the_page_is_that_of_the_picture(anonymous, world):
    tags = {
        anonymous.get(f"/cards/region/north.png?lang={code}").headers["ETag"]
        for code in ("en", "fr", "pl")
    }
    assert len(tags) > 1


def test_a_changed_name_is_another_picture(anonymous, world):
    before = anonymous.get("/cards/organisation/lab.png").headers["ETag"]
    Organisation.objects.filter(slug="lab").update(name="Other")
    assert anonymous.get("/cards/organisation/lab.png").headers["ETag"] != before


def test_letters_of_every_alphabet_of_europe_are_drawn():
    """A letter that the font lacks is drawn like any other that it lacks."""
    letters = "ąłŻéßñøăŐőΩθЖя"
    drawn = {png(Card(site="", kind="", name=letter, place="")) for letter in (*letters, "\ue000")}
    assert len(drawn) == len(letters) + 1


@pytest.mark.parametrize(
    "name", ["x" * 400, "Long " * 80, "W" * 60, '#sys.inputs *bold* $x$ `x` \\ "', "", "٣ عربى 🚀"]
)
def test_any_name_is_words_that_fit(name):
    drawn = picture(png(Card(site="Regions Meet", kind="Kind", name=name, place="Place")))
    assert drawn.size == drawing.SIZE
    right = drawn.crop((1140, 0, 1200, 630))
    assert right.getcolors() == [(60 * 630, drawn.getpixel((5, 5)))], "the margin is free"


def test_long_words_may_break_and_long_names_end():
    assert fitting("a" * 50) == f"{'a' * 24}\u200b{'a' * 24}\u200baa"
    assert len(fitting("word " * 100)) <= drawing.LONGEST
    assert fitting("two\n  lines") == "two lines"


def test_a_picture_is_drawn_once(monkeypatch):
    first = png(PLAIN)
    monkeypatch.setattr(drawing, "_drawn", lambda card: pytest.fail("drawn again"))
    assert png(PLAIN) == first


def test_those_who_ask_for_too_many_are_asked_to_wait(anonymous, world, monkeypatch):
    monkeypatch.setattr(drawing, "_drawing", threading.BoundedSemaphore(1))
    monkeypatch.setattr(drawing, "WAIT_SECONDS", 0.01)
    with drawing._drawing:
        answer = anonymous.get("/cards/region/north.png")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "no-store" in answer.headers["Cache-Control"]
