"""The embedded PostgreSQL: the binaries of a wheel, below a folder of ours, with nothing to install by hand."""

from espace_citoyen.postgres.cluster import PostgresError
from espace_citoyen.postgres.server import AlreadyRunning, EmbeddedServer

__all__ = ["AlreadyRunning", "EmbeddedServer", "PostgresError"]
