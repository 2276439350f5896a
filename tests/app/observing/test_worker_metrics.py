"""What a worker's observer shows, as a scraper reads it, after what a worker tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from app.observing.health import Health
from app.observing.task_facts import Counts, TaskFacts
from app.observing.worker_metrics import FACTS_EVERY_SECONDS, WorkerMetrics
from consumers.task.told import Kind
from consumers.worker.observer import Observer, Written
from consumers.worker.partition_task import NEVER, Output, PartitionTask
from stream.contracts.refusal import RefusalReason
from stream.errors import CommitFailed
from stream.metrics.table import WORKER_METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stream.log.batch import RecordBatch, Records
    from stream.log.known import LastRead

NOW_MS = 1_700_000_000_000
NO_FACTS = TaskFacts(0, {}, 0, None)
NO_COUNTS = Counts({}, {})


@dataclass
class Wrote:
    """An output with nothing in it but what is counted."""

    counts: Counts = NO_COUNTS
    is_checkpoint: bool = False
    position: int = 0
    changes: Sequence[Records] = ()
    dead_letters: Sequence[Records] = ()
    blocks: Sequence[Records] = ()


@dataclass
class Doing:
    """A task that is only looked at."""

    partition: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    event_ms: int = NEVER
    promoted_ms: int | None = None
    facts: TaskFacts = NO_FACTS
    position: int = 0
    last: LastRead | None = None
    has_output: bool = False
    pending_due_ms: int | None = None
    is_live: bool = True
    erased_since_checkpoint: bool = False

    def take(self, batch: RecordBatch, observed_ms: int) -> None:
        raise AssertionError("an observer only looks")

    def collect(self, observed_ms: int, *, checkpoint: bool = False) -> Output:
        raise AssertionError("an observer only looks")


class Watched:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.seconds = 0.0
        self.health = Health(lambda: self.seconds)
        self.metrics = WorkerMetrics(
            self.registry,
            self.health,
            now_ms=lambda: NOW_MS,
            seconds=lambda: self.seconds,
            facts=facts_said,
            counts=counts_said,
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)

    def commit(self, task: Doing, output: Wrote | None = None) -> None:
        written = Written(task, output or Wrote(), dict(task.outcomes), 100)
        self.metrics.committed([written], 0.02)

    def turn_later(self) -> None:
        self.seconds += FACTS_EVERY_SECONDS
        self.metrics.turned([])


def facts_said(task: PartitionTask) -> TaskFacts:
    assert isinstance(task, Doing)
    return task.facts


def counts_said(output: Output) -> Counts:
    assert isinstance(output, Wrote)
    return output.counts


@pytest.fixture
def watched() -> Watched:
    return Watched()


def test_it_is_an_observer(watched: Watched) -> None:
    observer: Observer = watched.metrics
    observer.turned([])
    assert watched.value("shoal_up") == watched.value("shoal_ready") == 1


def test_up_and_ready_are_what_health_says_when_asked(watched: Watched) -> None:
    watched.metrics.turned(["partition 3"])
    assert (watched.value("shoal_up"), watched.value("shoal_ready")) == (1, 0)
    watched.metrics.turned([])
    watched.seconds += 1000
    assert (watched.value("shoal_up"), watched.value("shoal_ready")) == (0, 0)


def test_outcomes_are_the_tasks_totals_and_go_on_after_a_restart(watched: Watched) -> None:
    task = Doing(3, {"folded": 1000, "duplicate": 5})
    watched.metrics.restored(task, 0.5)
    assert watched.value("shoal_records_total", partition="3", outcome="folded") == 1000
    task.outcomes = {"folded": 1500, "duplicate": 6}
    watched.commit(task)
    assert watched.value("shoal_records_total", partition="3", outcome="folded") == 1500
    assert watched.value("shoal_records_total", partition="3", outcome="duplicate") == 6


def test_every_record_is_in_one_outcome_and_dead_letters_are_told_by_reason(
    watched: Watched,
) -> None:
    outcomes = {"folded": 10, "too_late": 4, "command": 1, "not_json": 2, "wrong_key": 3}
    watched.commit(Doing(0, outcomes))
    names = ["folded", "too_late", "command", "dead_letter"]
    shown = [watched.value("shoal_records_total", partition="0", outcome=one) for one in names]
    assert shown == [10, 4, 1, 5]
    total = sum(
        sample.value
        for family in watched.registry.collect()
        for sample in family.samples
        if sample.name == "shoal_records_total"
    )
    assert total == sum(outcomes.values())
    by_reason = {"not_json": 2, "wrong_key": 3, "negative_price": 0, "too_late": None}
    for reason, count in by_reason.items():
        shown_count = watched.value("shoal_dead_letters_total", partition="0", reason=reason)
        assert shown_count == count


def test_what_is_lost_with_a_failed_commit_is_not_counted_twice(watched: Watched) -> None:
    task = Doing(0, {"folded": 100})
    watched.metrics.restored(task, 0.5)
    task.outcomes = {"folded": 180}  # folded, not committed
    watched.metrics.folded(task, 80, 0.01)
    assert watched.value("shoal_records_total", partition="0", outcome="folded") == 100
    watched.metrics.failed(CommitFailed("no"))
    assert watched.value("shoal_failures_total", reason="commit_failed") == 1
    assert watched.value("shoal_records_total", partition="0", outcome="folded") is None
    watched.metrics.restored(Doing(0, {"folded": 100}), 0.5)
    assert watched.value("shoal_records_total", partition="0", outcome="folded") == 100


def test_changes_and_flaps_are_counted_as_they_are_committed(watched: Watched) -> None:
    counts = Counts(
        {
            Kind("value", "moved", "value-1", "value-3"): 2,
            Kind("value", "joined", "", "value-1"): 1,
        },
        {"value": 1},
    )
    watched.commit(Doing(0), Wrote(counts))
    watched.commit(Doing(1), Wrote(counts))
    moved = {"lens": "value", "cause": "moved", "previous": "value-1", "current": "value-3"}
    assert watched.value("shoal_changes_total", **moved) == 4
    joined = {"lens": "value", "cause": "joined", "previous": "none", "current": "value-1"}
    assert watched.value("shoal_changes_total", **joined) == 2
    assert watched.value("shoal_flaps_total", lens="value") == 2


def test_blocks_are_told_from_checkpoints(watched: Watched) -> None:
    watched.commit(Doing(0), Wrote(is_checkpoint=True))
    watched.commit(Doing(0))
    watched.commit(Doing(0))
    shown = [
        watched.value("shoal_block_bytes_total", partition="0", kind=kind)
        for kind in ("checkpoint", "delta")
    ]
    assert shown == [100, 200]


def test_event_lag_is_found_out_when_asked_and_is_nothing_before_any_event(
    watched: Watched,
) -> None:
    watched.commit(Doing(0))
    assert watched.value("shoal_event_lag_seconds", partition="0") is None
    watched.commit(Doing(0, event_ms=NOW_MS - 2500))
    assert watched.value("shoal_event_lag_seconds", partition="0") == 2.5
    assert watched.value("shoal_event_time_seconds", partition="0") == (NOW_MS - 2500) / 1000


def test_customers_are_summed_over_the_partitions_that_are_here(watched: Watched) -> None:
    first = Doing(0, facts=TaskFacts(5, {("value", "a"): 3, ("value", "none"): 2}, 2000, 1))
    second = Doing(1, facts=TaskFacts(4, {("value", "a"): 4}, 1500, 1))
    watched.metrics.restored(first, 0.1)
    watched.metrics.restored(second, 0.1)
    assert watched.value("shoal_customers", partition="1") == 4
    assert watched.value("shoal_customers_in_segment", lens="value", segment="a") == 7
    assert watched.value("shoal_profile_bytes", partition="0") == 2000
    assert watched.value("shoal_partitions") == 2
    watched.metrics.dropped(0)
    assert watched.value("shoal_partitions") == 1
    assert watched.value("shoal_customers_in_segment", lens="value", segment="a") == 4
    assert watched.value("shoal_customers_in_segment", lens="value", segment="none") is None


def test_customers_are_counted_now_and_then_not_at_every_commit(watched: Watched) -> None:
    task = Doing(0, facts=TaskFacts(5, {}, 2000, None))
    watched.metrics.restored(task, 0.1)
    task.facts = TaskFacts(6, {}, 2000, None)
    watched.commit(task)
    watched.metrics.turned([])
    assert watched.value("shoal_customers", partition="0") == 5
    watched.turn_later()
    assert watched.value("shoal_customers", partition="0") == 6


def test_the_models_age_is_event_time_less_its_snapshot(watched: Watched) -> None:
    task = Doing(0, event_ms=NOW_MS)
    watched.metrics.restored(task, 0.1)
    assert watched.value("shoal_model_version", partition="0") == 0
    assert watched.value("shoal_model_age_seconds", partition="0") is None
    task.promoted_ms, task.facts = NOW_MS - 86_400_000, TaskFacts(0, {}, 0, 2)
    watched.commit(task)
    watched.turn_later()
    assert watched.value("shoal_model_version", partition="0") == 2
    assert watched.value("shoal_model_age_seconds", partition="0") == 86_400


def test_a_partition_that_went_elsewhere_is_not_shown_any_more(watched: Watched) -> None:
    task = Doing(3, {"folded": 1, "not_json": 1}, event_ms=NOW_MS, promoted_ms=NOW_MS)
    watched.metrics.restored(task, 0.1)
    watched.commit(task)
    watched.metrics.behind({3: 10})
    assert b'partition="3"' in generate_latest(watched.registry)
    watched.metrics.dropped(3)
    watched.metrics.dropped(3)
    watched.turn_later()
    assert b'partition="3"' not in generate_latest(watched.registry)


def test_lag_stays_what_it_was_while_the_log_cannot_say(watched: Watched) -> None:
    watched.metrics.behind({0: 7, 1: 8})
    watched.metrics.behind({})
    watched.metrics.behind({1: 9})
    shown = [watched.value("shoal_lag_records", partition=partition) for partition in "01"]
    assert shown == [7, 9]


def test_what_never_happened_is_shown_as_0_so_that_its_first_time_is_an_increase(
    watched: Watched,
) -> None:
    watched.metrics.restored(Doing(0), 0.1)
    for reason in RefusalReason:
        shown = watched.value("shoal_dead_letters_total", partition="0", reason=reason)
        assert shown == (None if reason is RefusalReason.TOO_LATE else 0)
    assert watched.value("shoal_records_total", partition="0", outcome="erased") == 0
    assert watched.value("shoal_failures_total", reason="group_moved_on") == 0


def test_durations_go_into_their_histograms(watched: Watched) -> None:
    task = Doing(0)
    watched.metrics.restored(task, 0.7)
    watched.metrics.folded(task, 500, 0.003)
    watched.commit(task)
    for what, seconds in {"batch": 0.003, "commit": 0.02, "restore": 0.7}.items():
        assert watched.value(f"shoal_{what}_duration_seconds_count") == 1
        assert watched.value(f"shoal_{what}_duration_seconds_sum") == seconds


def test_every_metric_of_the_table_is_shown_by_a_worker_that_did_everything(
    watched: Watched,
) -> None:
    facts = TaskFacts(1, {("value", "a"): 1}, 100, 1)
    task = Doing(0, {"folded": 1, "not_json": 1}, NOW_MS, NOW_MS, facts)
    watched.metrics.restored(task, 0.1)
    watched.metrics.folded(task, 1, 0.1)
    watched.commit(task, Wrote(Counts({Kind("value", "moved", "a", "b"): 1}, {"value": 1})))
    watched.metrics.behind({0: 0})
    watched.metrics.failed(CommitFailed("no"))
    watched.metrics.restored(task, 0.1)
    watched.metrics.behind({0: 0})
    watched.commit(task)
    shown = {
        sample.name: set(sample.labels)
        for family in watched.registry.collect()
        for sample in family.samples
    }
    for metric in WORKER_METRICS:
        name = f"{metric.name}_count" if metric.buckets else metric.name
        assert shown[name] == set(metric.labels), name
    assert no_customer(watched.registry)


def no_customer(registry: CollectorRegistry) -> bool:
    labels: set[Any] = {
        label
        for family in registry.collect()
        for sample in family.samples
        for label in sample.labels
    }
    return not any("customer" in label for label in labels)
