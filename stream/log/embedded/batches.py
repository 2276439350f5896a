"""The table of record batches: everything that reads or writes its rows.

No visible row begins before its partition's start; those that do wait to be deleted.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stream.errors import PositionOutOfRange, TopicMissing
from stream.log.embedded.blobs import Blob, decode_blob, encode_blob
from stream.log.embedded.catalogue import partition_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Iterable

    from stream.log.batch import RecordBatch
    from stream.log.embedded.catalogue import Partition


class Stored(NamedTuple):
    """A row: where its records lie, and the records still encoded."""

    base_offset: int
    blob: Blob

    def decode(self, topic: str, partition: int) -> RecordBatch:
        return decode_blob(self.blob, topic, partition, self.base_offset)


def append(connection: sqlite3.Connection, partition_id: int, blobs: Iterable[Blob]) -> None:
    """At the partition's end, within the transaction that the caller has."""
    row = connection.execute(
        "SELECT end_offset FROM partitions WHERE id = ?", (partition_id,)
    ).fetchone()
    if row is None:
        raise TopicMissing("the topic was deleted while it was written")
    end = int(row[0])
    for blob in blobs:
        _insert(connection, partition_id, end, blob)
        end += blob.record_count
    connection.execute("UPDATE partitions SET end_offset = ? WHERE id = ?", (end, partition_id))


def stored_from(
    connection: sqlite3.Connection, partition_id: int, position: int, *, most: int, room: int
) -> Generator[Stored]:
    """From the row that `position` lies in; at most `most` rows, or `room` bytes."""
    rows = connection.execute(
        "SELECT base_offset, record_count, first_timestamp, max_timestamp, checksum, data"
        " FROM batches WHERE partition_id = :id AND base_offset >= ("
        " SELECT max(base_offset) FROM batches"
        " WHERE partition_id = :id AND base_offset <= :position"
        ") ORDER BY base_offset LIMIT :most",
        {"id": partition_id, "position": position, "most": most},
    )
    with contextlib.closing(rows):  # an open one would keep the transaction open
        for base_offset, *blob in rows:
            stored = Stored(base_offset, Blob(*blob))
            yield stored
            room -= len(stored.blob.data)
            if room <= 0:
                break


def position_at(
    connection: sqlite3.Connection, topic: str, number: int, there: Partition, timestamp: int
) -> int:
    """The first record at or after `timestamp`, in offset order; the end where there is none."""
    row = connection.execute(
        "SELECT base_offset, record_count, first_timestamp, max_timestamp, checksum, data"
        " FROM batches WHERE partition_id = ? AND max_timestamp >= ? ORDER BY base_offset LIMIT 1",
        (there.id, timestamp),
    ).fetchone()
    if row is None:
        return there.end
    batch = Stored(row[0], Blob(*row[1:])).decode(topic, number)
    return int(batch.offsets[np.argmax(batch.records.timestamps >= timestamp)])


def truncate(connection: sqlite3.Connection, topic: str, number: int, before: int) -> None:
    """Moves the start. The row that `before` lies in is written anew without its beginning."""
    there = partition_of(connection, topic, number)
    if before > there.end:
        raise PositionOutOfRange(topic, number, before, start=there.start, end=there.end)
    if before <= there.start:
        return
    with contextlib.closing(stored_from(connection, there.id, before, most=1, room=1)) as rows:
        straddling = next(rows, None)
    if straddling is not None and straddling.base_offset < before < there.end:
        rest = straddling.decode(topic, number).starting_at(before)
        _insert(connection, there.id, before, encode_blob(rest.records))
    connection.execute("UPDATE partitions SET start_offset = ? WHERE id = ?", (before, there.id))


def forget(connection: sqlite3.Connection, topic: str, number: int, *, most: int) -> bool:
    """Deletes rows before the start, at most so many; whether there may be more of them."""
    there = partition_of(connection, topic, number)
    deleted = connection.execute(
        "DELETE FROM batches WHERE id IN (SELECT id FROM batches"
        " WHERE partition_id = ? AND base_offset < ? LIMIT ?)",
        (there.id, there.start, most),
    ).rowcount
    return deleted == most


def _insert(
    connection: sqlite3.Connection, partition_id: int, base_offset: int, blob: Blob
) -> None:
    connection.execute(
        "INSERT INTO batches (partition_id, base_offset, record_count, first_timestamp,"
        " max_timestamp, checksum, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (partition_id, base_offset, *blob),
    )
