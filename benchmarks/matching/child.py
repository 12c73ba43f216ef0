"""What runs in processes of its own: building one engine, asking it, holding it in memory.

    python -m benchmarks.matching.child build|ask|hold ENGINE DATA FOLDER

DATA has the population (`world`, `facts`) and the questions (`questions.json`); FOLDER is the
engine's. Answers are one line of JSON on the standard output.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.matching.engines import engine
from benchmarks.matching.engines.base import Data, Engine, Narrowed

HELD = 20
"""Questions a worker answers before its memory is counted."""


def build(made: Engine, data: Data, folder: Path) -> dict[str, Any]:
    """Seconds from arrays to files, bytes of the files, and the most memory it took."""
    made.prepare(data, folder)
    began = time.perf_counter()
    made.build(data, folder)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"build_s": seconds, "index_bytes": made.index_bytes(folder), "peak_bytes": peak}


def ask(made: Engine, data: Data, folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds, question after question until they or the seconds are used up; then the
    answers to the same questions."""
    began = time.perf_counter()
    made.open(data, folder)
    first = made.timed(asked["warm"][0])
    opened = time.perf_counter() - began
    for organisation in asked["warm"][1:]:
        if time.perf_counter() - began < asked["seconds"]:
            made.timed(organisation)
    times: list[float] = []
    began = time.perf_counter()
    for organisation in asked["questions"]:
        if times and time.perf_counter() - began > asked["seconds"]:
            break
        times.append(made.timed(organisation))
    answers = [made.top(organisation) for organisation in asked["questions"][: len(times)]]
    narrowed = []
    for organisation, countries, kinds, exclude in asked["narrowed"]:
        wanted = Narrowed(tuple(countries), tuple(kinds), tuple(exclude))
        narrowed.append(made.filtered(organisation, wanted))
    made.close()
    return {
        "answers": answers,
        "times": times,
        "narrowed": narrowed,
        "open_s": opened,
        "first_ms": first,
    }


def hold(made: Engine, data: Data, folder: Path, asked: dict[str, Any]) -> None:
    """Answer a few, say so, and stay until the standard input ends."""
    made.open(data, folder)
    for organisation in asked["questions"][:HELD]:
        made.top(organisation)
    print(json.dumps({"processes": made.processes()}), flush=True)
    sys.stdin.read()
    made.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["build", "ask", "hold"])
    parser.add_argument("engine")
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    data = Data(options.data / "world", options.data / "facts")
    made = engine(options.engine)
    if options.action == "build":
        print(json.dumps(build(made, data, options.folder)))
        return
    asked = json.loads((options.data / "questions.json").read_text())
    if options.action == "ask":
        print(json.dumps(ask(made, data, options.folder, asked)))
    else:
        hold(made, data, options.folder, asked)


if __name__ == "__main__":
    main()
