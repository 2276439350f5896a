"""A connection to the log's file: short transactions, and errors that say what to do.

Every object that reads or writes has one of its own, so that a reader never waits for
a writer; used from several threads, its transactions go one after the other.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

from stream.errors import LogError
from stream.log.closing import ClosingMixin
from stream.log.embedded.faults import explain
from stream.log.embedded.schema import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stream.log.embedded.place import Place

WAL_BYTES = 64 * 1024 * 1024  # what is left of the write-ahead log once it was copied back
WIPING_SECONDS = 0.25


class Database(ClosingMixin):
    """`reading` and `writing` are transactions: all of the block, or nothing of it."""

    def __init__(self, place: Place, owner: str = "the log") -> None:
        self.place = place
        self._owner = owner
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = _connect(place)

    def reading(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        """One state of the file throughout. Short: SQLite's log grows for as long as it lasts."""
        return self._transaction(lambda connection: connection.execute("BEGIN"))

    def writing(self) -> contextlib.AbstractContextManager[sqlite3.Connection]:
        """Waits for its turn up to `busy_seconds`; others read what was there before."""
        return self._transaction(
            lambda connection: _begin_writing(connection, self.place.busy_seconds)
        )

    def version(self) -> int:
        """A number that changes with every commit of another connection."""
        with self._lock, self._explained() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def wipe(self) -> None:
        """Empties the write-ahead log, where deleted records still stand.

        Where others are busy it gives up soon: the next one does it, or their own commits.
        """
        with self._lock, self._explained() as connection:
            _wait_at_most(connection, WIPING_SECONDS)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                _wait_at_most(connection, self.place.busy_seconds)

    def close(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    @contextlib.contextmanager
    def _transaction(
        self, begin: Callable[[sqlite3.Connection], object]
    ) -> Iterator[sqlite3.Connection]:
        with self._lock, self._explained() as connection:
            begin(connection)
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            raise LogError(f"{self.place.name}: {self._owner} is closed: open it again")
        try:
            yield self._connection
        except sqlite3.Error as error:
            raise explain(error, self.place.name) from error


def _begin_writing(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Asks every millisecond: SQLite's own ever longer pauses starve beside a busy writer."""
    deadline = time.monotonic() + busy_seconds
    _wait_at_most(connection, 0)
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(0.001)
    finally:
        _wait_at_most(connection, busy_seconds)


def _wait_at_most(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}").fetchall()


def _connect(place: Place) -> sqlite3.Connection:
    file = place.file()
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            file, timeout=place.busy_seconds, isolation_level=None, check_same_thread=False
        )
        prepare(connection, place.name, place.busy_seconds)
        for pragma in (
            f"synchronous={place.synchronous}",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is erased must not be left in free pages
            f"journal_size_limit={WAL_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.Error):
            raise explain(error, place.name) from error
        raise
    return connection
