"""A million customers of a shop of 90 days: their memory, their restore, their midnight sweep."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.log_tasks import LogTasks
from benchmarks.data import Now
from benchmarks.figures import ROUNDS, Figure
from benchmarks.lens import fitted
from benchmarks.lines import batch_of
from benchmarks.shops import DAY_MS, sales
from benchmarks.standing import take_up_quietly
from benchmarks.week import PARTITIONS, by_partition, chunks, place, publish
from consumers.task.looking import sweep_all
from consumers.task.task import Task
from consumers.task.told import Told
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.week import Place
    from consumers.task.partition import Partition
    from consumers.worker.partition_task import Restored
    from stream.log.batch import Records
    from stream.log.seam import Log, Writer

CUSTOMERS, LINES, DAYS = 1_000_000, 5_000_000, 90
KNOWN = 0.9
"""The share of lines before the model and the checkpoint; those after it come in deltas."""

RESTORES_AT_ONCE = 2


def measure(customers: int = CUSTOMERS, lines: int = LINES) -> list[Figure]:
    with (
        TemporaryDirectory() as folder,
        place(f"sqlite:///{folder}/million.db") as at,
        open_log(at.url) as log,
    ):
        tasks = _folded(log, at, customers, lines)
        people = sum(len(task.state.profiles) for task in tasks)
        took = [_bytes(task.state) for task in tasks]
        sweeps = [_swept(tasks) for _ in range(ROUNDS)]
        del tasks
        restores = [_restored(log, at, people) for _ in range(ROUNDS)]
        blocks = _block_bytes(log, at)
    parts = {name: sum(part[name] for part in took) / people for name in took[0]}
    return [
        Figure("bytes_a_customer", sum(parts.values()), "≤ 400", f"{people:,} customers, all told"),
        *(Figure(f"bytes_a_customer_{name}", part, "", WHAT[name]) for name, part in parts.items()),
        Figure("restore_seconds", median(restores), "< 10", f"all of them, from {blocks:.0f} MB"),
        Figure("sweep_seconds", median(sweeps), "< 0.5", "all of them, with learning"),
    ]


WHAT = {
    "profiles": "of that profiles, ids, their index, recent ids and orders",
    "lenses": "of that where they stand, and what was seen of them",
    "pending": "of that orders that wait to be looked at",
}


def _folded(log: Log, at: Place, customers: int, lines: int) -> list[Task]:
    """Four tasks that have read it all, and their blocks on the log as a worker writes them."""
    tasks = [LogTasks(log, at.topics, at.settings).new(one, 0) for one in range(PARTITIONS)]
    them = sales(customers, lines, DAYS)
    known = round(KNOWN * lines)
    for records in chunks(them.take(slice(0, known))):
        _take(tasks, records)
    model = publish(log, at.topics, fitted([one.state.profiles for one in tasks], at.settings))
    with log.writer() as writer:
        for task in tasks:
            take_up_quietly(task, model)
            _write(writer, at, task, checkpoint=True)
        for records in chunks(them.take(slice(known, None))):
            _take(tasks, records, (writer, at))
        writer.flush()
    return tasks


def _take(tasks: Sequence[Task], records: Records, to: tuple[Writer, Place] | None = None) -> None:
    for partition, theirs in by_partition(records):
        task = tasks[partition]
        task.take(batch_of(theirs, task.position), Now().now_ms())
        if to:
            _write(*to, task)
        else:
            task.collect(Now().now_ms())


def _write(writer: Writer, at: Place, task: Task, *, checkpoint: bool = False) -> None:
    """Of a checkpoint only that: what was said before it is nobody's."""
    output = task.collect(Now().now_ms(), checkpoint=checkpoint)
    if checkpoint:
        output = task.collect(Now().now_ms())
    for records in output.blocks:
        writer.append(at.topics.profiles, task.partition, records)


def _bytes(partition: Partition) -> dict[str, int]:
    """Room that was made and not used yet included, but for rows of profiles: nobody wrote there,
    so there is no memory behind it."""
    lenses = [array for one in partition.lenses.values() for array in (one.standings, one.seen)]
    return {
        "profiles": partition.profiles.nbytes,
        "lenses": sum(array.nbytes for array in lenses),
        "pending": sum(array.nbytes for array in partition.pending),
    }


def _swept(tasks: Sequence[Task]) -> float:
    """The next midnight on every partition; who moves then is said, and forgotten here."""
    began = time.perf_counter()
    for task in tasks:
        midnight_ms = (task.event_ms // DAY_MS + 1) * DAY_MS
        sweep_all(task.state, midnight_ms, Now().now_ms())
    took = time.perf_counter() - began
    for task in tasks:
        task.state.told = Told()
    return took


def _restored(log: Log, at: Place, people: int) -> float:
    """As a worker does it: several at once, in threads, with new eyes."""
    began = time.perf_counter()
    tasks = LogTasks(log, at.topics, at.settings)
    ends = {one: bounds.end for one, bounds in log.bounds(at.topics.profiles).items()}
    with ThreadPoolExecutor(RESTORES_AT_ONCE) as executor:
        found = list(executor.map(tasks.restored, ends.keys(), ends.values()))
    took = time.perf_counter() - began
    there = sum(_customers(one) for one in found if one is not None)
    assert there == people, f"{there:,} of {people:,} customers were restored"
    return took


def _customers(restored: Restored) -> int:
    task = restored.task
    assert isinstance(task, Task)
    return len(task.state.profiles)


def _block_bytes(log: Log, at: Place) -> float:
    """Megabytes of everything on the profiles topic."""
    total = 0
    ends = {one: bounds.end for one, bounds in log.bounds(at.topics.profiles).items()}
    with log.reader(at.topics.profiles, dict.fromkeys(ends, 0)) as reader:
        while reader.positions() != ends:
            total += sum(int(batch.records.values.lengths.sum()) for batch in reader.poll(1.0))
    return total / 1e6
