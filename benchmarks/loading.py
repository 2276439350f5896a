"""A program: a thousand lines a second to a topic, each sent when it is due.

    python -m benchmarks.loading BOOTSTRAP TOPIC SECONDS

Prints the instant, in milliseconds since 1970, at which line 0 was due. Latency is measured from
there and not from when a line was really sent: a sender that is late counts too.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from kafka import KafkaProducer

from benchmarks.lines import records_of
from benchmarks.shops import of_orders
from stream.log.partitioning import partitions_of

if TYPE_CHECKING:
    from stream.log.batch import Records

A_SECOND = 1_000
CUSTOMERS = 1_000
PARTITIONS = 4
HEAD_START_MS = 200


def main() -> None:
    bootstrap, topic, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=0)
    producer.partitions_for(topic)
    begin_ms = time.time_ns() // 1_000_000 + HEAD_START_MS
    records = lines(round(seconds * A_SECOND), begin_ms)
    where = partitions_of(records, PARTITIONS).tolist()
    for line, record in enumerate(records):
        _wait_until(begin_ms / 1_000 + line / A_SECOND)
        producer.send(topic, key=record.key, value=record.value, partition=where[line])
    producer.flush()
    producer.close()
    sys.stdout.write(f"{begin_ms}\n")


def lines(count: int, begin_ms: int) -> Records:
    """Line i is order `i // CUSTOMERS` of customer `i % CUSTOMERS`, and its event time when due."""
    number = np.arange(count)
    due_ms = begin_ms + number * 1_000 // A_SECOND
    rng = np.random.default_rng(0)
    return records_of(of_orders(number % CUSTOMERS, due_ms, number, number, rng), begin_ms)


def _wait_until(at: float) -> None:
    left = at - time.time()
    if left > 0:
        time.sleep(left)  # the load is paced: a line is sent when it is due


if __name__ == "__main__":
    main()
