"""Who may take files out of the administration and bring them in."""

import pytest

from organisations.models import TeamMember
from regions.models import Source
from tests import factories
from tests.config.admin.conftest import address, staff


@pytest.mark.parametrize(
    ("permissions", "exports", "imports"),
    [
        (["view_source"], 200, 403),
        (["view_source", "change_source"], 200, 403),
        (["view_source", "add_source", "change_source"], 200, 200),
        (["view_region"], 403, 403),
    ],
)
def test_rights(db, permissions, exports, imports):
    factories.SourceFactory()
    client = staff(*permissions)
    assert client.get(address(Source, "export")).status_code == exports
    assert client.get(address(Source, "import")).status_code == imports
    assert client.post(address(Source, "process_import"), {"ticket": "x"}).status_code in (
        (400,) if imports == 200 else (403,)
    )
    if "view_source" in permissions:
        page = client.get(address(Source, "changelist")).content.decode()
        assert ("/import/" in page) is (imports == 200)
        assert "/export/" in page


def test_teams_are_for_superusers_alone(administrator):
    client = staff("view_teammember", "add_teammember", "change_teammember")
    assert client.get(address(TeamMember, "export")).status_code == 403
    assert client.get(address(TeamMember, "import")).status_code == 403
    assert administrator.get(address(TeamMember, "export")).status_code == 200


@pytest.mark.parametrize("persona", ["anonymous", "stranger", "editor"])
@pytest.mark.parametrize("page", ["import", "export", "process_import"])
def test_only_administrators_come_in(request, persona, page):
    answer = request.getfixturevalue(persona).post(address(Source, page))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_confirmation_is_no_get(administrator):
    assert administrator.get(address(Source, "process_import")).status_code == 405
