"""Jobs that are written down by the transaction around: ``defer("task", lock="x", digest=1)``.

Within a worker procrastinate writes jobs over a connection of its own: one that is deferred there
in a transaction is done even if the transaction is rolled back, and before it has come through.
These go over Django's connection wherever they are deferred.
"""

from contextlib import suppress

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager


def defer(task: str, *, key: int) -> None:
    """Have a worker do the task for the row ``key``; where that waits already, nothing."""
    lock = f"{task}:{key}"
    job = app.configure_task(task, queueing_lock=lock, lock=lock).job
    # a lock that is held fails a statement, and with it the transaction around
    with suppress(AlreadyEnqueued), transaction.atomic():
        JobDeferrer(JobManager(DjangoConnector()), job).defer(key=key)
