"""The briefing as a page, as JSON and as a PDF: the same facts, and what may go wrong."""

import json
import re
import threading

import pytest
from django.core.cache import caches
from django.test import Client

from matching import index
from matching.briefing import briefing, pdf
from matching.briefing.as_json import briefing_as_json
from matching.briefing.document import document
from matching.views.briefings import PdfThrottle
from tests.factories import (
    InitiativeFactory,
    InitiativeRegionFactory,
    KeyFigureFactory,
    OrganisationFactory,
    RegionContactFactory,
    RegionFactory,
)

PAGE = "/regions/malopolska/with/auvergne-rhone-alpes/"
JSON = "/regions/malopolska/with/auvergne-rhone-alpes.json"
PDF = "/regions/malopolska/with/auvergne-rhone-alpes.pdf"

HOSTILE = '#read("/etc/passwd") *b* $x$ \\ `c` <l> @r _i_ [x] #{1} </svg> <script>'


@pytest.fixture(autouse=True)
def nothing_kept():
    for name in ("documents", "process"):
        caches[name].clear()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def strings(value):
    """Every text in nested lists and dicts."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def test_page_data_and_document_say_the_same(anonymous, world, valley):
    figure = KeyFigureFactory(region=world.malopolska, year=2015)
    RegionContactFactory(region=world.ara, office="Department of Europe")

    page = anonymous.get(PAGE)
    answer = anonymous.get(JSON).json()
    printed = document(page.context["briefing"], address="https://example.org/")

    text, printed_text = words(page), " ".join(strings(printed))
    assert [item["name"] for item in answer["open_initiatives"]] == ["Open valley"]
    for item in [
        *(topic["title"] for topic in answer["agenda"]),
        *(one["name"] for pair in answer["pairs"] for one in pair["organisations"]),
        *(item["reasons"][0]["text"] for item in answer["open_initiatives"]),
        answer["open_initiatives"][0]["lead"]["name"],
        answer["shared_priorities"][0]["label"],
        answer["sides"][1]["contacts"][0]["office"],
        str(figure.indicator),
        figure.source.title,
        "as of 2015",
    ]:
        assert item in text
        assert item in printed_text
    assert answer["figures"][0]["values"][0]["source"] in {s["slug"] for s in answer["sources"]}
    assert [value["region"] for value in answer["figures"][0]["values"]] == ["malopolska"]


def test_the_endpoint_and_the_file_are_one(anonymous, world, valley):
    api = anonymous.get("/api/v1/regions/malopolska/fit/auvergne-rhone-alpes/")
    assert api.json() == anonymous.get(JSON).json()


def test_either_order_tells_the_same(anonymous, world, valley):
    there = anonymous.get(JSON).json()
    back = anonymous.get("/regions/auvergne-rhone-alpes/with/malopolska.json").json()
    assert there["score"] == back["score"]
    assert [t["title"] for t in there["agenda"]] == [t["title"] for t in back["agenda"]]
    assert there["open_initiatives"] == back["open_initiatives"]
    assert there["sides"] == back["sides"][::-1]
    assert [p["score"] for p in there["pairs"]] == [p["score"] for p in back["pairs"]]


@pytest.mark.parametrize("address", [JSON, PDF])
def test_what_did_not_change_is_not_sent_again(anonymous, world, address):
    first = anonymous.get(address)
    again = anonymous.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    KeyFigureFactory(region=world.ara)
    assert anonymous.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_pdf_is_a_tagged_file_named_after_the_two(anonymous, world, valley):
    page = anonymous.get(PDF)
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"] == (
        'attachment; filename="malopolska-auvergne-rhone-alpes.pdf"'
    )
    assert page.content.startswith(b"%PDF-1.7")
    for part in (b"/Lang(en)", b"/StructTreeRoot", b"pdfuaid:part", b"/MediaBox[0 0 595"):
        assert part in page.content
    assert "Małopolska with Auvergne-Rhône-Alpes".encode() in page.content  # its title


def test_the_pdf_speaks_the_readers_language(world):
    french = Client(headers={"Accept-Language": "fr"}).get(PDF)
    assert b"/Lang(fr)" in french.content


def everything_hostile(world):
    for row in (world.malopolska, world.ara):
        row.name = HOSTILE[:110]
        row.save()
    for row in (world.lab, world.maker):
        row.name = HOSTILE
        row.save()
    made = InitiativeFactory(kind="alliance", name=HOSTILE, start_date=None, end_date=None)
    InitiativeRegionFactory(initiative=made, region=world.malopolska)
    KeyFigureFactory(region=world.ara, note=HOSTILE)


def test_names_are_text_and_never_markup(anonymous, world, valley):
    everything_hostile(world)
    index.build()
    assert anonymous.get(PAGE).status_code == 200
    content = document(briefing(a=world.malopolska, b=world.ara), address="https://example.org/")
    assert HOSTILE in strings(content)
    made = pdf.as_pdf(content)
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid:part" in made  # no fall-back was needed


def test_the_template_holds_no_other_way_in():
    """Nothing evaluates text or reads files, and data is looked at in one place alone."""
    template = pdf.TEMPLATE.read_text()
    assert template.count("sys.inputs") == 2  # in the comment, and where it is read
    assert not re.search(r"\beval\b|\bread\(|\binclude\b|#import|\bplugin\b|mode:", template)


@pytest.mark.parametrize(
    ("text", "is_standard"),
    [("Łódź Œuvre Θεσσαλονίκη Благоевград čőğțı", True), ("東京 🚀 مدينة", False)],
)
def test_names_of_any_alphabet(world, text, is_standard):
    world.malopolska.name = text
    world.malopolska.save()
    content = document(briefing(a=world.malopolska, b=world.ara), address="https://example.org/")
    made = pdf.as_pdf(content)
    assert made.startswith(b"%PDF-")
    assert (b"pdfuaid:part" in made) == is_standard


def test_regions_of_which_nothing_is_known(anonymous, db, index_folder):
    index.build()
    for slug in ("one", "two"):
        RegionFactory(slug=slug)
    assert anonymous.get("/regions/one/with/two.pdf").content.startswith(b"%PDF-")
    assert "Too little is on record to suggest a topic." in words(
        anonymous.get("/regions/one/with/two/")
    )
    answer = anonymous.get("/regions/one/with/two.json").json()
    assert (answer["agenda"], answer["agenda_is_short"], answer["open_initiatives"]) == (
        [],
        True,
        [],
    )


@pytest.mark.parametrize("ending", ["/", ".json", ".pdf"])
def test_a_region_that_does_not_exist_is_a_404(anonymous, world, ending):
    assert anonymous.get(f"/regions/malopolska/with/nowhere{ending}").status_code == 404
    assert anonymous.get(f"/regions/nowhere/with/malopolska{ending}").status_code == 404


def test_one_region_twice(anonymous, world):
    page = anonymous.get("/regions/malopolska/with/malopolska.pdf")
    assert "This is Małopolska twice." in words(page)
    assert anonymous.get("/regions/malopolska/with/malopolska.json").status_code == 400


def test_without_an_index_it_is_said_that_it_comes(anonymous, db, index_folder):
    for slug in ("one", "two"):
        RegionFactory(slug=slug)
    assert "Suggestions are being prepared." in words(anonymous.get("/regions/one/with/two/"))
    for ending in (".json", ".pdf"):
        page = anonymous.get(f"/regions/one/with/two{ending}")
        assert page.status_code == 503
        assert page["Retry-After"]


def test_a_compilation_that_fails_is_a_friendly_503(anonymous, world, monkeypatch, tmp_path):
    broken = tmp_path / "briefing.typ"
    broken.write_text('#panic("no")')
    monkeypatch.setattr(pdf, "TEMPLATE", broken)
    page = anonymous.get(PDF)
    assert page.status_code == 503
    assert page["Retry-After"] == "30"
    assert "The PDF could not be made just now." in words(page)


def test_a_compilation_that_does_not_end_is_ended(monkeypatch, tmp_path):
    endless = tmp_path / "briefing.typ"
    endless.write_text("#for i in range(100000) { for j in range(100000) {} }")
    monkeypatch.setattr(pdf, "TEMPLATE", endless)
    with pytest.raises(pdf.NotSet, match="took longer"):
        pdf.compiled({"made_on": "2026-01-01"}, seconds=1)


def test_a_compilation_that_takes_too_much_memory_fails_alone(tmp_path, monkeypatch):
    hungry = tmp_path / "hungry.typ"
    hungry.write_text("#let many = range(200000000)\n#many.len()\n")
    monkeypatch.setattr(pdf, "TEMPLATE", hungry)
    with pytest.raises(pdf.NotSet, match="memory"):
        pdf.compiled({"made_on": "2026-01-01"})


def test_the_compiler_reads_no_file(monkeypatch, tmp_path):
    reading = tmp_path / "briefing.typ"
    reading.write_text('#read("/etc/hostname")')
    monkeypatch.setattr(pdf, "TEMPLATE", reading)
    with pytest.raises(pdf.NotSet, match="not found"):
        pdf.compiled({"made_on": "2026-01-01"})


def test_only_so_many_at_once(world, monkeypatch):
    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(pdf, "_turns", full)
    monkeypatch.setattr(pdf, "WAIT", 0.01)
    with pytest.raises(pdf.NotSet, match="at once"):
        pdf.as_pdf(document(briefing(a=world.malopolska, b=world.ara), address=""))


def test_the_same_content_is_compiled_once(anonymous, world, monkeypatch):
    first = anonymous.get(PDF)
    monkeypatch.setattr(pdf, "compiled", None)
    assert anonymous.get(PDF).content == first.content


def test_unknown_readers_are_slowed_down(anonymous, world, monkeypatch):
    monkeypatch.setattr(PdfThrottle, "THROTTLE_RATES", {"pdf": "1/min"})
    assert anonymous.get(PDF).status_code == 200
    page = anonymous.get(PDF)
    assert page.status_code == 429
    assert 1 <= int(page["Retry-After"]) <= 61


def test_the_page_stays_within_its_budget(anonymous, world, valley, connection_queries):
    KeyFigureFactory(region=world.ara, year=2000)
    one = connection_queries(anonymous, PAGE)
    for number in range(8):
        made = InitiativeFactory(
            kind="alliance", name=f"Alliance {number}", start_date=None, end_date=None
        )
        InitiativeRegionFactory(initiative=made, region=world.ara)
        OrganisationFactory(home_region=world.ara)
        KeyFigureFactory(region=world.ara, year=2001 + number)
    assert connection_queries(anonymous, PAGE) == one <= 62


def test_json_is_made_of_plain_values(world, valley):
    json.dumps(briefing_as_json(briefing(a=world.malopolska, b=world.ara)))
