"""Locked requirements that are out of step are noticed without any network."""

import pytest

from scripts.check_requirements import complaints

PROJECT = """
[project]
dependencies = ["django>=5.2,<5.3", "psycopg[binary]>=3.2"]
[dependency-groups]
dev = ["pytest>=8"]
"""
RUNTIME = """\
django==5.2.4 \\
    --hash=sha256:aa
    # via regions-meet (pyproject.toml)
psycopg==3.2.9 ; sys_platform != 'win32' \\
    --hash=sha256:bb
    # via regions-meet (pyproject.toml)
"""
DEV = """\
pytest==8.4.1 \\
    --hash=sha256:cc
    # via regions-meet (pyproject.toml:dev)
"""


def check(folder, *, project=PROJECT, runtime=RUNTIME, dev=RUNTIME + DEV) -> list[str]:
    (folder / "pyproject.toml").write_text(project)
    (folder / "requirements.txt").write_text(runtime)
    (folder / "requirements-dev.txt").write_text(dev)
    return complaints(folder)


def test_files_in_step_pass(tmp_path):
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"dev": RUNTIME}, "requirements-dev.txt lacks pytest"),
        ({"dev": DEV}, "requirements-dev.txt lacks django 5.2.4 of requirements.txt"),
        (
            {"runtime": RUNTIME.replace("5.2.4", "6.0")},
            "requirements.txt has django 6.0, not <5.3,>=",
        ),
        (
            {"project": PROJECT.replace('"pytest>=8"', "")},
            "has pytest, which pyproject.toml no longer",
        ),
        ({"runtime": "--index-url https://index.example\n" + RUNTIME}, "names an index address"),
        ({"runtime": RUNTIME.replace("    --hash=sha256:aa\n", "")}, "django has no hashes"),
    ],
)
def test_what_is_out_of_step_is_named(tmp_path, changes, complaint):
    assert any(complaint in line for line in check(tmp_path, **changes))
