"""Reading partitions from positions: a few megabytes a poll, each partition in its turn.

A poll looks at one state of the file and lets go of it before it decodes; while nothing
comes it asks only whether another connection has committed something.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from stream.errors import LogError, PositionOutOfRange
from stream.log.closing import ClosingMixin
from stream.log.embedded.batches import stored_from
from stream.log.embedded.catalogue import partition_of, partitions_of
from stream.log.embedded.database import Database

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from stream.log.batch import RecordBatch
    from stream.log.embedded.batches import Stored
    from stream.log.embedded.catalogue import Partition
    from stream.log.embedded.place import Place

POLL_BYTES = 8 * 1024 * 1024
POLL_ROWS = 1024  # bounds a poll of many small ones
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.0005, 0.01


class EmbeddedReader(ClosingMixin):
    """A topic's partitions, each read from its position on; see `stream.log.seam.Reader`."""

    def __init__(self, place: Place, topic: str, positions: Mapping[int, int]) -> None:
        self._topic = topic
        self._database = Database(place, f"the reader of {topic!r}")
        self._positions: dict[int, int] = {}
        self._ids: dict[int, int] = {}  # a partition made anew has another one
        self._polls = 0
        try:
            for partition, position in positions.items():
                self.start(partition, position)
        except BaseException:
            self.close()
            raise

    def start(self, partition: int, position: int) -> None:
        with self._database.reading() as connection:
            self._ids[partition] = partition_of(connection, self._topic, partition).id
        self._positions[partition] = position

    def poll(self, timeout: float) -> list[RecordBatch]:
        return self.poll_of(self._positions.keys(), timeout)

    def poll_of(self, partitions: Collection[int], timeout: float) -> list[RecordBatch]:
        """Only these partitions: what is there, or comes within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            version = self._database.version()
            if stored := self._fetch(partitions):
                return self._decode(stored)
            if not self._wait(version, deadline):
                return []

    def positions(self) -> dict[int, int]:
        return dict(self._positions)

    def partitions(self) -> list[int]:
        """All that the topic has."""
        with self._database.reading() as connection:
            return list(partitions_of(connection, self._topic))

    def lag(self) -> dict[int, int]:
        with self._database.reading() as connection:
            there = partitions_of(connection, self._topic)
        return {n: there[n].end - at for n, at in self._positions.items() if n in there}

    def close(self) -> None:
        self._database.close()

    def _fetch(self, wanted: Collection[int]) -> list[tuple[int, Stored]]:
        with self._database.reading() as connection:
            there = partitions_of(connection, self._topic)
            for number in wanted:
                self._check(number, there.get(number))
            behind = [number for number in wanted if self._positions[number] < there[number].end]
            return list(self._share(connection, self._in_turn(behind)))

    def _check(self, number: int, there: Partition | None) -> None:
        if there is None:
            raise LogError(f"{self._topic!r} was made anew and has no partition {number} now")
        position = self._positions[number]
        if there.id != self._ids[number] or not there.start <= position <= there.end:
            raise PositionOutOfRange(
                self._topic, number, position, start=there.start, end=there.end
            )

    def _in_turn(self, behind: list[int]) -> list[int]:
        """Each poll begins with another partition, so that none waits for ever."""
        self._polls += 1
        first = self._polls % max(len(behind), 1)
        return behind[first:] + behind[:first]

    def _share(
        self, connection: sqlite3.Connection, behind: Sequence[int]
    ) -> Iterator[tuple[int, Stored]]:
        """Rows of each partition in equal shares, one at least, until the poll is full."""
        used = 0
        for number in behind:
            for stored in stored_from(
                connection,
                self._ids[number],
                self._positions[number],
                most=max(POLL_ROWS // len(behind), 1),
                room=POLL_BYTES // len(behind),
            ):
                used += len(stored.blob.data)
                yield number, stored
            if used >= POLL_BYTES:
                break

    def _decode(self, stored: Sequence[tuple[int, Stored]]) -> list[RecordBatch]:
        """Positions move only when all of it could be read."""
        batches = [
            row.decode(self._topic, number).starting_at(self._positions[number])
            for number, row in stored
        ]
        self._positions.update((batch.partition, batch.next_offset) for batch in batches)
        return batches

    def _wait(self, version: int, deadline: float) -> bool:
        """Until another connection has committed; false where the deadline comes first."""
        pause = SHORTEST_PAUSE_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            if self._database.version() != version:
                return True
            pause = min(pause * 1.2, LONGEST_PAUSE_SECONDS)
        return False
