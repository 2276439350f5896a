"""A program: the floor of latency, kafka-python alone. What it reads it writes, in transactions.

    python -m benchmarks.echo BOOTSTRAP FROM TO GROUP

Commits every 100 ms, as `shoal consume` does, and does nothing else. Ends when it is told to.
"""

from __future__ import annotations

import sys
import time

from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition

COMMIT_SECONDS = 0.1


def main() -> None:
    bootstrap, source, target, group = sys.argv[1:]
    consumer = KafkaConsumer(
        source,
        bootstrap_servers=bootstrap,
        group_id=group,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = KafkaProducer(bootstrap_servers=bootstrap, transactional_id=group)
    producer.init_transactions()
    while not consumer.assignment():
        consumer.poll(timeout_ms=100)
    sys.stderr.write("ready after joining\n")
    sys.stderr.flush()
    while True:
        _commit_once(consumer, producer, target)


def _commit_once(consumer: KafkaConsumer, producer: KafkaProducer, target: str) -> None:
    """Whatever comes until a tenth of a second has gone by, and its positions, together."""
    positions: dict[TopicPartition, OffsetAndMetadata] = {}
    until = time.monotonic() + COMMIT_SECONDS
    producer.begin_transaction()
    while (left := until - time.monotonic()) > 0:
        for place, records in consumer.poll(timeout_ms=max(1, round(left * 1_000))).items():
            for record in records:
                producer.send(target, record.value, record.key, partition=place.partition)
            positions[place] = OffsetAndMetadata(records[-1].offset + 1, "", -1)
    producer.send_offsets_to_transaction(positions, consumer.group_metadata())
    producer.commit_transaction()


if __name__ == "__main__":
    main()
