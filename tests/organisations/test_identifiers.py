"""PIC and VAT numbers."""

import pytest
from django.core.exceptions import ValidationError

from organisations.identifiers import pic_of, vat_number_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("pl 123-456-78-90", "PL1234567890"),
        ("FR 12 345678901", "FR12345678901"),
        ("GR123456789", "EL123456789"),
        ("NL123456789B01", "NL123456789B01"),
        ("ATU12345678", "ATU12345678"),
        ("CHE-123.456.789 MWST", "CHE123456789MWST"),
        ("UA123456789012", "UA123456789012"),
    ],
)
def test_vat_numbers_are_kept_in_one_form(typed, kept):
    assert vat_number_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["1234567890", "PL123", "PL12345678901", "DE12345678X", "P", "PL", "=cmd|x", "DE١٢٣٤٥٦٧٨٩"],
)
def test_what_is_no_vat_number(typed):
    with pytest.raises(ValidationError):
        vat_number_of(typed)


def test_pics():
    assert pic_of("999 999 999") == "999999999"
    assert pic_of("") == ""
    for wrong in ("12345678", "1234567890", "abcdefghi", "٩٩٩٩٩٩٩٩٩"):
        with pytest.raises(ValidationError):
            pic_of(wrong)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "vat_country"),
        ("1234567890", "vat_country"),
        ("PLX", "vat_country"),
        ("PL12", "vat_number"),
    ],
)
def test_what_is_expected_is_said(typed, code):
    with pytest.raises(ValidationError) as refused:
        vat_number_of(typed)
    assert refused.value.code == code
    if code == "vat_country":
        assert "PL1234567890" in refused.value.messages[0]
