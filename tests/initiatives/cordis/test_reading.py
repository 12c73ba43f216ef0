"""True line numbers, and damage that costs its own line alone."""

import gzip
import lzma

import pytest

from initiatives.cordis import reading, xz
from initiatives.cordis.errors import FolderError
from initiatives.cordis.reading import BadRecord, Record, Table, find

GOOD = b"1,one\n"


def read(path, columns=("id", "text"), delimiter=","):
    with Table(path, delimiter=delimiter, columns=columns) as table:
        return list(table)


def written(tmp_path, content, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_record_stands_at_the_line_where_it_begins(tmp_path):
    path = written(tmp_path, b'id,text\n1,"a\nb\n\nc"\n\n2,"say ""x"""\r\n3,d')

    assert read(path) == [
        Record(2, {"id": "1", "text": "a\nb\n\nc"}),
        Record(7, {"id": "2", "text": 'say "x"'}),
        Record(8, {"id": "3", "text": "d"}),
    ]


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.xz"])
def test_plain_and_compressed_files_are_found_and_read_alike(tmp_path, suffix):
    compress = {".csv": bytes, ".csv.gz": gzip.compress, ".csv.xz": lzma.compress}[suffix]
    written(tmp_path, compress(b"\xef\xbb\xbfid,text\n" + GOOD), f"table{suffix}")

    assert read(find(tmp_path, "table")) == [Record(2, {"id": "1", "text": "one"})]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,one,more", "it has 3 columns, the header 2"),
        (b"1", "it has 1 columns, the header 2"),
        (b"1,nu\0l", "it holds a NUL character"),
        (b"1,caf\xe9", "it is not valid UTF-8"),
        (b"1,a\rb", "new-line character seen in unquoted field"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_read(tmp_path, line, reason):
    path = written(tmp_path, b"id,text\n" + GOOD + line + b"\n" + b"2,two\n")

    first, bad, last = read(path)

    assert isinstance(bad, BadRecord)
    assert bad.line == 3
    assert reason in bad.reason
    assert (first.line, last.line, last.values["text"]) == (2, 4, "two")


@pytest.mark.parametrize("rest", [1, 3, 1_000])
def test_an_unclosed_quotation_mark_costs_its_own_line(tmp_path, rest):
    lines = b"".join(b"%d,good\n" % number for number in range(rest))
    path = written(tmp_path, b'id,text\n1,"never closed\n' + lines)

    bad, *good = read(path)

    assert bad.line == 2
    assert "a quotation mark is not closed" in bad.reason
    assert [record.line for record in good] == list(range(3, rest + 3))


def test_two_unclosed_quotation_marks_do_not_swallow_what_is_between(tmp_path):
    path = written(tmp_path, b'id,text\n1,"a\n2,b\n3,c\n4,"d\n5,e\n')

    records = read(path)

    assert [type(record) for record in records] == [BadRecord, Record, Record, BadRecord, Record]
    assert [record.line for record in records] == [2, 3, 4, 5, 6]


def test_an_inch_mark_is_no_quotation(tmp_path):
    path = written(tmp_path, b'id,text\n1,12" pipe\n2,two\n')

    assert [record.values["text"] for record in read(path)] == ['12" pipe', "two"]


def test_a_file_cut_off_in_compression_keeps_what_was_read(tmp_path):
    whole = gzip.compress(b"id,text\n" + b"".join(b"%d,%x\n" % (n, n * n) for n in range(50_000)))
    path = written(tmp_path, whole[: len(whole) // 2], "table.csv.gz")

    *records, bad = read(path)

    assert len(records) > 10_000
    assert isinstance(bad, BadRecord)
    assert bad.reason.startswith("the file ends here")


def test_missing_columns_are_named(tmp_path):
    path = written(tmp_path, b"id,other\n")

    with pytest.raises(FolderError, match=r"table.csv lacks the columns text, more\."):
        read(path, columns=["id", "text", "more"])


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bnot gzip"])
def test_an_empty_or_damaged_file_is_named(tmp_path, content):
    with pytest.raises(FolderError, match=r"table\.csv\.gz"):
        read(written(tmp_path, content, "table.csv.gz"))


@pytest.fixture
def short_lines(monkeypatch):
    """No line longer than 100 bytes."""
    monkeypatch.setattr(reading, "LONGEST_LINE", 100)


@pytest.mark.parametrize("length", [101, 1_000])
def test_a_line_too_long_is_named_and_the_next_is_read(tmp_path, short_lines, length):
    path = written(tmp_path, b"id,text\n" + GOOD + b"2," + b"a" * length + b"\n3,three\n")

    first, bad, last = read(path)

    assert (bad.line, bad.reason) == (3, "the line is longer than 100 bytes")
    assert (first.line, last.line, last.values["text"]) == (2, 4, "three")


def test_a_line_too_long_within_quotation_marks_costs_what_it_is_part_of(tmp_path, short_lines):
    path = written(tmp_path, b'id,text\n1,"a\nb\n' + b"c" * 500 + b'\nd"\n5,five\n')

    *bad, good = read(path)

    assert [record.line for record in bad] == [2, 3, 4, 5]
    assert bad[2].reason == "the line is longer than 100 bytes"
    assert good == Record(6, {"id": "5", "text": "five"})


def test_a_line_too_long_at_the_end_of_the_file(tmp_path, short_lines):
    assert [type(record) for record in read(written(tmp_path, b"id,text\n" + b"a" * 300))] == [
        BadRecord
    ]


def test_a_header_too_long_is_named(tmp_path, short_lines):
    with pytest.raises(FolderError, match="longer than 100 bytes"):
        read(written(tmp_path, b"id,text" * 50 + b"\n" + GOOD))


def test_joined_lines_have_a_bound_together(tmp_path, short_lines):
    path = written(tmp_path, b'id,text\n1,"' + b"a" * 60 + b"\n" + b"2,b\n" * 60 + b'9,"c"\n')

    bad, *good = read(path)

    assert bad.line == 2
    assert len(good) == 61


def test_a_file_cut_off_within_quotation_marks_is_reported(tmp_path):
    content = b'id,text\n1,one\n2,"' + b"".join(b"%d\n" % (n * n) for n in range(300))
    whole = gzip.compress(content)
    path = written(tmp_path, whole[:-40], "table.csv.gz")

    records = read(path)

    assert records[0] == Record(2, {"id": "1", "text": "one"})
    assert records[1].line == 3
    assert records[-1].reason.startswith("the file ends here")


def test_xz_may_hold_several_streams_with_zeros_between(tmp_path):
    streams = [lzma.compress(part) for part in (b"id,text\n", GOOD, b"2,two\n")]
    path = written(tmp_path, (b"\0" * 70_000).join(streams) + b"\0\0\0\0", "table.csv.xz")

    assert [record.line for record in read(path)] == [2, 3]


def test_xz_that_asks_for_too_much_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xz, "MOST_MEMORY", 2**20)
    path = written(tmp_path, lzma.compress(b"id,text\n" + GOOD), "table.csv.xz")

    with pytest.raises(FolderError, match=r"table\.csv\.xz cannot be read: .*limit"):
        read(path)


@pytest.mark.parametrize("damage", [lambda whole: whole[:-30], lambda whole: whole + b"not xz"])
def test_damaged_xz_keeps_what_was_read(tmp_path, damage):
    whole = lzma.compress(b"id,text\n" + b"".join(b"%d,%x\n" % (n, n * n) for n in range(50_000)))
    path = written(tmp_path, damage(whole), "table.csv.xz")

    *records, bad = read(path)

    assert len(records) > 10_000
    assert bad.reason.startswith("the file ends here")
