"""The Kafka log: what the seam asks for, each part where it belongs."""

from __future__ import annotations

import threading
import time
import warnings
from typing import TYPE_CHECKING

from stream.errors import LogError
from stream.log.kafka.client import Clients
from stream.log.kafka.closed_once import ClosedOnce
from stream.log.kafka.groups import KafkaSubscription, committed
from stream.log.kafka.producing import KafkaTransactions, KafkaWriter
from stream.log.kafka.reading import KafkaReader
from stream.log.kafka.single import SingleRecords
from stream.log.kafka.topics import Topics
from stream.log.kafka.whole import WholeBatches, misfit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.log.kafka.way import Way
    from stream.log.seam import Bounds, Listener, TopicDifference, TopicSpec

SETTLED_EVERY_SECONDS = 0.05


def fastest_way() -> Way:
    """Whole batches where kafka-python's inside is as we know it, else record by record."""
    reason = misfit()
    if reason is None:
        return WholeBatches()
    warnings.warn(
        f"reading and writing record by record, several times slower: {reason}", stacklevel=3
    )
    return SingleRecords()


class KafkaLog(ClosedOnce):
    def __init__(
        self, servers: Sequence[str], options: Mapping[str, object], way: Way | None = None
    ) -> None:
        self._clients = Clients(servers, options)
        self._way = way or fastest_way()
        self._clients.reach()
        self._topics = Topics(self._clients)

    @property
    def name(self) -> str:
        return self._clients.name

    def create_topics(self, topics: Sequence[TopicSpec]) -> list[TopicDifference]:
        return self._topics.create(topics)

    def topics(self) -> list[TopicSpec]:
        return self._topics.specs()

    def delete_topics(self, names: Sequence[str]) -> None:
        self._topics.delete(names)

    def partitions(self, topic: str) -> int:
        return self._topics.facts(topic).partitions

    def bounds(self, topic: str) -> dict[int, Bounds]:
        return self._topics.bounds(topic)

    def positions_at(self, topic: str, timestamp: int) -> dict[int, int]:
        return self._topics.positions_at(topic, timestamp)

    def settled_end(self, topic: str, partition: int, timeout: float) -> int:
        written = self._topics.written_end(topic, partition)
        deadline = time.monotonic() + timeout
        while self._topics.bounds(topic)[partition].end < written:
            if time.monotonic() > deadline:
                raise LogError(
                    f"{topic}[{partition}] has an open transaction before {written} for "
                    f"{timeout:.0f} s now: wait for its owner's transaction.timeout.ms, or end it"
                )
            threading.Event().wait(SETTLED_EVERY_SECONDS)
        return written

    def committed(self, group: str, topic: str) -> dict[int, int]:
        return committed(self._clients, self._topics, group, topic)

    def truncate(self, topic: str, partition: int, before: int) -> None:
        self._topics.truncate(topic, partition, before)

    def reader(self, topic: str, positions: Mapping[int, int]) -> KafkaReader:
        return KafkaReader(self._clients, self._topics, self._way, topic, positions)

    def subscribe(
        self, topic: str, group: str, member: str, listener: Listener
    ) -> KafkaSubscription:
        return KafkaSubscription(
            self._clients, self._topics, self._way, topic, group, member, listener
        )

    def writer(self) -> KafkaWriter:
        return KafkaWriter(self._clients, self._topics, self._way)

    def producer(self, name: str) -> KafkaTransactions:
        return KafkaTransactions(self._clients, self._topics, self._way, name)

    def _release(self) -> None:
        self._topics.close()
