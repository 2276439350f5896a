"""Replay to Kafka and reading back, beside plain loops over kafka-python's own clients."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from kafka import KafkaProducer

from benchmarks.bare import bare_consumer
from benchmarks.data import Now, dataset
from benchmarks.figures import Figure, in_turns
from producers.replaying.replay import Plan, replay
from producers.replaying.sort import sorted_lines
from stream.contracts.columns import columns_of
from stream.log.open import open_log
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Callable

    from stream.log.batch import RecordBatch
    from stream.log.seam import Log

PARTITIONS = 4
# Partition, key, value, headers.
Sent = tuple[int, bytes | None, bytes | None, list[tuple[str, bytes]]]
BARE_RECORDS = 100_000  # a plain producer takes seconds for these


def measure(bootstrap: str) -> list[Figure]:
    with open_log(f"kafka://{bootstrap}") as log:
        topic = new_topic(log)
        replayed(log, topic)  # compiled once, and something to read
        sent = stored(log, topic)
        writing = in_turns(
            lambda: replayed(log, new_topic(log)),
            lambda: bare_producer(bootstrap, new_topic(log), sent),
        )
        reading = in_turns(
            lambda: read_back(log, topic), lambda: bare_consumer(bootstrap, topic, PARTITIONS)
        )
    return [
        Figure("replay_kafka_ratio", writing.ratio, "≥ 4", "replay to Kafka over a bare producer"),
        Figure("replay_kafka_rows_per_second", writing.rate, "", "file to acknowledged records"),
        Figure("bare_producer_rows_per_second", writing.floor, "", "its floor, the same bytes"),
        Figure(
            "read_kafka_ratio",
            reading.ratio,
            "≥ 3",
            "reading Kafka and decoding over a bare consumer that decodes nothing",
        ),
        Figure("read_kafka_rows_per_second", reading.rate, "", "fetched and decoded into columns"),
        Figure("bare_consumer_rows_per_second", reading.floor, "", "its floor, the same topic"),
    ]


def new_topic(log: Log) -> str:
    name = f"bench.{uuid.uuid4().hex[:8]}."
    topics = Topics(name, PARTITIONS)
    log.create_topics(topics.specs()[:1])
    return topics.transactions


def replayed(log: Log, topic: str) -> int:
    """From the file to the last acknowledgement."""
    with sorted_lines([dataset().lines()]) as lines:
        return replay(lines, log, Plan(topic), Now()).sent


def read_back(log: Log, topic: str) -> int:
    return through(log, topic, lambda batch: len(columns_of(batch.records)))


def through(log: Log, topic: str, look: Callable[[RecordBatch], int]) -> int:
    """Everything in the topic, once."""
    ends = {partition: bounds.end for partition, bounds in log.bounds(topic).items()}
    total = 0
    with log.reader(topic, dict.fromkeys(ends, 0)) as reader:
        while reader.positions() != ends:
            total += sum(look(batch) for batch in reader.poll(1.0))
    return total


def stored(log: Log, topic: str) -> list[Sent]:
    """Records as they were sent, for the floor to send again."""
    kept: list[Sent] = []

    def keep(batch: RecordBatch) -> int:
        for _, record in batch:
            if len(kept) < BARE_RECORDS:
                headers = [(name, value or b"") for name, value in record.headers]
                kept.append((batch.partition, record.key, record.value, headers))
        return len(batch)

    through(log, topic, keep)
    return kept


def bare_producer(
    bootstrap: str,
    topic: str,
    records: list[Sent],
) -> int:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    for partition, key, value, headers in records:
        producer.send(topic, value=value, key=key, headers=headers, partition=partition)
    producer.flush()
    producer.close()
    return len(records)
