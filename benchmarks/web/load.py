"""A bounded load: threads with one connection each ask for addresses in turn."""

import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 600
"""Seconds that one answer may take; the first ones wait for a compiler."""


@dataclass
class Load:
    """What came of it; `milliseconds` are those of answers of status 200."""

    milliseconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def load(port: int, addresses: Sequence[str], *, clients: int, seconds: float) -> Load:
    """Ask for every address once, by so many clients, for at most so many seconds."""
    found = Load()
    waiting = iter(addresses)
    lock = threading.Lock()
    began = time.perf_counter()

    def note(outcome: str, milliseconds: float) -> None:
        with lock:
            if outcome == "200":
                found.milliseconds.append(milliseconds)
            else:
                found.failures[outcome] = found.failures.get(outcome, 0) + 1

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while time.perf_counter() - began < seconds:
            with lock:
                address = next(waiting, None)
            if address is None:
                break
            asked = time.perf_counter()
            try:
                connection.request("GET", address)
                response = connection.getresponse()
                response.read()
                outcome = str(response.status)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                outcome = type(error).__name__
            note(outcome, (time.perf_counter() - asked) * 1000)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - began
    return found
