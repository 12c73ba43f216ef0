"""Single values: what is taken, what is refused, and why."""

from datetime import date
from decimal import Decimal

import pytest

from initiatives.cordis import values
from initiatives.cordis.errors import RowError


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("NA", None),
        ("71429", Decimal("71429.00")),
        ("22542,5", Decimal("22542.50")),
        ("528340.97", Decimal("528340.97")),
        ("0", Decimal("0.00")),
    ],
)
def test_amounts_with_point_or_comma(value, expected):
    assert values.amount(value, "cost") == expected


@pytest.mark.parametrize(
    "value", ["-1", "1e6", "NaN", "Infinity", "1.234,5", "12 000", "1000000000000", "euro", "1_0"]
)
def test_other_amounts_are_refused(value):
    with pytest.raises(RowError, match="cost"):
        values.amount(value, "cost")


@pytest.mark.parametrize("value", ["2016-01-31", "2016-01-31 10:00:00"])
def test_dates(value):
    assert values.day(value, "start") == date(2016, 1, 31)


@pytest.mark.parametrize("value", ["31/01/2016", "2016-02-30", "2016", "0001-01-01", "9999-12-31"])
def test_broken_dates_are_refused(value):
    with pytest.raises(RowError, match="start"):
        values.day(value, "start")


@pytest.mark.parametrize(
    "value", ["12345678", "1234567890", "12345678a", "１２３４５６７８９", "", "NA"]
)
def test_a_pic_has_nine_digits(value):
    with pytest.raises(RowError, match="pic"):
        values.pic(value, "pic")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("www.exemple.org", "http://www.exemple.org"),
        ("HTTPS://exemple.org/a?b", "https://exemple.org/a?b"),
        ("http://www.müller.de", "http://www.müller.de"),
    ],
)
def test_web_addresses(value, expected):
    assert values.website(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "not a url",
        "javascript:alert(1)",
        "ftp://exemple.org",
        "mailto:office@exemple.org",
        "http://user@exemple.org",
        "http://localhost",
        "http://[::1",
        "http://exemple.org:port",
        "http://" + "a" * 300 + ".org",
        "-",
    ],
)
def test_what_is_no_web_address_is_refused(value):
    with pytest.raises(RowError, match="is not a web address"):
        values.website(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Elcogenâ€™s", "Elcogen’s"),
        ("Î±-Fe2O3", "α-Fe2O3"),
        ("UniversitÃ© de Lyon", "Université de Lyon"),
        ("Fundação Gulbenkian", "Fundação Gulbenkian"),
        ("Ærø Kommune, ÅÄÖ", "Ærø Kommune, ÅÄÖ"),
        ("Śląskie Środowisko", "Śląskie Środowisko"),
    ],
)
def test_twice_encoded_text_is_mended_and_real_text_stays(value, expected):
    assert values.mended(value) == expected


def test_text_on_one_line_has_no_control_characters():
    assert values.one_line(" A\tB\n C\x7f  e\u0301 ") == "A B C é"


@pytest.mark.parametrize("pair", [("91", "0"), ("0", "181"), ("north", "east"), ("1", "")])
def test_coordinates_are_degrees(pair):
    with pytest.raises(RowError):
        values.coordinates(*pair)


@pytest.mark.parametrize("value", ["1", "2147483647", "000000000001"])
def test_record_numbers(value):
    assert values.number(value, "rcn") == int(value)


@pytest.mark.parametrize(
    "value",
    ["", "0", "-1", "1.5", "١٢", "2147483648", "0000000000019999999999", "9" * 5_000],
)
def test_what_is_no_record_number_is_refused(value):
    with pytest.raises(RowError, match="rcn"):
        values.number(value, "rcn")


def test_a_terminal_gets_no_control_characters():
    assert values.shown("\x1b[2J\x9b\u202e\ud800é ") == r"“\x1b[2J\x9b\u202e\ud800é ”"


@pytest.mark.parametrize("clean", [values.one_line, values.paragraphs])
def test_text_has_no_unseen_characters(clean):
    assert clean("\ufeffA\u202eB\u2066 e\u200b\u0301\x1b\ud800 Ł\u00adódź") == "AB é Łódź"


def test_paragraphs_keep_their_lines():
    assert values.paragraphs("one\r\ntwo\r\u200bthree") == "one\ntwo\nthree"
