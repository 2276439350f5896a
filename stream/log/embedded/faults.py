"""What SQLite's errors mean for the one who runs a log, and what to do about each."""

from __future__ import annotations

import sqlite3

from stream.errors import LogError, LogUnavailable

REMEDIES = {
    sqlite3.SQLITE_BUSY: "another process has been writing all the while: "
    "see which one uses the file, and try again",
    sqlite3.SQLITE_CANTOPEN: "the file can't be opened: see to its folder and its permissions",
    sqlite3.SQLITE_NOTADB: "this is no SQLite file: name another one",
    sqlite3.SQLITE_READONLY: "the file is read-only: a log needs to write to its file and folder, "
    "even where it is only read",
    sqlite3.SQLITE_FULL: "the disk is full: make room, and start again",
    sqlite3.SQLITE_IOERR: "the disk does not take or give what is asked: "
    "see to its room and its health",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a copy, or replay into a new one",
}
UNAVAILABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY}


def explain(error: sqlite3.Error, name: str) -> LogError:
    """The log's error for SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    remedy = REMEDIES.get(code)
    kind = LogUnavailable if code in UNAVAILABLE else LogError
    return kind(f"{name}: {error}" if remedy is None else f"{name}: {error}: {remedy}")
