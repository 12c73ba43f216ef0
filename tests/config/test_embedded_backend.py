"""Django on the embedded server, which starts with the first connection, and after a crash."""

import os
import subprocess
import sys

import pytest

from config.embedded.cluster import CHECKOUT
from config.embedded.server import processes
from tests.config.conftest import Sandbox

SETUP = """
import os, signal, time
import django
django.setup()
from django.db import connection, connections
from django.db.utils import OperationalError
from config.embedded import default_cluster
"""


def run(sandbox: Sandbox, *command: str, script: str = "", **variables: str) -> str:
    """Run Python on the embedded server of the sandbox, as a newcomer's command does."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "PYTEST_CURRENT_TEST"}
    }
    environment |= {
        "REGIONS_MEET_DATA": str(sandbox.folder / "data"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **variables,
    }
    answer = subprocess.run(
        [sys.executable, *(command or ("-c", SETUP + script))],
        cwd=CHECKOUT,
        env=environment,
        input="SELECT 6 * 7;",
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.fixture
def checkout(sandbox):
    sandbox.cluster()
    return sandbox


def test_reading_the_settings_starts_nothing(checkout):
    run(checkout, script="from django.contrib.auth import get_user_model; get_user_model()")
    assert not (checkout.folder / "data" / "postgresql").exists()


def test_the_first_query_starts_the_server_and_the_end_stops_it(checkout):
    script = """
with connection.cursor() as cursor:
    cursor.execute("SELECT current_database()")
    print(cursor.fetchone()[0])
"""
    assert run(checkout, script=script) == "regions_meet\n"
    assert not list(processes(checkout.clusters[0].places))


def test_the_pool_gets_the_server_back_after_a_crash(checkout):
    script = """
def ask():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 42")
        print(cursor.fetchone()[0])
ask()
os.kill(default_cluster().pid(), signal.SIGKILL)
time.sleep(0.5)
for attempt in range(3):
    try:
        ask()
        break
    except OperationalError:
        connection.close()
print("attempts:", attempt)
"""
    first, second, attempts = run(checkout, script=script).splitlines()
    assert (first, second) == ("42", "42")
    assert int(attempts.split()[1]) <= 2


def test_dbshell_uses_the_client_that_comes_with_the_server(checkout):
    assert "42" in run(checkout, "manage.py", "dbshell")


def test_with_a_database_url_the_launcher_is_not_touched(checkout):
    server = checkout.cluster("server").ensure_running()
    url = f"postgres://{server.user}:{server.password}@/{server.dbname}?host={server.host}"
    script = """
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    print(connection.settings_dict["ENGINE"], cursor.fetchone()[0], connection.connection.info.host)
"""
    answer = run(
        checkout,
        script=script,
        DATABASE_URL=url,
        SECRET_KEY="only for this test",
    )
    assert answer.split() == ["django.db.backends.postgresql", server.user, server.host]
    assert not (checkout.folder / "data").exists()
