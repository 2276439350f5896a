"""The plain public way: one Python object a record, only what kafka-python documents.

Slow, and kept so that a new release of kafka-python can slow Shoal down but not stop it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stream.errors import LogError
from stream.log.batch import Record, RecordBatch, Records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.log.kafka.way import Done


class SingleRecords:
    """Record by record, through `poll` and `send`."""

    consumer_options: Mapping[str, object] = {"max_poll_records": 20_000}
    producer_options: Mapping[str, object] = {"linger_ms": 5, "batch_size": 512 * 1024}

    def prepare_consumer(self, consumer: Any) -> None:
        """A consumer brings single records as it is."""

    def prepare_producer(self, producer: Any) -> None:
        """A producer takes single records as it is."""

    def batches(self, polled: Mapping[Any, list[Any]]) -> list[RecordBatch]:
        return [
            RecordBatch(
                place.topic,
                place.partition,
                np.array([record.offset for record in records], np.int64),
                records[-1].offset + 1,
                Records.of(
                    Record(record.key, record.value, record.timestamp, tuple(record.headers))
                    for record in records
                ),
            )
            for place, records in polled.items()
        ]

    def send(self, producer: Any, topic: str, partition: int, records: Records, done: Done) -> None:
        for record in records:
            if not _can_be_sent(record):
                raise LogError(
                    "kafka-python sends no record without key and value, nor a header without value"
                )
            future = producer.send(
                topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
                partition=partition,
                timestamp_ms=record.timestamp,
            )
            future.add_callback(lambda _: done(1, None))
            future.add_errback(lambda error: done(1, error))

    def wake(self, producer: Any) -> None:
        """It wakes by itself."""

    def stop(self, producer: Any, error: Exception) -> None:
        """Nothing public does this: what is queued goes out, and `append` refuses more."""

    def identity(self, producer: Any) -> tuple[int, int] | None:
        return None

    def last_error(self, producer: Any) -> Exception | None:
        return None


def _can_be_sent(record: Record) -> bool:
    has_something = record.key is not None or record.value is not None
    return has_something and all(value is not None for _, value in record.headers)
