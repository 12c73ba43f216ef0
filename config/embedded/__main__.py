"""`python -m config.embedded status | stop | clean`: look after this checkout's server.

Needs the standard library only, so that it works without the virtual environment, too.
"""

import argparse
import shutil
import sys

from config.embedded.cluster import CHECKOUT, default_cluster, default_data_folder
from config.embedded.errors import EmbeddedPostgresError


def status() -> None:
    cluster = default_cluster()
    pid = cluster.pid()
    print(f"running, process {pid}" if pid else "not running")
    print(f"files: {cluster.places.state}")
    print(f"socket: {cluster.places.sockets}")


def stop() -> None:
    default_cluster().stop()


def clean() -> None:
    """Remove the database, and the rest of the data folder where it is the checkout's own."""
    default_cluster().destroy()
    folder = default_data_folder()
    if folder.resolve() == (CHECKOUT / ".data").resolve():
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    elif folder.exists():
        print(f"Removed the database; left the rest of {folder}, which is not this checkout's own.")


def main() -> None:
    commands = {"status": status, "stop": stop, "clean": clean}
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("command", choices=commands)
    try:
        commands[parser.parse_args().command]()
    except (EmbeddedPostgresError, OSError) as error:
        sys.exit(f"The embedded PostgreSQL: {error}")


if __name__ == "__main__":
    main()
