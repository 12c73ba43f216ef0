"""Searches that people keep: what is new in them, by e-mail and as a feed.

What counts as new, and why no message is sent twice: `docs/adr/0013-digests.md`.
"""
