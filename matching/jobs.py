"""What a background worker does for matching: ``manage.py procrastinate worker``."""

from datetime import UTC, datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from matching import digests, upkeep

STALLED_AFTER = 600.0
"""Seconds without a sign of life of its worker after which a job counts as lost."""


@app.periodic(cron="* * * * *")
@app.task(name="matching.keep_fresh", queueing_lock="matching.keep_fresh")
def keep_fresh(timestamp: int) -> str:
    """Build the match index anew where that is due, every minute."""
    return upkeep.keep_fresh()


@app.periodic(cron="45 * * * *")
@app.task(name="matching.prune_outbox", queueing_lock="matching.prune_outbox")
def prune_outbox(timestamp: int) -> int:
    """Delete the changes that the match index contains."""
    return upkeep.prune()


@app.periodic(cron="30 3 * * *")
@app.task(
    name="matching.refresh_lists", queueing_lock="matching.refresh_lists", lock="matching.lists"
)
def refresh_lists(timestamp: int, everyone: bool = False) -> int:
    """Make the lists of digests anew that are older than this job; killed, it goes on there."""
    return digests.refresh(since=datetime.fromtimestamp(timestamp, UTC), everyone=everyone)


@app.periodic(cron="15 * * * *")
@app.task(name="matching.take_up_lost_jobs", queueing_lock="matching.take_up", pass_context=True)
async def take_up_lost_jobs(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died to another one; those that run every minute come again by
    themselves."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        if job.id is None:
            continue
        if job.task_name == "matching.refresh_lists":
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
