"""A real worker on the embedded log, looked at from outside while it works."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from app.observing.health import Health
from app.observing.server import THIS_MACHINE, served
from app.observing.task_facts import Counts, TaskFacts
from app.observing.worker_metrics import WorkerMetrics
from consumers.worker.rules import Place, SystemClock
from consumers.worker.worker import Worker
from tests.consumers.worker.counting import CountingTask, CountingTasks
from tests.consumers.worker.shop import NAMES, QUICK, open_shop
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from consumers.worker.partition_task import Output, PartitionTask
    from tests.consumers.worker.shop import Shop


class Outside(NamedTuple):
    """What somebody sees who knows nothing but the port."""

    port: int

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.at(path), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def at(self, path: str) -> str:
        return f"http://{THIS_MACHINE}:{self.port}{path}"

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/readyz")[1])
        return told

    def sum_of(self, name: str, **labels: str) -> float:
        families = text_string_to_metric_families(self.get("/metrics")[1])
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with open_shop(f"sqlite:///{tmp_path / 'shoal.db'}", 2, {}) as shop:
        yield shop


@contextmanager
def working(shop: Shop, *, gate: threading.Event | None = None) -> Iterator[Outside]:
    """A worker with its metrics; where there is a gate, it restores once that is open."""
    clock, registry = SystemClock(), CollectorRegistry()
    health = Health(clock.seconds)
    metrics = WorkerMetrics(
        registry,
        health,
        now_ms=clock.now_ms,
        seconds=clock.seconds,
        facts=counted,
        counts=uncounted,
    )
    tasks = Gated(shop, gate) if gate else CountingTasks(shop.log, shop.topics)
    place = Place(shop.group, f"{shop.group}-one")
    worker = Worker(shop.log, shop.topics, place, tasks, QUICK, metrics, clock)
    with served(registry, health, port=0) as port:
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        try:
            yield Outside(port or 0)
        finally:
            worker.stop()
            thread.join(60)
            assert not thread.is_alive()


class Gated(CountingTasks):
    def __init__(self, shop: Shop, gate: threading.Event) -> None:
        super().__init__(shop.log, shop.topics)
        self._gate = gate

    def restored(self, partition: int, end: int) -> Any:
        assert self._gate.wait(60)
        return super().restored(partition, end)


def counted(task: PartitionTask) -> TaskFacts:
    assert isinstance(task, CountingTask)
    return TaskFacts(len(task.counts), {}, 0, None)


def uncounted(output: Output) -> Counts:
    return Counts({}, {})


def test_all_that_was_read_is_in_one_outcome_and_goes_on_after_a_restart(shop: Shop) -> None:
    shop.sell(200)
    with working(shop) as outside:
        until(lambda: outside.sum_of("shoal_records_total") == 200, "200 records")
        until(lambda: outside.sum_of("shoal_event_time_seconds") > 0, "event time")
        assert outside.sum_of("shoal_commit_duration_seconds_count") >= 1
        assert outside.sum_of("shoal_block_bytes_total", kind="delta") > 0
    shop.sell(50)
    with working(shop) as outside:
        until(lambda: outside.sum_of("shoal_records_total", outcome="folded") == 250, "50 more")
        assert outside.sum_of("shoal_partitions") == 2
        assert outside.sum_of("shoal_restore_duration_seconds_count") == 2
        assert outside.sum_of("shoal_customers") == len(NAMES)
        until(lambda: outside.sum_of("shoal_lag_records") == 0, "no lag")


def test_a_worker_is_alive_while_it_restores_and_ready_once_it_has(shop: Shop) -> None:
    gate = threading.Event()
    with working(shop, gate=gate) as outside:
        until(lambda: len(outside.ready()["waits_for"]) == 2, "two partitions to be waited for")
        assert outside.get("/healthz")[0] == 200
        assert outside.get("/readyz")[0] == 503
        assert outside.sum_of("shoal_ready") == 0
        gate.set()
        until(lambda: outside.get("/readyz")[0] == 200, "a ready worker")
        assert outside.ready() == {"ready": True, "waits_for": []}
        assert outside.sum_of("shoal_ready") == 1
