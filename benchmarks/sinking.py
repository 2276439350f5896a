"""The sink: how many changed customers a second get from their blocks into a database.

Reading and checking blocks, features, confidence and the transaction with its positions are all
in it. The customers are there already, so every row replaces one.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.log_tasks import LogTasks
from benchmarks.data import Now
from benchmarks.figures import ROUNDS, Figure
from benchmarks.lens import fitted
from benchmarks.lines import batch_of
from benchmarks.shops import sales
from benchmarks.standing import take_up_quietly
from benchmarks.week import PARTITIONS, by_partition, chunks, place, publish
from consumers.sink.open import open_store
from consumers.sink.sink import Sink, settled_ends
from consumers.worker.models import LogModels
from stream.log.open import open_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.lines import Sales
    from benchmarks.week import Place
    from consumers.sink.store import Store
    from consumers.task.task import Task
    from stream.log.seam import Log

CUSTOMERS, LINES, DAYS = 200_000, 800_000, 60
KNOWN = 0.7
"""The share of lines before the sinks are there."""

AIMS = {"sqlite": "≥ 30,000", "postgres": "≥ 20,000"}


def measure(postgres: str | None, customers: int = CUSTOMERS, lines: int = LINES) -> list[Figure]:
    """`postgres` is the URL of an empty database."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        at = stack.enter_context(place(f"sqlite:///{folder}/log.db"))
        log = stack.enter_context(open_log(at.url))
        urls = {"sqlite": f"sqlite:///{folder}/sink.db"}
        urls |= {"postgres": postgres} if postgres else {}
        stores = {name: stack.enter_context(open_store(url)) for name, url in urls.items()}
        them = sales(customers, lines, DAYS)
        tasks = [LogTasks(log, at.topics, at.settings).new(one, 0) for one in range(PARTITIONS)]
        known = round(KNOWN * lines)
        _begin(log, at, tasks, them.take(slice(0, known)))
        sinks = {name: _sink(log, at, store) for name, store in stores.items()}
        loads = {name: _rate(log, at, sink) for name, sink in sinks.items()}
        rates: dict[str, list[float]] = {name: [] for name in sinks}
        step = (lines - known) // ROUNDS
        for begin in range(known, known + step * ROUNDS, step):
            _go_on(log, at, tasks, them.take(slice(begin, begin + step)))
            for name, sink in sinks.items():
                rates[name].append(_rate(log, at, sink))
        for sink in sinks.values():
            sink.close()
    return [figure for name in urls for figure in _figures(name, rates[name], loads[name])]


def _figures(name: str, rates: Sequence[float], load: float) -> list[Figure]:
    return [
        Figure(f"sink_{name}_per_s", median(rates), AIMS[name], "changed customers a second"),
        Figure(f"sink_{name}_load_per_s", load, "", "the same into an empty database"),
    ]


def _begin(log: Log, at: Place, tasks: Sequence[Task], them: Sales) -> None:
    """A model, and a checkpoint of everybody."""
    _take(tasks, them)
    model = publish(log, at.topics, fitted([one.state.profiles for one in tasks], at.settings))
    with log.writer() as writer:
        for task in tasks:
            take_up_quietly(task, model)
            task.collect(Now().now_ms(), checkpoint=True)
            for records in task.collect(Now().now_ms()).blocks:
                writer.append(at.topics.profiles, task.partition, records)
        writer.flush()


def _go_on(log: Log, at: Place, tasks: Sequence[Task], them: Sales) -> None:
    """Some weeks' lines, as one block a partition."""
    _take(tasks, them)
    with log.writer() as writer:
        for task in tasks:
            for records in task.collect(Now().now_ms()).blocks:
                writer.append(at.topics.profiles, task.partition, records)
        writer.flush()


def _take(tasks: Sequence[Task], them: Sales) -> None:
    for records in chunks(them):
        for partition, theirs in by_partition(records):
            task = tasks[partition]
            task.take(batch_of(theirs, task.position), Now().now_ms())


def _sink(log: Log, at: Place, store: Store) -> Sink:
    store.migrate()
    models = LogModels(log, at.topics.models)
    return Sink(log, at.topics, store, models, most_rows=at.settings.sink.most_rows)


def _rate(log: Log, at: Place, sink: Sink) -> float:
    ends = settled_ends(log, at.topics)
    began, rows = time.perf_counter(), 0
    while any(sink.behind(ends).values()):
        rows += sink.step().rows.get("customers", 0)
    return rows / (time.perf_counter() - began)
