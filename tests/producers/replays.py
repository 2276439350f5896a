"""What replay tests share: an embedded log, a clock that jumps when waited on, and a topic read."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from producers.replaying.progress_mark import mark_of
from producers.replaying.sort import sorted_lines
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from tests.producers.some_lines import cut, lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from producers.replaying.sort import SortedLines
    from stream.log.batch import Record, Records
    from stream.log.seam import Log, Writer

TOPIC = "transactions"
THEN_MS = 1_600_000_000_000  # what the wall's clock shows when the other one shows 0
DAY_MS = 24 * 60 * 60 * 1000


@dataclass
class JumpingClock:
    """Never waits: its time goes on by what it was asked to wait. Stops after `patience`."""

    at: float = 1000.0
    patience: float = float("inf")

    def now_ms(self) -> int:
        return THEN_MS + int(self.at * 1000)

    def seconds(self) -> float:
        return self.at

    def wait(self, seconds: float) -> bool:
        self.at += seconds
        return self.at > self.patience


@contextmanager
def log_with_topic(path: Path, partitions: int = 3) -> Iterator[Log]:
    with open_log(f"sqlite:///{path}") as log:
        log.create_topics([TopicSpec(TOPIC, partitions)])
        yield log


@contextmanager
def some_days(count: int = 60, batch: int = 7, *, price: float = 2.5) -> Iterator[SortedLines]:
    """Lines of six customers over some days, with equal ones, in disorder."""
    rows: list[dict[str, Any]] = [
        {
            "customer_id": f"c{i % 6}",
            "occurred_at": (i * 37 % count) * DAY_MS // 4,
            "product_id": None if i % 5 else "p",
            "unit_price": price,
        }
        for i in range(count)
    ]
    rows += rows[:5]
    with sorted_lines([cut(lines(rows), [batch] * count)]) as sorted_ones:
        # In small batches, so that there are many places to stop at.
        pieces = [piece for one in sorted_ones for piece in cut(one, [batch] * count)]
        yield replace(sorted_ones, runs=[pieces])


def everything(log: Log, topic: str = TOPIC) -> list[list[Record]]:
    """All records by partition, in order."""
    found: list[list[Record]] = []
    for partition, (start, end) in sorted(log.bounds(topic).items()):
        found.append([])
        with log.reader(topic, {partition: start}) as reader:
            while reader.positions()[partition] < end:
                for batch in reader.poll(1.0):
                    found[-1] += list(batch.records)
    return found


def without_clock(partitions: Sequence[Sequence[Record]]) -> list[list[tuple[Any, ...]]]:
    """What has to be the same in two replays: all but the time of sending."""
    return [[(one.key, one.value, one.headers) for one in records] for records in partitions]


def places(records: Sequence[Record]) -> list[int]:
    return [mark.place for mark in map(mark_of, records) if mark is not None]


class Cut(Exception):
    """The power goes."""


class CutWriter:
    """A writer whose process dies once so many records of a partition are there."""

    def __init__(self, writer: Writer, left: dict[int, int]) -> None:
        self._writer, self._left = writer, left

    def append(self, topic: str, partition: int, records: Records) -> None:
        left = self._left[partition]
        self._left[partition] = left - len(records)
        self._writer.append(topic, partition, records.slice(0, left))
        if left < len(records):
            raise Cut

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def __enter__(self) -> CutWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()


class CutLog:
    """The log of a process that is going to die; see `CutWriter`."""

    def __init__(self, log: Log, left: dict[int, int]) -> None:
        self._log, self._left = log, left

    def writer(self) -> CutWriter:
        return CutWriter(self._log.writer(), dict(self._left))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)
