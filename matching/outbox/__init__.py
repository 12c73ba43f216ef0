"""What changed since the match index was built.

Database triggers write the table `matching_outbox`; `cursor` reads it without losing a row;
`snapshot` applies what was read to an index; `follower` keeps the one of this process up to date.
The reasons are in docs/adr/0006-freshness.md.
"""
