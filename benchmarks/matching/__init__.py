"""How fast the match index is, and whether it is exact, beside peers in the same run.

``python -m benchmarks.matching --help``; what the figures mean is in ``docs/benchmarks.md``.
"""
