"""Calls that begin at the same moment, for what must hold when two people act at once."""

import threading

from django.db import connections

PATIENCE = 60  # seconds; one call may wait for a lock that another holds


def at_once(*calls, expected=()):
    """Call all in threads of their own, each with its own connection, from one moment on.

    Returns what each returned, or the error that it raised if it is of a class in `expected`;
    any other error, and a call that does not end, fails the test.
    """
    start = threading.Barrier(len(calls), timeout=PATIENCE)
    outcomes: dict[int, object] = {}

    def run(number, call):
        try:
            start.wait()
            outcomes[number] = call()
        except BaseException as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(outcomes) == len(calls), "a call has not ended"
    for outcome in outcomes.values():
        if isinstance(outcome, BaseException) and not isinstance(outcome, tuple(expected)):
            raise outcome
    return [outcomes[number] for number in range(len(calls))]
