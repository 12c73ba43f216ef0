#!/usr/bin/env python
"""Regions Meet's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.embedded import EmbeddedPostgresError

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader, such as head, has seen enough; Python would complain again as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except EmbeddedPostgresError as error:
        sys.exit(f"The embedded PostgreSQL: {error}")


if __name__ == "__main__":
    main()
