"""Are the locked requirements in step with pyproject.toml? Needs no network.

Every direct dependency is pinned to a version that pyproject.toml allows, each pin has hashes, the
developers' file contains the other one, nothing is left of a dependency that was removed, and
neither file names an index address.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parents[1]
DIRECT = "regions-meet (pyproject.toml"


def pins(text: str) -> dict[str, tuple[str, str]]:
    """Package name to (version, the rest of its entry)."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    found: dict[str, tuple[str, str]] = {}
    for entry in entries:
        if match := re.match(
            r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\\n]+)(.*)", entry, re.DOTALL
        ):
            found[canonicalize_name(match[1])] = (match[2], match[3])
    return found


def complaints(folder: Path = CHECKOUT) -> list[str]:
    """One line for each thing that is out of step in the folder with the three files."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    runtime = [Requirement(line) for line in project["project"]["dependencies"]]
    developers = [Requirement(line) for line in project["dependency-groups"]["dev"]]
    locked = {
        "requirements.txt": runtime,
        "requirements-dev.txt": runtime + developers,
    }
    found = []
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in locked}
    for name, wanted in locked.items():
        pinned = pins(texts[name])
        if re.search(r"^\s*-(?!-hash)|://", texts[name], re.MULTILINE):
            found.append(f"{name} names an index address or an option")
        found += [
            f"{name}: {package} has no hashes"
            for package, (_, rest) in pinned.items()
            if "--hash=sha256:" not in rest
        ]
        names = {canonicalize_name(requirement.name) for requirement in wanted}
        for requirement in wanted:
            version, _ = pinned.get(canonicalize_name(requirement.name), ("", ""))
            if not version:
                found.append(f"{name} lacks {requirement.name}")
            elif not requirement.specifier.contains(version, prereleases=True):
                found.append(
                    f"{name} has {requirement.name} {version}, not {requirement.specifier}"
                )
        found += [
            f"{name} has {package}, which pyproject.toml no longer names"
            for package, (_, rest) in pinned.items()
            if DIRECT in rest and package not in names
        ]
    runtime_pins, developer_pins = (pins(text) for text in texts.values())
    found += [
        f"requirements-dev.txt lacks {package} {version} of requirements.txt"
        for package, (version, _) in runtime_pins.items()
        if developer_pins.get(package, ("", ""))[0] != version
    ]
    return found


if __name__ == "__main__":
    lines = complaints()
    print("\n".join(lines) or "The locked requirements are in step with pyproject.toml.")
    sys.exit(bool(lines))
