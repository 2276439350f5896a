"""Records on their way to the broker: cut into batches, counted, bounded in memory.

Shared by the plain writer and by transactions, because both have to know that every
batch arrived, and neither may queue more than memory has.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from kafka import errors

from stream.errors import LogError, RecordTooLarge
from stream.log.batch import Records
from stream.log.codec import record_sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stream.log.kafka.topics import Topics
    from stream.log.kafka.way import Way

BATCH_BYTES = 900 * 1024
"""Under what a broker takes if nobody told it otherwise."""

WAITING_BYTES = 8 << 20
AT_ONCE_BYTES = WAITING_BYTES // 2
"""Goes out while the other half is made. A request takes a batch of each partition there is, and
costs the client and the broker as much with one as with ten."""

BATCH_HEADER_BYTES = 61


class Outbox:
    """Sends what it is given; `flush` waits for the answers."""

    def __init__(self, producer: Any, topics: Topics, way: Way) -> None:
        self._producer, self._topics, self._way = producer, topics, way
        self._changed = threading.Condition()
        self._waiting_bytes = 0
        self._acknowledged = 0
        self._failure: Exception | None = None

    @property
    def acknowledged(self) -> int:
        return self._acknowledged

    @property
    def failure(self) -> Exception | None:
        return self._failure

    def append(self, topic: str, partition: int, records: Records) -> None:
        for batch, size in self.batches(topic, partition, records):
            self.send(topic, partition, batch, size)
        self.wake()

    def batches(
        self, topic: str, partition: int, records: Records
    ) -> Iterator[tuple[Records, int]]:
        """The records as they can be sent, or why they can't."""
        facts = self._topics.facts(topic)
        if not 0 <= partition < facts.partitions:
            raise LogError(f"{topic} has {facts.partitions} partitions, and none is {partition}")
        return cut(topic, records, facts.max_message_bytes)

    def send(self, topic: str, partition: int, batch: Records, size: int) -> None:
        """One of these; it goes at the next `wake` or `flush`, or when memory is short."""
        self._producer.partitions_for(topic)  # without it the sender never learns of the topic
        record_bytes = size // len(batch)
        self._reserve(record_bytes * len(batch))
        done = partial(self._done, record_bytes)
        self._way.send(self._producer, topic, partition, batch, done)

    def wake(self) -> None:
        """Has what was sent go now."""
        self._way.wake(self._producer)

    def flush(self) -> None:
        """Waits until every record has arrived or failed."""
        with suppress(errors.UnknownError):  # kafka-python's word for a batch that it had to split
            self._producer.flush()
        with self._changed:
            self._changed.wait_for(lambda: self._waiting_bytes == 0)

    def _reserve(self, size: int) -> None:
        with self._changed:
            if self._waiting_bytes >= WAITING_BYTES:
                self.wake()
            self._changed.wait_for(lambda: self._failure or self._waiting_bytes < WAITING_BYTES)
            if self._failure:
                raise self._failure
            self._waiting_bytes += size

    def _done(self, record_bytes: int, count: int, error: Exception | None) -> None:
        with self._changed:
            self._waiting_bytes -= record_bytes * count
            if error is None:
                self._acknowledged += count
            first = error is not None and self._failure is None
            if first:
                self._failure = error
            self._changed.notify_all()
        if first and error is not None:
            self._way.stop(self._producer, error)


class Gathered:
    """What one transaction sends. Small records for the same place wait for each other: each
    batch is a request of its own, and each place that is heard of late is one more.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._small: dict[tuple[str, int], list[tuple[Records, int]]] = defaultdict(list)
        self._unsent = 0

    @property
    def failure(self) -> Exception | None:
        return self._outbox.failure

    def append(self, topic: str, partition: int, records: Records) -> None:
        small = self._small[topic, partition]
        for batch, size in self._outbox.batches(topic, partition, records):
            if sum(waiting for _, waiting in small) + size > BATCH_BYTES:
                self._send(topic, partition)
            small.append((batch, size))
        if self._unsent >= AT_ONCE_BYTES:
            self._outbox.wake()
            self._unsent = 0

    def send(self) -> None:
        """All that still waits, at once."""
        for topic, partition in self._small:
            self._send(topic, partition)

    def flush(self) -> None:
        self._outbox.flush()

    def _send(self, topic: str, partition: int) -> None:
        small = self._small[topic, partition]
        if small:
            several, sizes = zip(*small, strict=True)
            together = several[0] if len(several) == 1 else Records.together(several)
            size = sum(sizes)
            self._outbox.send(topic, partition, together, size)
            self._unsent += size
            small.clear()


def cut(topic: str, records: Records, limit: int) -> Iterator[tuple[Records, int]]:
    """The records in runs that each fit a batch, with about how many bytes they take."""
    if not len(records):
        return
    lengths = (records.keys.lengths, records.values.lengths, records.headers.lengths)
    sizes = record_sizes(*lengths)
    largest = int(sizes.max())
    if largest > limit - BATCH_HEADER_BYTES:
        raise RecordTooLarge(
            f"a record of {largest} bytes is too large for {topic}, which takes {limit}: "
            "make it smaller, or raise the topic's max.message.bytes"
        )
    room = min(limit - BATCH_HEADER_BYTES, max(BATCH_BYTES, largest))
    ends = np.cumsum(sizes)
    start = sent = 0
    while start < len(records):
        stop = int(np.searchsorted(ends, sent + room, side="right"))
        yield records.slice(start, stop), int(ends[stop - 1]) - sent
        start, sent = stop, int(ends[stop - 1])
