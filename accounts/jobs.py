"""What a background worker does for accounts: ``manage.py procrastinate worker``."""

from procrastinate.contrib.django import app

from accounts import services


@app.periodic(cron="10 4 * * *")
@app.task(name="accounts.delete_unverified", queueing_lock="accounts.delete_unverified")
def delete_unverified(timestamp: int) -> int:
    """Delete accounts whose address was never confirmed, every night."""
    return services.delete_unverified()


@app.periodic(cron="20 4 * * *")
@app.task(name="accounts.delete_expired", queueing_lock="accounts.delete_expired")
def delete_expired(timestamp: int) -> int:
    """Delete tokens and sessions that have ended, every night."""
    return services.delete_expired()
