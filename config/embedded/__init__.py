"""A PostgreSQL server for newcomers: nothing to install, started on demand, gone when unused.

Used when DATABASE_URL is not set. Knows nothing of Django. The reasons are in
docs/adr/0002-embedded-postgresql.md.
"""

from config.embedded.cluster import Cluster, ConnectionInfo, default_cluster, default_data_folder
from config.embedded.errors import (
    BinariesNotFoundError,
    DataFolderError,
    DiskFullError,
    EmbeddedPostgresError,
    ServerStartError,
    VersionMismatchError,
)

__all__ = [
    "BinariesNotFoundError",
    "Cluster",
    "ConnectionInfo",
    "DataFolderError",
    "DiskFullError",
    "EmbeddedPostgresError",
    "ServerStartError",
    "VersionMismatchError",
    "default_cluster",
    "default_data_folder",
]
