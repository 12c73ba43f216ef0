"""Suggestions over HTTP under load: ``python -m benchmarks.web --help``."""
