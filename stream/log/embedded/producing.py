"""Transactions: encoded as they are appended, written in one SQLite transaction at the end.

A producer's name has an epoch in the file, which its newest process has raised: a commit
of an older one finds that out while it has the file to itself.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from stream.errors import CommitFailed, Fenced, LogError
from stream.log.closing import ClosingMixin
from stream.log.embedded import batches
from stream.log.embedded.catalogue import partition_of
from stream.log.embedded.database import Database
from stream.log.embedded.groups import EmbeddedMembership
from stream.log.embedded.writing import encoded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from stream.log.batch import Records
    from stream.log.embedded.blobs import Blob
    from stream.log.embedded.place import Place
    from stream.log.seam import Membership


class EmbeddedTransaction:
    """Keeps what is to become visible; see `stream.log.seam.Transaction`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_open = True
        self._blobs: list[tuple[int, list[Blob]]] = []
        self._positions: dict[EmbeddedMembership, dict[int, int]] = {}

    def append(self, topic: str, partition: int, records: Records) -> None:
        self._require_open()
        partition_id, blobs = encoded(self._database, topic, partition, records)
        self._blobs.append((partition_id, list(blobs)))

    def advance(self, membership: Membership, positions: Mapping[int, int]) -> None:
        self._require_open()
        if not isinstance(membership, EmbeddedMembership):
            raise TypeError(f"{membership!r} is no membership of an embedded log's subscription")
        self._positions.setdefault(membership, {}).update(positions)

    def write(self, connection: sqlite3.Connection) -> None:
        """All of it; `Fenced` where a group has gone on."""
        for partition_id, blobs in self._blobs:
            batches.append(connection, partition_id, blobs)
        for membership, positions in self._positions.items():
            membership.check(connection)
            for number, position in positions.items():
                partition_id = partition_of(connection, membership.topic, number).id
                connection.execute(
                    "INSERT INTO positions VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
                    " SET position = excluded.position",
                    (membership.group, partition_id, position),
                )

    def end(self) -> None:
        self._is_open = False

    def _require_open(self) -> None:
        if not self._is_open:
            raise LogError("this transaction has ended: begin another one")


class EmbeddedProducer(ClosingMixin):
    """The newest owner of its name; see `stream.log.seam.Producer`."""

    def __init__(self, place: Place, name: str) -> None:
        self._name, self._place = name, place
        self._database = Database(place, f"the producer {name!r}")
        self._failure: LogError | None = None
        self._current: EmbeddedTransaction | None = None
        try:
            self._epoch = self._next_epoch()
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[EmbeddedTransaction]:
        self._require_usable()
        self._current = transaction = EmbeddedTransaction(self._database)
        try:
            yield transaction
        finally:
            transaction.end()
            self._current = None
        self._commit(transaction)

    def is_replaced(self) -> bool:
        with Database(self._place) as database, database.reading() as connection:
            return self._newest_epoch(connection) != self._epoch

    def close(self) -> None:
        self._database.close()

    def _require_usable(self) -> None:
        if self._failure is not None:
            raise LogError(
                f"producer {self._name!r} is of no more use: {self._failure}"
            ) from self._failure
        if self._current is not None:
            raise LogError(f"producer {self._name!r} has a transaction open: end that one first")
        self._database.version()  # a closed producer says so before anything is done

    def _commit(self, transaction: EmbeddedTransaction) -> None:
        """Fences and writes while no other process can; all of it, or nothing."""
        try:
            with self._database.writing() as connection:
                self._check_epoch(connection)
                transaction.write(connection)
        except Fenced as error:
            self._failure = error
            raise
        except LogError as error:
            self._failure = CommitFailed(
                f"the transaction of producer {self._name!r} did not happen: {error}"
            )
            raise self._failure from error

    def _check_epoch(self, connection: sqlite3.Connection) -> None:
        if self._newest_epoch(connection) != self._epoch:
            raise Fenced(
                f"another process took over the name of producer {self._name!r}: "
                "this one has to stop"
            )

    def _newest_epoch(self, connection: sqlite3.Connection) -> int | None:
        row = connection.execute(
            "SELECT epoch FROM producers WHERE name = ?", (self._name,)
        ).fetchone()
        return None if row is None else int(row[0])

    def _next_epoch(self) -> int:
        with self._database.writing() as connection:
            rows = connection.execute(
                "INSERT INTO producers VALUES (?, 1)"
                " ON CONFLICT (name) DO UPDATE SET epoch = epoch + 1 RETURNING epoch",
                (self._name,),
            ).fetchall()
        return int(rows[0][0])
