"""The parent process of an embedded server: stops it once nobody uses it any more.

Run as a script of its own, outside the project's packages, by `server.start`:

    keeper.py USERS_LOCK SERVER_LOCK_FD UID GID COMMAND...

Every process that uses the server holds a shared lock on the file USERS_LOCK, which the kernel
releases even after `kill -9`. The keeper waits for the exclusive lock: when it has it, the last
user is gone, and the server is told to stop. It writes the server's process id to its standard
output, ends when the server ends, and needs nothing but the standard library.
"""

import fcntl
import os
import signal
import sys
import threading
import time

PATIENCE = 60.0  # seconds for an orderly stop, before open work is left to crash recovery


def main() -> None:
    users_lock, server_lock_fd, uid, gid, *command = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    server = os.fork()
    if server == 0:
        os.setsid()
        run_server(command, int(server_lock_fd), int(uid), int(gid))
    signal.signal(signal.SIGTERM, lambda *_: os.kill(server, signal.SIGINT))
    os.write(1, b"%d\n" % server)
    threading.Thread(target=stop_after_last_user, args=(users_lock, server), daemon=True).start()
    os.waitpid(server, 0)
    os._exit(0)


def run_server(command: list[str], server_lock_fd: int, uid: int, gid: int) -> None:
    """Become the server, as its user; the lock stays open in each of its processes."""
    try:
        os.dup2(2, 1)
        os.set_inheritable(server_lock_fd, True)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.umask(0o077)
        if uid >= 0:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
    os._exit(1)


def stop_after_last_user(users_lock: str, server: int) -> None:
    """Wait until no process uses the server, then stop it: quickly, and with all data on disk."""
    fd = os.open(users_lock, os.O_RDWR | os.O_CLOEXEC)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.kill(server, signal.SIGINT)
    time.sleep(PATIENCE)
    os.kill(server, signal.SIGQUIT)


if __name__ == "__main__":
    main()
