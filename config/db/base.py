"""Django's PostgreSQL backend on the embedded server, which starts with the first connection.

ENGINE = "config.db". Only NAME (and TEST, OPTIONS, CONN_*) of the settings is used: where the
server is, and how to log in, comes from the launcher. Reading the settings starts nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import base, client

from config.embedded import ConnectionInfo, default_cluster

PROOF = "scram-sha-256"  # the server proves that it knows the password, too: none else is talked to


def _with_server(settings: dict[str, Any], server: ConnectionInfo) -> dict[str, Any]:
    return {
        **settings,
        "HOST": server.host,
        "PORT": server.port,
        "USER": server.user,
        "PASSWORD": server.password,
        "OPTIONS": {**settings.get("OPTIONS", {}), "require_auth": PROOF},
    }


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the psql that comes with the server where there is one."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        cluster = default_cluster()
        settings = _with_server(settings_dict, cluster.ensure_running())
        args, env = super().settings_to_cmd_args_env(settings, list(parameters))
        psql = cluster.psql()
        env = {**(env or {}), "PGREQUIREAUTH": PROOF}
        return ([str(psql), *args[1:]] if psql else args), env


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that makes this process a user of the embedded server when it is opened."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        given = self.settings_dict
        self.settings_dict = _with_server(given, default_cluster().ensure_running())
        try:
            return super().get_connection_params()
        finally:
            self.settings_dict = given

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        # A pool made before a crash of the server does not ask for the parameters again.
        default_cluster().ensure_running()
        return super().get_new_connection(conn_params)
