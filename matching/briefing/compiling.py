"""The process that compiles: ``compiling.py template folder``, JSON in, PDF out.

Run as a script of its own, without the rest of the site; see `matching.briefing.pdf`.
"""

import datetime
import json
import resource
import sys
from pathlib import Path

import typst

STANDARDS = ("a-2a", "ua-1")

MOST_MEMORY = 2 << 30
"""Bytes of addresses; a briefing takes a fifth of that."""


def compiled(template: bytes, data: str, folder: str) -> bytes:
    """The PDF, to the standards where the fonts have every character, and plainly tagged else."""
    made_on = datetime.date.fromisoformat(json.loads(data)["made_on"])
    noon = datetime.datetime.combine(made_on, datetime.time(12), tzinfo=datetime.UTC)

    def compile_to(standards: list[str]) -> bytes:
        return typst.compile(  # type: ignore[type-var]  # bytes and a path are not one type
            template,
            root=folder,
            ignore_system_fonts=True,
            package_path=folder,
            package_cache_path=folder,
            sys_inputs={"data": data},
            timestamp=noon,
            pdf_standards=standards,  # type: ignore[arg-type]  # its literals
        )

    try:
        return compile_to(list(STANDARDS))
    except typst.TypstError:
        return compile_to([])


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    template, folder = sys.argv[1:]
    sys.stdout.buffer.write(
        compiled(Path(template).read_bytes(), sys.stdin.buffer.read().decode(), folder)
    )
