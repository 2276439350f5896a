"""A small task with nothing to it: counts its customers' events, and says each count.

Its whole state is in its blocks, and each block stands on the one before, so that whatever a
worker loses, repeats or mixes up is seen in the counts or refused at the next restore.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from consumers.worker.partition_task import NEVER, BlocksThere, Checkpoint, Restored
from stream.contracts.commands import Tick
from stream.contracts.instant import milliseconds
from stream.log.batch import Record, Records
from stream.log.known import LastRead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stream.log.batch import RecordBatch
    from stream.log.seam import Log
    from stream.topics import Topics

HOUR_MS = 60 * 60 * 1000


class CountingOutput(NamedTuple):
    changes: Sequence[Records]
    dead_letters: Sequence[Records]
    blocks: Sequence[Records]
    position: int
    is_checkpoint: bool


@dataclass(slots=True)
class CountingTask:
    """An event is a key and its event time; a line `erase` forgets its key."""

    partition: int
    position: int
    counts: dict[str, int] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    event_ms: int = NEVER
    pending_due_ms: int | None = None
    is_live: bool = False
    promoted_ms: int | None = None
    erased_since_checkpoint: bool = False
    sequence: int = 0
    last: LastRead | None = None
    ticks: list[int] = field(default_factory=list)
    padding: str = ""
    defers: bool = False
    _deferred: list[Record] = field(default_factory=list)
    _from: int = -1
    _touched: set[str] = field(default_factory=set)
    _changes: list[Record] = field(default_factory=list)
    _dead: list[Record] = field(default_factory=list)
    _took: bool = False

    def __post_init__(self) -> None:
        self._from = self.position

    @property
    def has_output(self) -> bool:
        return self._took

    def take(self, batch: RecordBatch, observed_ms: int) -> None:
        assert batch.first_offset >= self.position
        self._took = True
        for _, record in batch:
            self._fold(record)
        self.position = batch.next_offset
        self.last = LastRead.in_batch(batch)

    def collect(self, observed_ms: int, *, checkpoint: bool = False) -> CountingOutput:
        blocks, is_checkpoint = self._deferred, bool(self._deferred)
        self._deferred = []
        if self._took or not blocks:
            blocks = [*blocks, self._block(observed_ms, whole=checkpoint and not self.defers)]
        if checkpoint and self.defers:
            self._deferred = [self._block(observed_ms, whole=True)]
        output = CountingOutput(
            [Records.of(self._changes)] if self._changes else [],
            [Records.of(self._dead)] if self._dead else [],
            [Records.of(blocks)],
            self.position,
            is_checkpoint or (checkpoint and not self.defers),
        )
        self._changes, self._dead, self._took = [], [], False
        return output

    def _block(self, observed_ms: int, *, whole: bool) -> Record:
        self.sequence += 1
        names = set(self.counts) if whole else self._touched
        if whole:
            self.erased_since_checkpoint = False
        state = {name: getattr(self, name) for name in STATE}
        block = state | {
            "last": self.last and [self.last.offset, self.last.mark],
            "begin": self._from,
            "checkpoint": whole,
            "counts": {name: self.counts[name] for name in sorted(names & set(self.counts))},
            "gone": sorted(names - set(self.counts)),
        }
        self._touched, self._from = set(), self.position
        return Record(None, json.dumps(block).encode(), observed_ms)

    def apply(self, block: dict[str, Any]) -> None:
        if block["checkpoint"]:
            self.counts = {}
        else:
            assert (block["sequence"], block["begin"]) == (self.sequence + 1, self.position)
        for name in STATE:
            setattr(self, name, block[name])
        self.last = block["last"] and LastRead(*block["last"])
        self.counts |= block["counts"]
        for name in block["gone"]:
            self.counts.pop(name, None)
        self.outcomes = Counter(self.outcomes)
        self._from = self.position

    def _fold(self, record: Record) -> None:
        if record.key is None:
            self._tick(Tick.from_json(record.value))
        elif record.value == b"poison":
            self.outcomes["dead"] += 1
            self._dead.append(record)
        elif record.value == b"erase":
            self.outcomes["erased"] += 1
            self.counts.pop(record.key.decode(), None)
            self._touched.add(record.key.decode())
            self.erased_since_checkpoint = True
        else:
            self._count(record.key.decode(), json.loads(record.value or b""), record.timestamp)

    def _tick(self, tick: Tick) -> None:
        at = milliseconds(tick.instant)
        self.outcomes["command"] += 1
        self.ticks.append(at)
        self.event_ms = max(self.event_ms, at)
        if self.pending_due_ms is not None and at >= self.pending_due_ms:
            self.pending_due_ms = None

    def _count(self, name: str, at: int, timestamp: int) -> None:
        self.outcomes["folded"] += 1
        self.event_ms = max(self.event_ms, at)
        self.is_live = abs(timestamp - at) < HOUR_MS
        self.pending_due_ms = self.event_ms + 5000
        self.counts[name] = self.counts.get(name, 0) + 1
        self._touched.add(name)
        said = json.dumps([name, self.counts[name]]).encode()
        self._changes.append(Record(name.encode(), said, timestamp))


STATE = (
    "position",
    "sequence",
    "outcomes",
    "event_ms",
    "pending_due_ms",
    "is_live",
    "promoted_ms",
    "erased_since_checkpoint",
    "ticks",
    "padding",
)


@dataclass(slots=True)
class CountingTasks:
    log: Log
    topics: Topics
    made: dict[int, CountingTask] = field(default_factory=dict)
    """The last one of each partition."""

    restores: Counter[int] = field(default_factory=Counter)
    padding: str = ""
    """In every block of new tasks, to make them large."""

    defers_checkpoints: bool = False
    """Whether restored tasks put a checkpoint into the output after the one it was asked for."""

    def new(self, partition: int, position: int) -> CountingTask:
        self.made[partition] = CountingTask(partition, position, padding=self.padding)
        return self.made[partition]

    def restored(self, partition: int, end: int) -> Restored | None:
        self.restores[partition] += 1
        task, blocks = CountingTask(partition, 0, defers=self.defers_checkpoints), BlocksThere()
        for offset, record in records_of(self.log, self.topics.profiles, partition, end):
            block = json.loads(record.value or b"")
            assert task.sequence or block["checkpoint"] or block["sequence"] == 1
            if not task.sequence:
                task.position = block["begin"]
            task.apply(block)
            size = len(record.value or b"")
            if block["checkpoint"]:
                blocks.checkpoints.append(Checkpoint(offset, task.event_ms, record.timestamp, size))
            blocks.delta_bytes = 0 if block["checkpoint"] else blocks.delta_bytes + size
        if not task.sequence:
            return None
        self.made[partition] = task
        return Restored(task, blocks)


def records_of(
    log: Log, topic: str, partition: int, end: int | None = None
) -> list[tuple[int, Record]]:
    """Everything committed in a partition, as far as it was decided just now."""
    end = log.settled_end(topic, partition, 30) if end is None else end
    found: list[tuple[int, Record]] = []
    with log.reader(topic, {partition: log.bounds(topic)[partition].start}) as reader:
        while reader.positions()[partition] < end:
            for batch in reader.poll(0.05):
                found += [(offset, record) for offset, record in batch if offset < end]
    return found
