"""The demonstration's web server: `python -m config.serve [--port N] [--check]`.

The process is gunicorn's master and a user of the embedded PostgreSQL server at once: ending it, in
whatever way, ends the workers, the one of background jobs too, and, after its last user, the
database server.
"""

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.embedded import EmbeddedPostgresError, default_cluster

HOST = "127.0.0.1"
WORKERS = 2
THREADS = 8
CHECKOUT = Path(__file__).resolve().parent.parent
SECONDS_TO_END = 10


class JobWorker:
    """The process of background jobs: it ends when the pipe to it closes, so with this one."""

    def __init__(self) -> None:
        # a session of its own: Ctrl-C in the terminal is for gunicorn, which ends this one, too
        self.process = subprocess.Popen(
            [sys.executable, str(CHECKOUT / "manage.py"), "run_jobs"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def let_go(self) -> None:
        """Close this process's end of the pipe; a fork that kept it would keep the worker, too."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> None:
        """Let the worker finish what it is at, for some seconds."""
        self.let_go()
        try:
            self.process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()


def check_port(port: int) -> None:
    """Raise OSError where the port cannot be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))


def serve(port: int) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; returns by SystemExit, when the workers are gone."""
    from gunicorn.app.wsgiapp import WSGIApplication

    if not os.environ.get("DATABASE_URL"):
        default_cluster().ensure_running()
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")

    workers: list[JobWorker] = []

    def announce(server: Any) -> None:
        # gunicorn reloads at SIGHUP; here it means that the terminal was closed
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        workers.append(JobWorker())
        print(f"Regions Meet is at http://{HOST}:{port} (Ctrl-C stops it)", flush=True)

    def let_go(server: Any, worker: Any) -> None:
        for each in workers:
            each.let_go()

    def end(server: Any) -> None:
        for each in workers:
            each.end()

    sys.argv = ["gunicorn", "--bind", f"{HOST}:{port}", "--worker-class", "gthread"]
    sys.argv += ["--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket"]
    sys.argv += ["--log-level", "warning", "--graceful-timeout", "5", "config.wsgi:application"]
    # on the loopback alone: so that an address too long for us gets our own answer, which says so
    sys.argv[1:1] = ["--limit-request-line", "0"]
    application = WSGIApplication()
    application.cfg.set("when_ready", announce)
    application.cfg.set("post_fork", let_go)
    application.cfg.set("on_exit", end)
    application.run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--check", action="store_true", help="only see whether the port is free")
    options = parser.parse_args()
    try:
        check_port(options.port)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        reason = "is taken by another program" if taken else f"cannot be used ({error})"
        sys.exit(
            f"Port {options.port} on {HOST} {reason}. Stop what uses it (another `make demo`?), or "
            "choose another port: make demo PORT=8001"
        )
    if options.check:
        return
    try:
        serve(options.port)
    except EmbeddedPostgresError as error:
        sys.exit(f"The embedded PostgreSQL: {error}")


if __name__ == "__main__":
    main()
