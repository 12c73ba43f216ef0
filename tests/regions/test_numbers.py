"""Numbers as people write them in English, French and Polish."""

from decimal import Decimal

import pytest
from django.utils import translation

from regions.numbers import NoNumber, read_number, written_number


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "3500000", "3500000"),
        ("en", "3,500,000", "3500000"),
        ("en", "3,500,000.25", "3500000.25"),
        ("en", "3 500 000", "3500000"),
        ("en", "3,500", "3500"),
        ("en", "3.500", "3.5"),
        ("en", "1,5", "1.5"),
        ("en", "-0.3", "-0.3"),
        ("en", "−12", "-12"),
        ("en", ".5", "0.5"),
        ("fr", "3 500 000,25", "3500000.25"),
        ("fr", "3\u202f500\u00a0000", "3500000"),
        ("fr", "1,5", "1.5"),
        ("fr", "1.5", "1.5"),
        ("pl", "3.500.000,5", "3500000.5"),
        ("pl", "3.500.000", "3500000"),
        ("pl", "12'000", "12000"),
    ],
)
def test_what_is_read(language, text, value):
    with translation.override(language):
        assert read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ""),
        ("en", "many"),
        ("en", "1e9"),
        ("en", "NaN"),
        ("en", "12 %"),
        ("en", "1.2.3"),
        ("en", "35,00,000"),
        ("en", "3 50"),
        ("en", "1,234,5"),
        ("fr", "3.500"),
        ("pl", "3,5,0"),
        ("en", "5."),
        ("en", "٣"),
    ],
)
def test_what_is_no_number_or_could_be_two(language, text):
    with translation.override(language), pytest.raises(NoNumber):
        read_number(text)


@pytest.mark.parametrize("language", ["en", "fr", "pl"])
@pytest.mark.parametrize("value", ["3500000.25", "0.50", "15183.00", "-7", "1234.5", "12345678"])
def test_what_is_written_is_read_again(language, value):
    with translation.override(language):
        assert read_number(written_number(Decimal(value))) == Decimal(value)
