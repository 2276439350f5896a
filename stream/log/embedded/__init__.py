"""The embedded log: topics in one SQLite file, for one machine and no server."""

from stream.log.embedded.log import EmbeddedLog

__all__ = ["EmbeddedLog"]
