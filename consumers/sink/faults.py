"""What a database's errors mean for the one who runs a sink, and which of them may pass.

Only the driver's own first line is repeated: what comes after it may hold values, and a statement
holds customers' ids.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from stream.errors import DatabaseError, DatabaseUnavailable

if TYPE_CHECKING:
    from stream.errors import ShoalError

PASSING_STATES = ("08", "53", "57P", "40", "55P03", "58")
"""SQLSTATE: connections, no room, shutting down, deadlocks, locks, the server's disk."""

FOR_GOOD = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "could not translate host name",
    "failed to resolve host",
    "certificate",
    "server does not support ssl",
)
"""What a connection that failed says where waiting doesn't help; such errors have no SQLSTATE."""

PASSING_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL}
PASSING_SQLITE |= {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def explain(error: BaseException, name: str) -> ShoalError:
    """Our error for the driver's."""
    cause = getattr(error, "orig", None) or error
    said = f"{cause}".strip().partition("\n")[0] or type(cause).__name__
    if _passes(cause):
        return DatabaseUnavailable(f"{name}: {said}: is the database up, and within reach?")
    return DatabaseError(f"{name}: {said}: see to sink.db, its user and what they may do")


def _passes(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in PASSING_SQLITE
    state = getattr(cause, "sqlstate", None)
    if state:
        return str(state).startswith(PASSING_STATES)
    if type(cause).__name__ not in {"OperationalError", "InterfaceError", "ConnectionTimeout"}:
        return False
    said = f"{cause}".lower()
    return not any(word in said for word in FOR_GOOD)
