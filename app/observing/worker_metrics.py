"""The observer of a worker who shows what it sees: as metrics, and as health.

Committed totals are shown as of a commit, never as of a batch: what is folded and then lost with
a failed commit would be counted again, and a counter that falls is a restart to Prometheus.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from app.observing.task_facts import NO_SEGMENT, counts_of, facts_of
from consumers.worker.partition_task import NEVER
from consumers.worker.worker import PASSING
from stream.contracts.refusal import RefusalReason
from stream.metrics import table
from stream.metrics.instruments import Instruments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prometheus_client import CollectorRegistry

    from app.observing.health import Health
    from app.observing.task_facts import Counts, TaskFacts
    from consumers.worker.observer import Written
    from consumers.worker.partition_task import Output, PartitionTask
    from stream.errors import ShoalError

FACTS_EVERY_SECONDS = 5.0
"""Customers are counted by going through all of them: not at every commit."""

DEAD_LETTER = "dead_letter"
OUTCOMES = dict.fromkeys(("folded", "duplicate", "too_late", "erased", "command", DEAD_LETTER), 0)
REASONS = frozenset(RefusalReason) - {RefusalReason.TOO_LATE}
"""Too late is an outcome of its own: beyond a rate there is no dead letter of it."""


class WorkerMetrics:
    """An `Observer`; `seconds` is a clock that never goes back, `now_ms` the one on the wall."""

    def __init__(
        self,
        registry: CollectorRegistry,
        health: Health,
        *,
        now_ms: Callable[[], int],
        seconds: Callable[[], float],
        facts: Callable[[PartitionTask], TaskFacts] = facts_of,
        counts: Callable[[Output], Counts] = counts_of,
    ) -> None:
        self._show = Instruments(registry, table.WORKER_METRICS)
        self._health, self._now_ms, self._seconds = health, now_ms, seconds
        self._facts_of, self._counts_of = facts, counts
        self._tasks: dict[int, PartitionTask] = {}
        self._changed: set[int] = set()
        self._facts: dict[int, TaskFacts] = {}
        self._looked_at = seconds()
        self._show.ask(table.UP, lambda: float(health.is_alive))
        self._show.ask(table.READY, lambda: float(health.is_ready))
        for error in PASSING:
            self._show.add(table.FAILURES, 0, _in_small_letters(error))

    def turned(self, waits_for: Sequence[str]) -> None:
        self._health.turned(waits_for=waits_for)
        if self._seconds() - self._looked_at >= FACTS_EVERY_SECONDS:
            self._look()

    def folded(self, task: PartitionTask, records: int, seconds: float) -> None:
        self._show.observe(table.BATCH_SECONDS, seconds)

    def committed(self, written: Sequence[Written], seconds: float) -> None:
        self._show.observe(table.COMMIT_SECONDS, seconds)
        for part in written:
            partition, output = str(part.task.partition), part.output
            kind = "checkpoint" if output.is_checkpoint else "delta"
            self._show.add(table.BLOCK_BYTES, part.block_bytes, partition, kind)
            self._show_changes(self._counts_of(output))
            self._show_outcomes(partition, part.outcomes)
            self._show_event_time(part.task)
            self._changed.add(part.task.partition)

    def failed(self, error: ShoalError) -> None:
        self._show.add(table.FAILURES, 1, _in_small_letters(type(error)))
        for partition in list(self._tasks):
            self.dropped(partition)

    def restored(self, task: PartitionTask, seconds: float) -> None:
        self._show.observe(table.RESTORE_SECONDS, seconds)
        self._tasks[task.partition] = task
        self._changed.add(task.partition)
        self._show_outcomes(str(task.partition), task.outcomes)
        self._show_event_time(task)
        self._look()

    def dropped(self, partition: int) -> None:
        self._tasks.pop(partition, None)
        self._facts.pop(partition, None)
        self._changed.discard(partition)
        self._show.forget("partition", str(partition))
        self._show_sums()

    def behind(self, records: Mapping[int, int]) -> None:
        for partition, count in records.items():
            self._show.set(table.LAG, count, str(partition))

    def _show_changes(self, counts: Counts) -> None:
        for kind, count in counts.changes.items():
            segments = (kind.previous or NO_SEGMENT, kind.current or NO_SEGMENT)
            self._show.add(table.CHANGES, count, kind.lens, kind.cause, *segments)
        for lens, count in counts.flaps.items():
            self._show.add(table.FLAPS, count, lens)

    def _show_outcomes(self, partition: str, outcomes: Mapping[str, int]) -> None:
        """Those that never were, too: Prometheus sees no increase where a series begins."""
        refused = {reason.value: outcomes.get(reason, 0) for reason in REASONS}
        for reason, total in refused.items():
            self._show.follow(table.DEAD_LETTERS, total, partition, reason)
        others = {name: total for name, total in outcomes.items() if name not in refused}
        for outcome, total in (OUTCOMES | others | {DEAD_LETTER: sum(refused.values())}).items():
            self._show.follow(table.RECORDS, total, partition, outcome)

    def _show_event_time(self, task: PartitionTask) -> None:
        event_ms, partition = task.event_ms, str(task.partition)
        if event_ms != NEVER:
            self._show.set(table.EVENT_TIME, event_ms / 1000, partition)
            self._show.ask(table.EVENT_LAG, lambda: (self._now_ms() - event_ms) / 1000, partition)

    def _look(self) -> None:
        """At what changed since the last look."""
        for partition in self._changed & self._tasks.keys():
            task = self._tasks[partition]
            facts = self._facts[partition] = self._facts_of(task)
            self._show.set(table.CUSTOMERS, facts.customers, str(partition))
            self._show.set(table.PROFILE_BYTES, facts.profile_bytes, str(partition))
            self._show.set(table.MODEL_VERSION, facts.model_version or 0, str(partition))
            if task.promoted_ms is not None and task.event_ms != NEVER:
                age_seconds = (task.event_ms - task.promoted_ms) / 1000
                self._show.set(table.MODEL_AGE, age_seconds, str(partition))
        self._changed.clear()
        self._looked_at = self._seconds()
        self._show_sums()

    def _show_sums(self) -> None:
        self._show.set(table.PARTITIONS, len(self._tasks))
        sums: Counter[tuple[str, ...]] = Counter()
        for facts in self._facts.values():
            sums.update(facts.customers_in_segment)
        self._show.replace(table.CUSTOMERS_IN_SEGMENT, dict(sums))


def _in_small_letters(error: type[Exception]) -> str:
    """
    >>> _in_small_letters(TimeoutError)
    'timeout_error'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
