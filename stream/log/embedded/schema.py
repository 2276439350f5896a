"""The tables of an embedded log, and the check that a file has them.

A row of `batches` is a run of records in Kafka's v2 form; a partition's offsets have no
holes. Ids are never used twice, so a topic that is made anew is another topic.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stream.errors import LogError

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x53686F6C  # "Shol": tells a log from any other SQLite file
VERSION = 1
PAGE_BYTES = 8192

TABLES = """
CREATE TABLE topics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    configs TEXT NOT NULL,
    max_message_bytes INTEGER NOT NULL
);
CREATE TABLE partitions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic_id INTEGER NOT NULL REFERENCES topics ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start_offset INTEGER NOT NULL DEFAULT 0,
    end_offset INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic_id, number)
);
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    partition_id INTEGER NOT NULL REFERENCES partitions ON DELETE CASCADE,
    base_offset INTEGER NOT NULL,
    record_count INTEGER NOT NULL,
    first_timestamp INTEGER NOT NULL,
    max_timestamp INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX batches_in_order ON batches (partition_id, base_offset, max_timestamp);
CREATE TABLE producers (
    name TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE groups (
    name TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    member TEXT NOT NULL,
    process_id INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE positions (
    group_name TEXT NOT NULL,
    partition_id INTEGER NOT NULL REFERENCES partitions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (group_name, partition_id)
) WITHOUT ROWID;
"""


def prepare(connection: sqlite3.Connection, name: str, busy_seconds: float) -> None:
    """Makes a new file a log; an existing one has to be a log of this version."""
    if _is_ours(connection, name):
        return
    _to_wal(connection, name, busy_seconds)
    connection.execute("BEGIN IMMEDIATE")
    try:
        if not _is_ours(connection, name):  # another process may have been quicker
            _create(connection)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _is_ours(connection: sqlite3.Connection, name: str) -> bool:
    """Whether the file is a log already; false for an empty one."""
    application, version, tables = connection.execute(
        "SELECT a.application_id, v.user_version, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_application_id AS a, pragma_user_version AS v"
    ).fetchone()
    if application == 0 and version == 0 and tables == 0:
        return False
    if application != APPLICATION_ID:
        raise LogError(f"{name} is a SQLite file of another program: name another one")
    if version != VERSION:
        raise LogError(
            f"{name} is a log of format {version}, this Shoal has format {VERSION}: "
            "use the Shoal that made it, or replay into a new file"
        )
    return True


def _to_wal(connection: sqlite3.Connection, name: str, busy_seconds: float) -> None:
    """SQLite does not always wait here for a process that does the same: so this does."""
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            break
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise LogError(
            f"{name}: its file system can't share memory between processes: use a local disk"
        )


def _create(connection: sqlite3.Connection) -> None:
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
