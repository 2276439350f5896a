"""A program: the worker of `shoal consume --until-end`, with a stopwatch in each of its hands.

    python -m benchmarks.phases SETTINGS SLOT

Says when it is ready, and begins at a line on standard input, so that several join their group
together. Prints, as JSON, the instants of its first record and its last commit, and what the time
between them was spent on. Waiting for the interpreter, which the commit thread needs too, is what
wall time has more than processor time.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from app.consume_account import Counting
from app.consuming import worker_rules
from app.lasting import keep_what_is_there
from app.log_tasks import LogTasks, task_rules
from app.observing.observed import observed
from app.onlookers import Together
from app.replay_memory import keep_arrow_small
from app.stopping import Stopping
from app.warming import warm_up
from app.wiring import Wiring
from app.worker_memory import keep_freed_memory
from benchmarks.commands import READY
from consumers.task.task import Task
from consumers.worker.observer import Silent
from consumers.worker.rules import Place
from consumers.worker.worker import Worker
from stream.settings.lenses import lens_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consumers.task.storing import Output
    from consumers.worker.observer import Written
    from consumers.worker.partition_task import PartitionTask
    from stream.log.batch import RecordBatch
    from stream.log.seam import Log
    from stream.settings import Settings
    from stream.topics import Topics


class Stopwatch:
    """Wall and thread time within its `with` blocks."""

    def __init__(self) -> None:
        self.wall = self.busy = 0.0
        self._began = (0.0, 0.0)

    def __enter__(self) -> None:
        self._began = (time.perf_counter(), time.thread_time())

    def __exit__(self, *_: object) -> None:
        wall, busy = self._began
        self.wall += time.perf_counter() - wall
        self.busy += time.thread_time() - busy


class Watches:
    """All of a run."""

    def __init__(self) -> None:
        self.take, self.collect = Stopwatch(), Stopwatch()


class TimedTask(Task):
    """A task whose two costly doings are timed."""

    watches: Watches

    def take(self, batch: RecordBatch, observed_ms: int) -> None:
        with self.watches.take:
            super().take(batch, observed_ms)

    def collect(self, observed_ms: int, *, checkpoint: bool = False) -> Output:
        with self.watches.collect:
            return super().collect(observed_ms, checkpoint=checkpoint)


class TimedTasks(LogTasks):
    def __init__(self, log: Log, topics: Topics, settings: Settings, watches: Watches) -> None:
        super().__init__(log, topics, settings)
        self._watches = watches

    def new(self, partition: int, position: int) -> Task:
        task = super().new(partition, position)
        task.__class__ = TimedTask
        assert isinstance(task, TimedTask)
        task.watches = self._watches
        return task


class Marks(Silent):
    """When the first record was taken, when the last commit happened, and what commits took."""

    def __init__(self) -> None:
        self.first = self.last = self.commits = 0.0
        self.busy_before = self.busy_after = 0.0
        self.count = 0

    def folded(self, task: PartitionTask, records: int, seconds: float) -> None:
        if not self.first:
            self.first = time.time() - seconds
            self.busy_before = time.process_time()

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        self.last, self.busy_after = time.time(), time.process_time()
        self.commits += seconds
        self.count += 1


def main() -> None:
    wiring, slot = Wiring.of(None, Path(sys.argv[1])), int(sys.argv[2])
    settings, watches, marks = wiring.settings, Watches(), Marks()
    keep_arrow_small()
    keep_freed_memory()
    with ExitStack() as closing:
        stopping = closing.enter_context(Stopping())
        log = closing.enter_context(wiring.open_log())
        topics = wiring.topics()
        warm_up(task_rules(settings, topics), lens_specs(settings), lambda _: None)
        keep_what_is_there()
        watched = closing.enter_context(
            observed(port=None, host="", now_ms=stopping.now_ms, seconds=stopping.seconds)
        )
        tasks = TimedTasks(log, topics, settings, watches)
        sys.stderr.write(f"{READY}\n")
        sys.stdin.readline()
        place = Place.of(settings.group, "bench", slot)
        seen = Together(watched.observer, Counting(), marks)
        Worker(log, topics, place, tasks, worker_rules(settings.consume), seen).run(until_end=True)
    sys.stdout.write(json.dumps(_told(watches, marks)) + "\n")


def _told(watches: Watches, marks: Marks) -> dict[str, object]:
    wall, take, collect = marks.last - marks.first, watches.take, watches.collect
    phases = {
        "take": (take.wall, "decoding, folding and deciding"),
        "take_busy": (take.busy, "of that on the processor"),
        "collect": (collect.wall, "ending blocks"),
        "collect_busy": (collect.busy, "of that on the processor"),
        "rest": (wall - take.wall - collect.wall, "fetching, and waiting for commits"),
        "busy": (marks.busy_after - marks.busy_before, "all threads, on the processor"),
        "commits": (marks.commits, "writing many changes up, and commits, beside all that"),
    }
    return {"first": marks.first, "last": marks.last, "commits": marks.count, "phases": phases}


if __name__ == "__main__":
    main()
