"""A topic of events, workers that count them, and what has to have come of it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from consumers.worker.observer import Silent
from consumers.worker.rules import Place, SystemClock, WorkerRules
from consumers.worker.worker import Worker
from stream.errors import LogUnavailable, PositionOutOfRange
from stream.log.batch import Record, Records
from stream.log.embedded import EmbeddedLog
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics
from tests.consumers.worker.counting import CountingTasks, records_of
from tests.stream.log.opened import Noted
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from consumers.worker.observer import Written
    from consumers.worker.rules import Clock
    from stream.errors import ShoalError
    from stream.log.seam import Log, Reader
    from tests.consumers.worker.faults import FailingLog

THEN = 1_300_000_000_000
NAMES = [f"c{number}" for number in range(20)]
QUICK = WorkerRules(commit_ms=20, tick_silence_ms=20, retry_first_seconds=0.02, settled_seconds=30)


class Seen(Silent):
    """An observer that keeps what it was told."""

    def __init__(self) -> None:
        self.commits: list[list[Written]] = []
        self.failures: list[ShoalError] = []
        self.history: list[tuple[str, int]] = []
        self.waits_for: Sequence[str] | None = None
        self.lag: Mapping[int, int] = {}
        self.each_turn: Callable[[], None] | None = None

    def turned(self, waits_for: Sequence[str]) -> None:
        self.waits_for = waits_for
        if self.each_turn is not None:
            self.each_turn()

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        self.commits.append(list(written))

    def failed(self, error: ShoalError) -> None:
        self.failures.append(error)

    def restored(self, task: object, seconds: float) -> None:
        self.history.append(("restored", task.partition))  # type: ignore[attr-defined]  # a task

    def dropped(self, partition: int) -> None:
        self.history.append(("dropped", partition))

    def behind(self, records: Mapping[int, int]) -> None:
        self.lag = records

    def partitions(self, event: str) -> list[int]:
        """Those that were `restored`, or `dropped`."""
        return sorted(partition for what, partition in self.history if what == event)

    @property
    def is_ready(self) -> bool:
        return self.waits_for is not None and not self.waits_for


@dataclass
class Running:
    """A worker in a thread of its own."""

    worker: Worker
    tasks: CountingTasks
    seen: Seen
    error: BaseException | None = None
    thread: threading.Thread = field(init=False)

    def start(self, *, until_end: bool = False) -> None:
        def work() -> None:
            try:
                self.worker.run(until_end=until_end)
            except BaseException as error:  # kept for the test
                self.error = error

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def stop(self, seconds: float = 60) -> None:
        """As SIGTERM does; raises what the worker ended with."""
        self.worker.stop()
        self.end(seconds)

    def end(self, seconds: float = 60) -> None:
        self.thread.join(seconds)
        assert not self.thread.is_alive(), "the worker did not end"
        if self.error is not None:
            raise self.error


@dataclass
class Shop:
    url: str
    topics: Topics
    log: Log
    options: Mapping[str, object] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    counts: dict[str, list[int]] = field(default_factory=dict)
    reader: Reader | None = None
    group: str = field(default_factory=lambda: f"group-{uuid.uuid4().hex[:8]}")

    @contextmanager
    def impatient_log(self) -> Iterator[Log]:
        """Another handle on the log, which waits less for a file's lock."""
        file = self.url.removeprefix("sqlite:///")
        if file == self.url:
            with open_log(self.url, self.options) as log:
                yield log
        else:
            with EmbeddedLog(file, busy_seconds=0.3) as log:
                yield log

    def move_position(self, partition: int, position: int) -> None:
        """As somebody does who sets a group back by hand."""
        noted = Noted()
        with (
            self.log.subscribe(
                self.topics.transactions, self.group, "by-hand", noted
            ) as subscription,
            self.log.producer(f"{self.group}-by-hand") as producer,
        ):
            until(lambda: not subscription.poll(0.1) and bool(noted.partitions), "partitions")
            with producer.transaction() as transaction:
                transaction.advance(subscription.membership(), {partition: position})

    def make_transactions_anew(self) -> None:
        (spec,) = [one for one in self.log.topics() if one.name == self.topics.transactions]
        self.log.delete_topics([spec.name])
        self.log.create_topics([spec])

    def partition(self, name: str) -> int:
        return partition_of(name.encode(), self.topics.partitions)

    def write(self, name: str, value: bytes, at_ms: int) -> None:
        with self.log.writer() as writer:
            record = Record(name.encode(), value, at_ms)
            writer.append(self.topics.transactions, self.partition(name), Records.of([record]))
            writer.flush()

    def sell(self, count: int, *, at_ms: int = THEN, recorded_ms: int | None = None) -> None:
        """So many events, turn by turn of each customer, one millisecond apart."""
        rows: dict[int, list[Record]] = defaultdict(list)
        for number in range(count):
            name, at = NAMES[number % len(NAMES)], at_ms + number
            recorded = time.time_ns() // 10**6 if recorded_ms is None else recorded_ms + number
            rows[self.partition(name)].append(Record(name.encode(), b"%d" % at, recorded))
            self.sent[name] += 1
        with self.log.writer() as writer:
            for partition, records in rows.items():
                for start in range(0, len(records), 37):
                    some = Records.of(records[start : start + 37])
                    writer.append(self.topics.transactions, partition, some)
            writer.flush()

    def worker(
        self,
        member: str = "one",
        rules: WorkerRules = QUICK,
        clock: Clock | None = None,
        log: Log | FailingLog | None = None,
    ) -> Running:
        log = cast("Log", log or self.log)
        tasks, seen = CountingTasks(log, self.topics), Seen()
        place = Place(self.group, f"{self.group}-{member}")
        worker = Worker(log, self.topics, place, tasks, rules, seen, clock or SystemClock())
        return Running(worker, tasks, seen)

    @contextmanager
    def working(self, member: str = "one", **options: Any) -> Iterator[Running]:
        """A worker that runs until the block ends, and was ready when it began."""
        running = self.worker(member, **options)
        running.start()
        try:
            until(lambda: running.seen.is_ready or running.error is not None, "a ready worker")
            yield running
        finally:
            running.stop()

    def read_all(self) -> None:
        running = self.worker()
        running.start(until_end=True)
        running.end()

    def said(self) -> dict[str, list[int]]:
        """The counts that were published, by customer, in order."""
        topic = self.topics.changes
        if self.reader is None:
            starts = dict.fromkeys(range(self.topics.partitions), 0)
            self.reader = self.log.reader(topic, starts)
        ends = {part: self.log.settled_end(topic, part, 120) for part in self.reader.positions()}
        while any(at < ends[part] for part, at in self.reader.positions().items()):
            for batch in self.reader.poll(0.05):
                for _, record in batch:
                    name, count = json.loads(record.value or b"")
                    assert self.partition(name) == batch.partition
                    self.counts.setdefault(name, []).append(count)
        return {name: list(counts) for name, counts in self.counts.items()}

    def has_to_be_said(self) -> dict[str, list[int]]:
        """Every event once, in order: 1, 2, 3 …"""
        return {name: list(range(1, count + 1)) for name, count in self.sent.items()}

    def is_all_said(self) -> bool:
        """Not known, as long as the log can't say."""
        with suppress(LogUnavailable):
            return sum(map(len, self.said().values())) >= sum(self.sent.values())
        return False

    def blocks(self, partition: int = 0) -> list[tuple[int, dict[str, object]]]:
        """What lies on the log of them; nothing where they are being cut off just now."""
        with suppress(PositionOutOfRange):
            return self._blocks(partition)
        return []

    def _blocks(self, partition: int) -> list[tuple[int, dict[str, object]]]:
        return [
            (offset, json.loads(record.value or b""))
            for offset, record in records_of(self.log, self.topics.profiles, partition)
        ]


@contextmanager
def open_shop(url: str, partitions: int, options: Mapping[str, object]) -> Iterator[Shop]:
    topics = Topics(f"shop.{uuid.uuid4().hex[:8]}.", partitions)
    kept = {"retention.ms": "-1"}  # whatever a test's timestamps are
    specs = [replace(spec, configs={**spec.configs, **kept}) for spec in topics.specs()]
    with open_log(url, options) as log:
        log.create_topics(specs)
        shop = Shop(url, topics, log, options)
        yield shop
        if shop.reader is not None:
            shop.reader.close()
