"""The tasks of all partitions, driven by hand over a log, as workers drive them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.log_tasks import task_rules
from consumers.task.rules import Identity
from consumers.task.task import Task, new_task
from consumers.worker.checkpoints import cut_before
from consumers.worker.models import LogModels
from consumers.worker.partition_task import Checkpoint
from consumers.worker.rules import WorkerRules
from stream.contracts.commands import Erasure, Tick
from stream.contracts.fast import encode
from stream.contracts.instant import milliseconds
from stream.log.batch import Record, Records
from stream.log.partitioning import partition_of
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stream.contracts.fast import Line
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


class Tasks:
    """One task a partition; what they write is committed at each `read_on`."""

    def __init__(self, log: Log, topics: Topics, settings: Settings) -> None:
        self.log, self.topics = log, topics
        self._checkpoints: dict[int, list[Checkpoint]] = {}
        models, rules = LogModels(log, topics.models), task_rules(settings, topics)
        self.all: list[Task] = [
            new_task(
                Identity("shoal", topics.transactions, topics.partitions, number), rules, models
            )
            for number in range(topics.partitions)
        ]

    def sell(self, lines: Iterable[Line]) -> None:
        self._write([self._line(one) for one in lines])

    def tick(self, *midnights: int, partitions: Iterable[int] | None = None) -> None:
        """On every partition, as a replay does it."""
        where = range(self.topics.partitions) if partitions is None else list(partitions)
        self._write([(one, _tick(at_ms)) for at_ms in midnights for one in where])

    def erase(self, customer_id: str) -> None:
        key = customer_id.encode()
        command = _written(key, Erasure(customer_id=customer_id).to_json())
        self._write([(partition_of(key, self.topics.partitions), command)])

    def live(self, lines: Iterable[Line], midnights: Iterable[int]) -> None:
        """Lines in order, with each midnight told to everybody in front of what comes after it."""
        waiting, everywhere = sorted(midnights), range(self.topics.partitions)
        told: list[tuple[int, Record]] = []
        for one in lines:
            while waiting and milliseconds(one.occurred_at) >= waiting[0]:
                at_ms = waiting.pop(0)
                told += [(partition, _tick(at_ms)) for partition in everywhere]
            told.append(self._line(one))
        self._write(told)
        self.tick(*waiting)

    def read_on(
        self,
        *,
        partitions: Iterable[int] | None = None,
        checkpoint: bool = False,
        cut_by_rule: bool = False,
    ) -> None:
        """To the end of what there is to read. With a checkpoint everything before it is cut off,
        or what workers cut off by their rule."""
        where = range(self.topics.partitions) if partitions is None else partitions
        for partition in where:
            task = self.all[partition]
            self._read_on(task)
            if checkpoint:
                before = self.checkpoint(task)
                before = self._by_rule(task) if cut_by_rule else before
                self.log.truncate(self.topics.profiles, partition, before)

    def _read_on(self, task: Task) -> None:
        topic, partition = self.topics.transactions, task.partition
        end = self.log.settled_end(topic, partition, 120)
        with self.log.reader(topic, {partition: task.position}) as reader:
            while reader.positions()[partition] < end:
                for batch in reader.poll(1):
                    task.take(batch, _now_ms())
        self._commit(task, checkpoint=False)

    def checkpoint(self, task: Task) -> int:
        """Where it lies: it is the first thing in what comes after the asking."""
        self._commit(task, checkpoint=True)
        begin = self.log.bounds(self.topics.profiles)[task.partition].end
        self._commit(task, checkpoint=False)
        checkpoint = Checkpoint(begin, task.event_ms, 0, 1, 1)
        self._checkpoints.setdefault(task.partition, []).append(checkpoint)
        return begin

    def _by_rule(self, task: Task) -> int:
        known = self._checkpoints[task.partition]
        return cut_before(known, task.promoted_ms, 0, WorkerRules(), erased=False)

    def _commit(self, task: Task, *, checkpoint: bool) -> None:
        if not task.has_output and not checkpoint:
            return
        output = task.collect(_now_ms(), checkpoint=checkpoint)
        with self.log.writer() as writer:
            for records in output.blocks:
                writer.append(self.topics.profiles, task.partition, records)
            for records in output.changes:
                writer.append(self.topics.changes, task.partition, records)
            writer.flush()

    def _line(self, line: Line) -> tuple[int, Record]:
        key = line.customer_id.encode()
        return partition_of(key, self.topics.partitions), _written(key, encode(line))

    def _write(self, told: Iterable[tuple[int, Record]]) -> None:
        """In order on each partition."""
        shares: dict[int, list[Record]] = {}
        for partition, record in told:
            shares.setdefault(partition, []).append(record)
        with self.log.writer() as writer:
            for partition, records in shares.items():
                writer.append(self.topics.transactions, partition, Records.of(records))
            writer.flush()


def _tick(at_ms: int) -> Record:
    return _written(None, Tick(instant=instant(at_ms)).to_json())


def _written(key: bytes | None, value: bytes) -> Record:
    return Record(key, value, _now_ms())


def _now_ms() -> int:
    """Whenever it happened: a broker drops what was written too long ago."""
    return time.time_ns() // 1_000_000
