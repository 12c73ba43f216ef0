"""How fast is the match index, and is it exact?

    python -m benchmarks.matching --organisations N [--peers all|none|NAME,NAME] [--json FILE]

Every engine answers the same questions about the same synthetic organisations, in the same run, on
one thread of this machine, each in processes of its own; brute force judges every answer. What the
figures mean is in docs/benchmarks.md.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks.matching import copying
from benchmarks.matching.engines import OURS, PEERS
from benchmarks.matching.report import table
from benchmarks.matching.run import Options, machine, run
from benchmarks.populations import POPULATIONS


def peers(text: str) -> tuple[str, ...]:
    """The peers that a comma-separated list names; raises ArgumentTypeError."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["all"]:
        return PEERS
    chosen = [name for name in names if name not in ("none", OURS)]
    unknown = sorted(set(chosen) - set(PEERS))
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no peer is called {', '.join(unknown)}; there are {', '.join(PEERS)}"
        )
    return tuple(name for name in PEERS if name in chosen)


def populations(text: str) -> tuple[str, ...]:
    """The populations that a comma-separated list names; raises ArgumentTypeError."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or set(names) - set(POPULATIONS):
        raise argparse.ArgumentTypeError(f"populations are {', '.join(POPULATIONS)}")
    return names


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--organisations", type=int, required=True, metavar="N")
    parser.add_argument("--peers", type=peers, default=PEERS, help=f"all, none, {', '.join(PEERS)}")
    parser.add_argument("--populations", type=populations, default=POPULATIONS)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--seconds", type=float, default=120, help="ask no engine for longer (default: 120)"
    )
    parser.add_argument(
        "--patience", type=float, default=3600, help="give an engine up after so many seconds"
    )
    parser.add_argument("--no-memory", action="store_true", help="do not count workers' memory")
    parser.add_argument("--folder", type=Path, help="where temporary files go")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows as JSON")
    options = parser.parse_args()
    if options.organisations < 30 or options.queries < 1:
        parser.error("at least 30 organisations and 1 query are needed")
    found = run(
        Options(
            organisations=options.organisations,
            engines=(OURS, *options.peers),
            populations=options.populations,
            queries=options.queries,
            seconds=options.seconds,
            patience=options.patience,
            memory=not options.no_memory,
            folder=options.folder,
        ),
        lambda text: print(text, file=sys.stderr, flush=True),
    )
    print(table(found, machine()))
    print(copying.line())
    if options.json:
        options.json.write_text(json.dumps({"engines": found.rows}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
