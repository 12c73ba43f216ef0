"""The table of a run, in Markdown, so that it can be put into docs/benchmarks.md as it is."""

from benchmarks.matching.run import Result, Row

COLUMNS = (
    ("engine", "engine"),
    ("exact", "exact"),
    ("p50_ms", "p50 ms"),
    ("p99_ms", "p99 ms"),
    ("build_s", "build s"),
    ("index_mb", "index MB"),
    ("bytes_per_organisation", "bytes each"),
    ("workers_1_mb", "1 worker MB"),
    ("workers_4_mb", "4 workers MB"),
    ("queries", "queries"),
)


def table(result: Result, machine: str) -> str:
    """All rows, what was skipped and why, and the memory-bandwidth line."""
    lines = [machine, ""]
    for population in dict.fromkeys(row["population"] for row in result.rows):
        rows = [row for row in result.rows if row["population"] == population]
        lines += [f"**{population}**, {rows[0]['n']:,} organisations", ""]
        lines.append("| " + " | ".join(title for _, title in COLUMNS) + " |")
        lines.append("|" + "---|" * len(COLUMNS))
        lines += ["| " + " | ".join(_cell(row, key) for key, _ in COLUMNS) + " |" for row in rows]
        lines += [
            f"| (memory bandwidth) | – | {rows[0]['bandwidth_ms']} |" + " – |" * 7,
            "",
            f"Memory bandwidth: one thread reads {result.bytes_per_second / 1e9:.1f} GB/s; the "
            f"{rows[0]['touched_mb']:.2f} MB of postings (3 bytes each) that a question touches "
            f"on average would take {rows[0]['bandwidth_ms']:.3f} ms.",
            "",
        ]
        filtered = [row for row in rows if "filtered_exact" in row]
        lines += [
            f"{row['engine']} with filters on countries, kinds and exclusions: "
            f"{row['filtered_exact']:.0%} exact."
            for row in filtered
        ]
        lines += [""] if filtered else []
    lines += [
        f"Skipped on {population}: {name}: {reason}." for name, population, reason in result.skipped
    ]
    return "\n".join(lines)


def _cell(row: Row, key: str) -> str:
    value = row.get(key, "–")
    return f"{value:.1%}" if key == "exact" else str(value)
