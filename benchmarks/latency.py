"""From a line to the change that it brings about, as a `read_committed` reader sees it.

A thousand lines a second, each an order that takes its customer one segment on: the model has
a segment for every number of orders. Beside it an echo of kafka-python's own, which commits as
often, under the same load and read by the same reader.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from kafka import KafkaConsumer, TopicPartition

from benchmarks.commands import answer, echoing, running, started
from benchmarks.figures import ROUNDS, Figure
from benchmarks.lens import one_segment_an_order
from benchmarks.loading import A_SECOND, CUSTOMERS
from benchmarks.week import PARTITIONS, place, publish
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.week import Place
    from stream.log.batch import Ints

SECONDS, WARM_SECONDS = 8, 2
PATIENCE_SECONDS = 30.0


def measure(bootstrap: str) -> list[Figure]:
    rounds = [(_ours(bootstrap), _echo(bootstrap)) for _ in range(ROUNDS)]
    ours, echo = (np.median(column, axis=0).tolist() for column in zip(*rounds, strict=True))
    ratios = [median(one[place] / other[place] for one, other in rounds) for place in (0, 1)]
    return [
        Figure("latency_p50_ratio", ratios[0], "≤ 1.5", "line to change, over the echo's"),
        Figure("latency_p99_ratio", ratios[1], "≤ 1.5", "the same, of the slowest hundredth"),
        Figure("latency_p50_ms", ours[0], "", f"at {A_SECOND:,} lines a second, all changes"),
        Figure("latency_p99_ms", ours[1], "", "the same, of the slowest hundredth"),
        Figure("echo_p50_ms", echo[0], "", "the echo: kafka-python, a transaction every 100 ms"),
        Figure("echo_p99_ms", echo[1], "", "the same, of the slowest hundredth"),
    ]


def _ours(bootstrap: str) -> tuple[float, float]:
    with place(f"kafka://{bootstrap}", grace_seconds=0) as at:
        with open_log(at.url) as log:
            publish(log, at.topics, one_segment_an_order(at.settings, datetime.now(UTC)))
        with running(at.words()):
            return _timed(bootstrap, at, _line_of_change)


def _echo(bootstrap: str) -> tuple[float, float]:
    with ExitStack() as stack:
        at = stack.enter_context(place(f"kafka://{bootstrap}"))
        topics, group = at.topics, f"{at.topics.prefix}echo"
        stack.enter_context(echoing(bootstrap, topics.transactions, topics.changes, group))
        return _timed(bootstrap, at, _line_of_echo)


def _timed(bootstrap: str, at: Place, line_of: Callable[[bytes], int]) -> tuple[float, float]:
    """Half of the lines and nearly all of them took no longer than this; in milliseconds."""
    count = SECONDS * A_SECOND
    with closing(_reader(bootstrap, at.topics.changes)) as reader:
        words = (bootstrap, at.topics.transactions, str(SECONDS))
        with started("-m", "benchmarks.loading", *words) as loader:
            seen = _seen(reader, count, line_of)
            begin_ms = float(answer(loader))
    due_ms = begin_ms + np.arange(count) * 1_000 / A_SECOND
    took = (seen / 1e6 - due_ms)[WARM_SECONDS * A_SECOND :]
    return float(np.percentile(took, 50)), float(np.percentile(took, 99))


def _reader(bootstrap: str, topic: str) -> KafkaConsumer:
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    reader.assign([TopicPartition(topic, partition) for partition in range(PARTITIONS)])
    reader.seek_to_beginning()
    reader.poll(timeout_ms=100)
    return reader


def _seen(reader: KafkaConsumer, count: int, line_of: Callable[[bytes], int]) -> Ints:
    """When each line's change was seen, in nanoseconds since 1970."""
    seen = np.zeros(count, np.int64)
    left, until = count, time.monotonic() + SECONDS + PATIENCE_SECONDS
    while left > 0:
        for records in reader.poll(timeout_ms=500).values():
            now = time.time_ns()
            for record in records:
                seen[line_of(record.value)] = now
            left -= len(records)
        assert time.monotonic() < until, f"{left} of {count} lines brought no change"
    return seen


def _line_of_change(value: bytes) -> int:
    """The n-th change of customer c was brought about by their n-th order."""
    change = json.loads(value)
    return (int(change["sequence"]) - 1) * CUSTOMERS + int(change["customer_id"][1:])


def _line_of_echo(value: bytes) -> int:
    return int(json.loads(value)["event_id"][1:])
