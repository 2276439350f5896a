"""The writer without transactions.

Each append is one SQLite transaction for some megabytes: without a sync to disk a commit
costs less than gathering appends would save, and it is acknowledged when it returns.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from stream.errors import LogError
from stream.log.closing import ClosingMixin
from stream.log.embedded import batches
from stream.log.embedded.blobs import BLOB_BYTES, Blob, blobs_of
from stream.log.embedded.catalogue import partition_of
from stream.log.embedded.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.batch import Records
    from stream.log.embedded.place import Place

BLOBS_A_COMMIT = 4 * 1024 * 1024 // BLOB_BYTES


def encoded(
    database: Database, topic: str, partition: int, records: Records
) -> tuple[int, Iterator[Blob]]:
    """The partition's id and the records as blobs, made as they are taken."""
    with database.reading() as connection:
        there = partition_of(connection, topic, partition)
    return there.id, blobs_of(records, topic, there.max_message_bytes)


class EmbeddedWriter(ClosingMixin):
    """See `stream.log.seam.Writer`: every append is safe when it returns."""

    def __init__(self, place: Place) -> None:
        self._database = Database(place, "the writer")
        self._acknowledged = 0
        self._failure: LogError | None = None

    def append(self, topic: str, partition: int, records: Records) -> None:
        self.flush()
        partition_id, blobs = encoded(self._database, topic, partition, records)
        try:
            while some := list(islice(blobs, BLOBS_A_COMMIT)):
                with self._database.writing() as connection:
                    batches.append(connection, partition_id, some)
                self._acknowledged += sum(blob.record_count for blob in some)
        except LogError as error:
            self._failure = error
            raise

    def flush(self) -> None:
        """Nothing waits here; tells again of an append that failed."""
        if self._failure is not None:
            raise LogError(f"an earlier append failed: {self._failure}") from self._failure
        self._database.version()  # a closed writer says so

    @property
    def acknowledged(self) -> int:
        return self._acknowledged

    def close(self) -> None:
        self._database.close()
