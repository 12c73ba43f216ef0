"""Builds regions/data from the folder of raw tables.

``python -m scripts.reference_data ../shared/data [--output regions/data]``; countries need Babel
(``pip install babel``) and are left as they are without it.
"""

import argparse
import importlib.util
import sys
from pathlib import Path

from scripts.reference_data import countries, euroscivoc
from scripts.reference_data.boundaries import Boundaries
from scripts.reference_data.figures import Figures
from scripts.reference_data.geography import Geography
from scripts.reference_data.neighbours import write_neighbours

DATA = Path(__file__).resolve().parents[2] / "regions" / "data"


def build(shared: Path, output: Path) -> None:
    """Write every table but the countries; ``region_names.csv`` is read from the committed data."""
    geography = Geography(shared, DATA / "region_names.csv")
    geography.write(output)
    boundaries = Boundaries(shared, geography)
    boundaries.write(output)
    write_neighbours(output)
    Figures(shared, geography, boundaries).write(output)
    euroscivoc.build(shared, output)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="folder of the raw tables")
    parser.add_argument("--output", type=Path, default=DATA)
    options = parser.parse_args()
    build(options.shared, options.output)
    if importlib.util.find_spec("babel"):
        countries.build(options.output)
    else:
        print("countries.csv left as it is: Babel is not installed", file=sys.stderr)


if __name__ == "__main__":
    main()
