"""Reading committed records from Kafka, from given positions and without a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kafka import TopicPartition, errors

from stream.errors import PositionOutOfRange
from stream.log.kafka.closed_once import ClosedOnce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.log.batch import RecordBatch
    from stream.log.kafka.client import Clients
    from stream.log.kafka.topics import Topics
    from stream.log.kafka.way import Way

# Nothing jumps: a position that is not there is an error, whoever asks for it.
CONSUMER = {
    "auto_offset_reset": "none",
    "enable_auto_commit": False,
    "isolation_level": "read_committed",
    # A trickle is fetched 50 times a second: each line by itself would keep client and broker busy,
    # and hold up the commit that the lines wait for anyway.
    "fetch_min_bytes": 128 << 10,
    "fetch_max_wait_ms": 20,
    "max_partition_fetch_bytes": 4 << 20,
    "fetch_max_bytes": 16 << 20,
    "receive_buffer_bytes": 1 << 20,
    "metrics_enabled": False,
}


class Polling:
    """A consumer and how it is polled; what a plain reader and a group member share."""

    def __init__(
        self, clients: Clients, topics: Topics, way: Way, topic: str, **group: object
    ) -> None:
        topics.facts(topic)
        self._clients, self._topics, self._way, self._topic = clients, topics, way, topic
        self.consumer: Any = clients.consumer(**CONSUMER, **way.consumer_options, **group)
        way.prepare_consumer(self.consumer)

    def poll(self, timeout: float) -> list[RecordBatch]:
        with self._clients.translated(self._topic):
            try:
                return self._way.batches(self.consumer.poll(timeout_ms=int(timeout * 1000)))
            except errors.OffsetOutOfRangeError as error:
                raise self._out_of_range(error) from error

    def position(self, partition: int) -> int:
        return int(self.consumer.position(TopicPartition(self._topic, partition)))

    def place(self, partition: int) -> TopicPartition:
        return TopicPartition(self._topic, partition)

    def close(self) -> None:
        self.consumer.close(autocommit=False)

    def _out_of_range(self, error: errors.OffsetOutOfRangeError) -> PositionOutOfRange:
        place, position = next(iter(error.args[0].items()))
        start, end = self._topics.bounds(self._topic)[place.partition]
        return PositionOutOfRange(self._topic, place.partition, position, start=start, end=end)


class KafkaReader(ClosedOnce):
    def __init__(
        self, clients: Clients, topics: Topics, way: Way, topic: str, positions: Mapping[int, int]
    ) -> None:
        self._polling = Polling(clients, topics, way, topic)
        self._partitions = list(positions)
        places = {self._polling.place(part): at for part, at in positions.items()}
        self._polling.consumer.assign(list(places))
        for place, position in places.items():
            self._polling.consumer.seek(place, position)

    def poll(self, timeout: float) -> list[RecordBatch]:
        self._has_to_be_open()
        return self._polling.poll(timeout)

    def positions(self) -> dict[int, int]:
        self._has_to_be_open()
        return {partition: self._polling.position(partition) for partition in self._partitions}

    def _release(self) -> None:
        self._polling.close()
