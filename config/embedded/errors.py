"""What can go wrong with the embedded server, each with a message a newcomer can act on."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


class BinariesNotFoundError(EmbeddedPostgresError):
    """Neither the wheel nor the system has PostgreSQL binaries that run here."""


class DataFolderError(EmbeddedPostgresError):
    """The data folder cannot be used: not writable, not ours, or its path is unusable."""


class VersionMismatchError(EmbeddedPostgresError):
    """The data folder was made by another major version of PostgreSQL."""


class DiskFullError(EmbeddedPostgresError):
    """The disk with the data folder has no room left."""


class ServerStartError(EmbeddedPostgresError):
    """The server did not come up; the message ends with the last lines of its log."""
