"""Stylesheets: a block left open swallows all that follows, and no browser says so."""

import re

import pytest
from django.conf import settings

SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_block_is_closed_before_the_next_rule(sheet):
    text = re.sub(
        r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), sheet.read_text(), flags=re.S
    )
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line[0].isspace() and line[0] != "}":
            assert depth == 0, f"line {number} is inside of a block that was not closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0
