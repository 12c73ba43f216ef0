"""The background worker of the demonstration."""

import os
import signal
import sys
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from matching import index

GRACE = 5.0
"""Seconds for which a job may go on after the end was asked for."""


class Command(BaseCommand):
    help = (
        "Run background jobs until standard input ends: for a server that takes its worker with "
        "it. A deployment runs `manage.py procrastinate worker` instead."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        threading.Thread(target=end_with_input, daemon=True).start()
        if ProcrastinateWorker._meta.db_table not in connection.introspection.table_names():
            raise CommandError("There are no tables for background jobs; run: manage.py migrate")
        index.warm_up()
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(shutdown_graceful_timeout=GRACE)


def end_with_input() -> None:
    """Wait for the end of standard input, then for the worker to end, and end it if it does not."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE + 1)
    os._exit(0)
