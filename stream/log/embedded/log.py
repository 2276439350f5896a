"""The embedded log as a whole: what `stream.log.seam.Log` asks for, over one SQLite file."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from stream.errors import LogError
from stream.log.closing import ClosingMixin
from stream.log.embedded import batches, catalogue
from stream.log.embedded.catalogue import partition_of, partitions_of
from stream.log.embedded.database import Database
from stream.log.embedded.place import Place
from stream.log.embedded.producing import EmbeddedProducer
from stream.log.embedded.reading import EmbeddedReader
from stream.log.embedded.subscribing import EmbeddedSubscription
from stream.log.embedded.writing import EmbeddedWriter
from stream.log.seam import Bounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.log.seam import Listener, TopicDifference, TopicSpec


ROWS_A_STEP = 64  # some 16 MiB to overwrite before another process may write


class EmbeddedLog(ClosingMixin):
    """The log in one file, made where there is none; see `stream.log.seam.Log`.

    `address` is what follows `sqlite:///`. Other processes are waited for up to
    `busy_seconds` where they write. What it gives out has connections of its own and
    stays open until closed itself.
    """

    def __init__(self, address: str, *, busy_seconds: float = 10.0) -> None:
        self._place = Place.parse(address, busy_seconds=busy_seconds)
        self._database = Database(self._place)

    @property
    def name(self) -> str:
        return self._place.name

    def create_topics(self, topics: Sequence[TopicSpec]) -> list[TopicDifference]:
        with self._database.writing() as connection:
            return catalogue.create(connection, topics)

    def topics(self) -> list[TopicSpec]:
        with self._database.reading() as connection:
            return catalogue.listed(connection)

    def delete_topics(self, names: Sequence[str]) -> None:
        for name in names:
            self.partitions(name)  # all of them, or none
        for name in names:
            for partition, bounds in self.bounds(name).items():
                self._forget(name, partition, bounds.end)
            with self._database.writing() as connection:
                catalogue.delete(connection, name)
        self._wipe()

    def partitions(self, topic: str) -> int:
        with self._database.reading() as connection:
            return len(partitions_of(connection, topic))

    def bounds(self, topic: str) -> dict[int, Bounds]:
        with self._database.reading() as connection:
            there = partitions_of(connection, topic)
        return {
            number: Bounds(partition.start, partition.end) for number, partition in there.items()
        }

    def positions_at(self, topic: str, timestamp: int) -> dict[int, int]:
        with self._database.reading() as connection:
            return {
                number: batches.position_at(connection, topic, number, there, timestamp)
                for number, there in partitions_of(connection, topic).items()
            }

    def settled_end(self, topic: str, partition: int, timeout: float) -> int:
        """The end: a transaction is written in one piece here, so nothing is ever undecided."""
        with self._database.reading() as connection:
            return partition_of(connection, topic, partition).end

    def committed(self, group: str, topic: str) -> dict[int, int]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, position FROM positions"
                " JOIN partitions ON partitions.id = partition_id"
                " JOIN topics ON topics.id = topic_id"
                " WHERE group_name = ? AND topics.name = ? ORDER BY number",
                (group, topic),
            ).fetchall()
        return dict(rows)

    def truncate(self, topic: str, partition: int, before: int) -> None:
        self._forget(topic, partition, before)
        self._wipe()

    def reader(self, topic: str, positions: Mapping[int, int]) -> EmbeddedReader:
        return EmbeddedReader(self._place, topic, positions)

    def subscribe(
        self, topic: str, group: str, member: str, listener: Listener
    ) -> EmbeddedSubscription:
        return EmbeddedSubscription(self._place, topic, group, member, listener)

    def writer(self) -> EmbeddedWriter:
        return EmbeddedWriter(self._place)

    def producer(self, name: str) -> EmbeddedProducer:
        return EmbeddedProducer(self._place, name)

    def close(self) -> None:
        self._database.close()

    def _forget(self, topic: str, partition: int, before: int) -> None:
        """At once for those who read; on disk step by step, so that others get to write."""
        with self._database.writing() as connection:
            batches.truncate(connection, topic, partition, before)
        is_more = True
        while is_more:
            with self._database.writing() as connection:
                is_more = batches.forget(connection, topic, partition, most=ROWS_A_STEP)

    def _wipe(self) -> None:
        """What was deleted is gone already; where others read just now, the next one wipes."""
        with contextlib.suppress(LogError):
            self._database.wipe()
