"""Lists of members as they come from spreadsheets, good and bad."""

import csv

import pytest

from organisations.clusters.reading import MOST_ROWS, Line, Unreadable, read

NAMES = "name;email;since\nŁódź Lab;a@example.org;2019\n"


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"], ids=str
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_separators_and_line_ends_are_recognised(codec, delimiter, newline):
    text = NAMES.replace(";", delimiter).replace("\n", newline)
    table = read(text.encode(codec))
    assert table.lines == [Line(2, name="Łódź Lab", email="a@example.org", since=2019)]
    assert table.faults == []


def test_quoted_cells_hold_separators_and_lines_are_counted_from_where_they_begin():
    table = read(b'name,email\n"A, B",a@example.org\n\n"C ""D""",\n')
    assert [(line.number, line.name) for line in table.lines] == [(2, "A, B"), (4, 'C "D"')]


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        ("name\nŁódź Śląsk\n", "cp1250", "Windows-1250"),
        ("name\nUniversité d'Évry\n", "latin-1", "Latin-1"),
    ],
)
def test_eight_bit_encodings_are_named_and_read_once_chosen(text, codec, named):
    with pytest.raises(Unreadable, match=named):
        read(text.encode(codec))
    chosen = "windows-1250" if codec == "cp1250" else "windows-1252"
    assert read(text.encode(codec), encoding=chosen).lines[0].name == text.split("\n")[1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"name\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10", "no text file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "no text file"),
        (b"name\n\x01\x02\xb3\xc4", "no text file"),
        (b"PK\x03\x04rest", "workbook"),
        (b"name,telephone,Fax\nA,1,2\n", "“telephone”, “fax”"),
        (b"name,name\nA,B\n", "twice"),
        (b"since\n2019\n", "needed"),
        (b'name\n"A\n', "Line 2"),
        (b'name\n"A" B\n', "Line 2"),
        (b"name\nA\0B\n", "cannot be used"),
        ("name\nA".encode("utf-16")[:-1], "encoding"),
    ],
)
def test_files_that_cannot_be_read_say_why(content, message):
    with pytest.raises(Unreadable, match=message):
        read(content)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("=cmd|' /C calc'!A0,,,", "formula"),
        ("@SUM(A1),,,", "formula"),
        ("A,12345,,", "nine digits"),
        ("A,,not an address,", "website"),
        ("A,,javascript://example.org,", "website"),
        ("A,,,20219", "four digits"),
        ("A,,,1812", "1900"),
        ("A,,,2999", "1900"),
        ("A,,,,more", "more cells"),
        (",,,2019", "Give a name"),
        ("A" * 301 + ",,,", "at most 300"),
        ('"A\nB",,,', "line break"),
    ],
)
def test_a_faulty_row_is_told_with_its_line(row, message):
    table = read(f"name,pic,website,since\nGood,,,\n{row}\n".encode())
    assert [line.name for line in table.lines] == ["Good"]
    assert [fault.number for fault in table.faults] == [3]
    assert message in table.faults[0].message


def test_a_row_tells_all_its_faults():
    table = read(b"name,pic,email\nA,1,b\n")
    assert len(table.faults) == 2


@pytest.mark.parametrize("limit", [1_000, 1_000_000])
def test_a_cell_of_any_length_is_refused(limit):
    """How long a cell may be is set for the whole process, and by others as well."""
    before = csv.field_size_limit(limit)
    try:
        faults = [fault.message for fault in read(b"name\n" + b"x" * 200_000).faults]
    except Unreadable as error:
        faults = [str(error)]
    finally:
        csv.field_size_limit(before)
    assert len(faults) == 1


def test_bad_rows_without_number_are_counted():
    table = read(("pic\n" + "x\n" * 10_000).encode())
    assert table.total == len(table.faults) == 10_000 > MOST_ROWS


@pytest.mark.parametrize("encoding", ["", "windows-1250", "windows-1252"])
def test_a_picture_is_no_text_in_any_encoding(encoding):
    with pytest.raises(Unreadable, match="no text file"):
        read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", encoding=encoding)


def test_a_fault_says_which_row_it_is_about():
    table = read(b"name,pic,email\nLab,12,\n,123456789,nobody\n=Sum,,\n,,nobody\n")
    assert [(fault.number, fault.called) for fault in table.faults] == [
        (2, "Lab"),
        (3, "123456789"),
        (4, "=Sum"),
        (5, "nobody"),
    ]
