"""Files that cannot be read are refused with a word that says why, and those that can, exactly."""

import io
import json
import zipfile

import pytest

from accounts.exchange.escaping import escape_formulae, unescape_formulae
from accounts.exchange.reading import Unreadable, read
from tests.config.admin.conftest import workbook

TABLE = "slug,name\none,Małopolska\n"


def refused(data, kind="csv", encoding="utf-8"):
    with pytest.raises(Unreadable) as error:
        read(data if isinstance(data, bytes) else data.encode(), kind=kind, encoding=encoding)
    return str(error.value)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode(), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8"),
        (TABLE.replace(",", ";").encode(), "utf-8"),
        (TABLE.replace(",", "\t").encode(), "utf-8"),
        (TABLE.replace("\n", "\r\n").encode(), "utf-8"),
        (TABLE.encode("windows-1250"), "windows-1250"),
        (TABLE.encode("utf-16"), "utf-16"),
        (b"slug,name\none,Ma\xc5\x82opolska\n\n,\n", "utf-8"),
    ],
)
def test_what_is_told_rightly_is_read_exactly(data, encoding):
    sheet = read(data, kind="csv", encoding=encoding)
    assert (sheet.headers, sheet.rows) == (["slug", "name"], [["one", "Małopolska"]])
    assert sheet.numbers == [2]


def test_windows_1250_taken_for_utf_8_is_refused_and_named():
    message = refused(TABLE.encode("windows-1250"))
    assert "not in UTF-8: see line 2" in message
    assert "Windows-1250" in message
    assert "Małopolska" in message


def test_latin_1_taken_for_utf_8_is_refused_and_named():
    message = refused("slug,name\none,Île-de-France Évry\n".encode("latin-1"))
    assert "Windows-1252 or Latin-1" in message
    assert "Île-de-France Évry" in message


def test_polish_letters_never_become_western_ones():
    message = refused(TABLE.encode("windows-1250"), encoding="windows-1252")
    assert "Ma³opolska" in message
    assert "Windows-1250" in message


@pytest.mark.parametrize("encoding", ["windows-1250", "windows-1252"])
def test_utf_8_taken_for_another_encoding_is_refused(encoding):
    assert "in UTF-8" in refused(TABLE, encoding=encoding)


def test_utf_16_and_its_absence_are_named():
    assert "UTF-16" in refused(TABLE.encode("utf-16"))
    assert "byte order mark" in refused(TABLE, encoding="utf-16")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n", "no row of headers"),
        (b"slug,name\n", "no rows"),
        (b"slug,,name\na,b,c\n", "Column 2 has no header"),
        (b"slug,slug\na,b\n", "twice: slug"),
        (b'slug,name\na,"open\n', "Line 2 is no CSV"),
        ("slug,name\na,lost �\n", "letters were lost"),
        (b"PK\x03\x04rest", "Excel workbook"),
    ],
)
def test_csv_that_is_none(data, words):
    assert words in refused(data)


def test_rows_of_another_width_and_with_odd_characters_are_wrong_by_number():
    sheet = read(b"slug,name\na\nb,x\nc,nul\0here\nd,x,y\n", kind="csv")
    assert sheet.rows == [["b", "x"]]
    assert sheet.numbers == [3]
    assert [number for number, _message in sheet.wrong] == [2, 4, 5]
    assert "“name”" in sheet.wrong[1][1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "Line 1 is no JSON"),
        ('{"slug": "a"}', "list of objects"),
        ("[1]", "list of objects"),
        ("[]", "no rows"),
        ('[{"slug": "a"}, {"name": "b"}]', "Row 2 has other columns than row 1: name, slug"),
        ('[{"slug": ["a"]}]', "no text or number"),
        ('[{"slug": NaN}]', "no number"),
        ("[" * 100_000, "no JSON"),
        ("", "empty"),
    ],
)
def test_json_that_is_none(data, words):
    assert words in refused(data, "json")


def test_json_keeps_every_digit_and_refuses_halves_of_characters():
    digits = "1" * 5_000
    sheet = read(f'[{{"a": {digits}, "b": 0.10, "c": null, "d": true}}]'.encode(), kind="json")
    assert sheet.rows == [[digits, "0.10", "", "true"]]
    half = read(json.dumps([{"a": "\ud800"}]).encode(), kind="json")
    assert half.wrong[0][0] == 1


@pytest.mark.parametrize(
    "data", [b"no zip", b"PK\x03\x04 no zip either", b"PK\x05\x06" + b"\0" * 18]
)
def test_workbook_that_is_none(data):
    assert "no Excel workbook" in refused(data, "xlsx")


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_workbook_that_unpacks_to_too_much_is_not_unpacked(settings):
    settings.IMPORT_MAX_BYTES = 100_000
    bomb = zipped(**{"xl/workbook.xml": b"0" * 2_000_000})
    assert len(bomb) < settings.IMPORT_MAX_BYTES
    assert "unpacks to more" in refused(bomb, "xlsx")


def test_damaged_workbook_is_refused():
    assert "no workbook" in refused(zipped(**{"xl/workbook.xml": b"<broken"}), "xlsx")


def test_formulas_in_a_workbook_are_refused_where_they_are():
    message = refused(workbook([["slug", "name"], ["a", "=1+1"]]), "xlsx")
    assert "Row 2, column B holds a formula" in message


def test_numbers_of_a_workbook_become_plain_text():
    sheet = read(workbook([["a", "b", "c"], [999999999.0, True, 0.25], ["x"]]), kind="xlsx")
    assert sheet.rows == [["999999999", "true", "0.25"], ["x", "", ""]]


def test_too_many_rows_and_columns_and_too_large_a_file(settings):
    settings.IMPORT_MAX_ROWS = 3
    assert "more than 3 rows" in refused("slug\n" + "x\n" * 4)
    assert read(b"slug\nx\nx\nx\n", kind="csv").numbers == [2, 3, 4]
    assert "columns" in refused(workbook([["x"] * 201, ["x"] * 201]), "xlsx")
    settings.IMPORT_MAX_BYTES = 10
    assert "10\xa0bytes" in refused(TABLE)


@pytest.mark.parametrize(
    "text", ["", "a", "=1", "'=1", "''=1", "'", "'a", "+1", "-1", "@a", "\tx", "\rx", "a=1", "''"]
)
def test_escaping_of_formulas_is_undone_exactly(text):
    escaped = escape_formulae(text)
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescape_formulae(escaped) == text
