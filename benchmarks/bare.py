"""A program: the floors of consuming, each alone in a process as the worker is.

    python -m benchmarks.bare consumer BOOTSTRAP TOPIC PARTITIONS
    python -m benchmarks.bare river BOOTSTRAP TOPIC PARTITIONS CHANGES RECORDS

Prints, as JSON, how many records it read and the seconds that took, also on the processor.
"""

from __future__ import annotations

import json
import sys
import time

from kafka import KafkaConsumer, TopicPartition


def bare_consumer(bootstrap: str, topic: str, partitions: int) -> int:
    """Everything in the topic, once."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 << 20,
        max_poll_records=5_000,
    )
    places = [TopicPartition(topic, partition) for partition in range(partitions)]
    consumer.assign(places)
    consumer.seek_to_beginning()
    ends = consumer.end_offsets(places)
    total = 0
    while any(consumer.position(place) < end for place, end in ends.items()):
        total += sum(map(len, consumer.poll(timeout_ms=1_000).values()))
    consumer.close()
    return total


def main() -> None:
    which, bootstrap, topic, partitions, *more = sys.argv[1:]
    if which == "river":
        from benchmarks.river_loop import consume

        began, busy = time.perf_counter(), time.process_time()
        count = consume(bootstrap, topic, int(partitions), more[0], int(more[1]))
    else:
        began, busy = time.perf_counter(), time.process_time()
        count = bare_consumer(bootstrap, topic, int(partitions))
    seconds = time.perf_counter() - began
    told = {"records": count, "seconds": seconds, "busy": time.process_time() - busy}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
