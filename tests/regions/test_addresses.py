"""Websites that others can follow."""

import pytest
from django.core.exceptions import ValidationError

from regions.addresses import check_public_address


@pytest.mark.parametrize(
    "address", ["https://www.malopolska.pl/", "http://example.org:8080/a?b=c", "https://1.1.1.1/"]
)
def test_public_addresses(address):
    check_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "https://",
        "https://localhost/",
        "https://intranet/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://2130706433/",
        "https://printer.local/",
        "https://user:secret@example.org/",
        "https://[broken/",
    ],
)
def test_addresses_that_lead_nowhere_for_others(address):
    with pytest.raises(ValidationError):
        check_public_address(address)
