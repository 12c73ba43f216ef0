"""Every check of the project, one after the other: what `make test` and the CI run.

A failing step does not keep the others from running. The summary at the end names what passed, what
failed, and what was left out and why. The exit code is 1 if anything failed.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PROCESSES = "2"


@dataclass
class Step:
    """One command; `extra` is added to the environment."""

    name: str
    command: list[str]
    extra: dict[str, str] = field(default_factory=dict)


def lint_steps() -> list[Step]:
    manage = [PYTHON, "manage.py"]
    deployed = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "regions-meet.example",
        "HTTPS": "true",
        "HSTS_INCLUDE_SUBDOMAINS": "true",
        "HSTS_PRELOAD": "true",
        "DEBUG": "false",
    }
    return [
        Step("requirements in step", [PYTHON, "scripts/check_requirements.py"]),
        Step("translations", [PYTHON, "-m", "scripts.messages", "--check"]),
        Step("ruff", [PYTHON, "-m", "ruff", "check", "."]),
        Step("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        Step("types", [PYTHON, "-m", "mypy", "."]),
        Step("layers", [str(Path(PYTHON).parent / "lint-imports")]),
        Step("migrations in step", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step(
            "deployment settings",
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
            deployed,
        ),
        Step(
            "API schema",
            [*manage, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
        ),
    ]


def find_browser() -> str | None:
    """The Chromium for the browser tests: REGIONS_MEET_BROWSER, or one on PATH."""
    named = os.environ.get("REGIONS_MEET_BROWSER")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def install_browser() -> str:
    """Install Debian's Chromium if this user may; return why not, or nothing."""
    if not shutil.which("apt-get"):
        return "there is no apt-get here to install it with"
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = ["sudo", "--non-interactive"]
        allowed = (
            shutil.which("sudo")
            and not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
        )
        if not allowed:
            return "only root may install it (apt-get install chromium)"
    print("Installing Debian's Chromium for the browser tests ...", flush=True)
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    packages = ["chromium", "fonts-dejavu-core"]
    for command in (
        [*quiet, "update"],
        [*quiet, "install", "--yes", "--no-install-recommends", *packages],
    ):
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if answer.returncode:
            print(answer.stdout[-2000:])
            return f"apt-get {command[len(quiet)]} failed"
    return ""


def run(step: Step) -> bool:
    print(f"\n── {step.name}: {' '.join(Path(word).name for word in step.command[:4])}", flush=True)
    begun = time.monotonic()
    answer = subprocess.run(
        step.command,
        cwd=CHECKOUT,
        env={**os.environ, **step.extra},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    verdict = "FAILED" if answer.returncode else "passed"
    print(f"── {step.name} {verdict} in {time.monotonic() - begun:.1f} s", flush=True)
    return answer.returncode == 0


def left_out_of(report: Path) -> list[str]:
    """The skipped tests of a JUnit report, grouped by reason."""
    if not report.exists():
        return []
    skipped: Counter[tuple[str, str]] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        for skip in case.iter("skipped"):
            skipped[skip.get("message", ""), case.get("classname", "")] += 1
    return [f"{count} of {module}: {reason}" for (reason, module), count in skipped.items()]


def run_tests() -> tuple[bool, list[str]]:
    """Run the whole suite; return whether it passed, and what it left out."""
    left_out = []
    reason = "" if find_browser() else install_browser()
    browser = find_browser()
    # two processes must find the same tests, in the same order
    extra = {"PYTHONHASHSEED": "0"} | ({"REGIONS_MEET_BROWSER": browser} if browser else {})
    if not browser:
        left_out.append(f"browser tests: Chromium is not installed, and {reason}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            PYTHON,
            "-m",
            "pytest",
            "-n",
            PROCESSES,
            "--durations=60",
            f"--junit-xml={report}",
        ]
        passed = run(Step("tests", command, extra))
        return passed, left_out + left_out_of(report)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint", action="store_true", help="only what needs no test")
    options = parser.parse_args()
    results = {step.name: run(step) for step in lint_steps()}
    left_out: list[str] = []
    if not options.lint:
        results["tests"], left_out = run_tests()
    failed = [name for name, passed in results.items() if not passed]
    print("\nPassed:   " + (", ".join(name for name in results if results[name]) or "nothing"))
    print("Failed:   " + (", ".join(failed) or "nothing"))
    print("Left out: " + ("\n          ".join(left_out) or "nothing"), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
