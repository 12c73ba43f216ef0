"""What a background worker does for the directory: ``manage.py procrastinate worker``."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from directory import filling
from directory.saved import digests, queue
from directory.saved.models import SavedSearch

LATER = RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions=[digests.TryLater])
"""After 4 seconds, 16, a minute, … 18 hours; what waits longer is taken up every morning."""


@app.periodic(cron="10 5 * * *")
@app.task(name="directory.look_after_searches", queueing_lock="directory.look_after_searches")
def look_after_searches(timestamp: int) -> int:
    """Every morning a job for each saved search, and for each message whose job was lost; returns
    how many searches there are."""
    digests.forget()
    for digest in digests.left_over():
        digests.send_later(digest)
    searches = SavedSearch.objects.filter(user__is_active=True).order_by("pk")
    keys = list(searches.values_list("pk", flat=True))
    for key in keys:
        queue.defer(digests.LOOK, key=key)
    return len(keys)


@app.task(name=digests.LOOK)
def look_after_search(key: int) -> str:
    """Note what is new in one saved search, and write the message about it where one is due."""
    return digests.look_after(search=key)


@app.task(name=digests.SEND, retry=LATER)
def send_digest(key: int) -> str:
    """Hand one message about a saved search to the mail server."""
    return digests.send(digest=key)


@app.periodic(cron="10 0 * * *")
@app.task(name="directory.forget_expired", queueing_lock="directory.forget_expired")
def forget_expired(timestamp: int) -> int:
    """Every night, find organisations no more by statements that expired."""
    return filling.forget_expired()


@app.periodic(cron="40 2 * * *")
@app.task(name="directory.count_words", queueing_lock="directory.count_words")
def count_words(timestamp: int) -> None:
    """Forget words that no public entry uses any more, and learn the Polish stems of new ones."""
    filling.count_words()
    filling.learn_polish()
