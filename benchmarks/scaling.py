"""What a record costs a task with ten thousand customers, and what with two million.

The same records but for who comes: customers come as unevenly in each, in the same hours. No
change is written up (the margin is out of reach), because how many there are is the model's
doing. Blocks and sweeps, which follow customers and not records, are measured apart.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.data import Now
from benchmarks.figures import Figure
from benchmarks.lens import fitted, write_settings
from benchmarks.lines import batch_of, records_of
from benchmarks.plot import Panel, draw
from benchmarks.shops import BEGIN_MS, DAY_MS, busy, of_orders, sales
from benchmarks.standing import take_up_quietly
from benchmarks.week import chunks
from consumers.task.looking import sweep_all
from consumers.task.rules import Identity, TaskRules
from consumers.task.task import Task, new_task
from stream.contracts.lens import Transition

if TYPE_CHECKING:
    from stream.contracts.model import SegmentModel
    from stream.log.batch import Ints, Records

SIZES = (10_000, 50_000, 200_000, 1_000_000, 2_000_000)
EVENTS, AT_ONCE, LINES_AN_ORDER = 50_000, 50_000, 3
WARM_ROUNDS, ROUNDS = 2, 7
QUIET_DAYS = 8
"""Between everybody's first line and what is measured: ids are forgotten by then."""

HOUR_MS = DAY_MS // 24
FITTED_ON = (5_000, 100_000, 7)
"""Customers, lines and days."""

OUT_OF_REACH = Transition(margin=1_000.0)


@dataclass(slots=True)
class Shop:
    """A task with so many customers, and what was measured of it."""

    customers: int
    task: Task
    take_ns: list[float] = field(default_factory=list)
    block_bytes: list[float] = field(default_factory=list)
    sweep_seconds: list[float] = field(default_factory=list)


def measure(plot: Path) -> list[Figure]:
    model = _model()
    shops = [_shop(customers, model) for customers in SIZES]
    for number in range(WARM_ROUNDS + ROUNDS):
        for shop in shops:
            _round(shop, number)
    for shop in shops:
        shop.sweep_seconds = [_sweep(shop) for _ in range(3)]
    costs = [median(shop.take_ns[WARM_ROUNDS:]) for shop in shops]
    blocks = [median(shop.block_bytes[WARM_ROUNDS:]) for shop in shops]
    sweeps = [median(shop.sweep_seconds) for shop in shops]
    draw(
        plot,
        "What it costs as customers become more",
        SIZES,
        (
            Panel("nanoseconds a record: decoded, folded, assigned", costs),
            Panel("block bytes a record, a commit every 50,000", blocks),
            Panel("seconds a sweep", sweeps),
        ),
    )
    flat = max(costs) / min(costs)
    return [
        Figure("record_cost_rise", flat, "≤ 1.25", "dearest over cheapest, 10,000 to 2 million"),
        *_row("record_ns", costs, "nanoseconds a record: decoded, folded, assigned"),
        *_row("block_bytes_a_record", blocks, "bytes in blocks, a commit every 50,000 records"),
        *_row("sweep_seconds", sweeps, "a midnight's sweep"),
    ]


def _row(name: str, values: list[float], what: str) -> list[Figure]:
    pairs = zip(SIZES, values, strict=True)
    return [
        Figure(f"{name}_{customers // 1_000}k", value, "", f"{what}; {customers:,} customers")
        for customers, value in pairs
    ]


def _shop(customers: int, model: SegmentModel) -> Shop:
    """Everybody came once, on the first day; then the model came."""
    task = _new_task()
    everybody = np.random.default_rng(2).permutation(customers)
    for begin in range(0, customers, AT_ONCE):
        who = everybody[begin : begin + AT_ONCE]
        _take(task, _records(who, begin // LINES_AN_ORDER, begin, BEGIN_MS, DAY_MS // 2))
        task.collect(0)
    take_up_quietly(task, model)
    return Shop(customers, task)


def _round(shop: Shop, number: int) -> None:
    """The next records, the same hours later for every shop."""
    rng = np.random.default_rng((7, number))
    orders = busy(shop.customers, EVENTS // LINES_AN_ORDER + 1, rng)
    who = np.repeat(orders, LINES_AN_ORDER)[:EVENTS]
    first = max(SIZES) + number * EVENTS
    begin_ms = BEGIN_MS + QUIET_DAYS * DAY_MS + number * HOUR_MS
    records = _records(who, first, first, begin_ms, HOUR_MS)
    shop.take_ns.append(_take(shop.task, records) / EVENTS * 1e9)
    blocks = shop.task.collect(0).blocks
    written = sum(int(part.values.lengths.sum()) for part in blocks)
    shop.block_bytes.append(written / EVENTS)


def _records(who: Ints, first_order: int, first_event: int, begin_ms: int, span_ms: int) -> Records:
    number = np.arange(len(who))
    order = number // LINES_AN_ORDER
    at_ms = begin_ms + order * LINES_AN_ORDER * span_ms // len(who)
    rng = np.random.default_rng((3, first_event))
    made = of_orders(who, at_ms, first_order + order, first_event + number, rng)
    return records_of(made, Now().now_ms())


def _take(task: Task, records: Records) -> float:
    """Seconds on the processor."""
    batch = batch_of(records, task.position)
    began = time.thread_time()
    task.take(batch, 0)
    return time.thread_time() - began


def _sweep(shop: Shop) -> float:
    midnight_ms = (shop.task.event_ms // DAY_MS + 1) * DAY_MS
    began = time.perf_counter()
    sweep_all(shop.task.state, midnight_ms, 0)
    return time.perf_counter() - began


def _model() -> SegmentModel:
    """Fitted on a small shop, and so that nobody moves."""
    task = _new_task()
    for records in chunks(sales(*FITTED_ON)):
        _take(task, records)
    with TemporaryDirectory() as folder:
        settings = write_settings(Path(folder) / "bench.toml", "sqlite:///none", "bench.", 1)
    model = fitted([task.state.profiles], settings)
    lenses = tuple(one.model_copy(update={"transition": OUT_OF_REACH}) for one in model.lenses)
    return model.model_copy(update={"lenses": lenses})


def _new_task() -> Task:
    return new_task(Identity("bench", "bench", 1, 0), TaskRules("changes"), NoModels())


class NoModels:
    """Nobody is promoted here."""

    def model(self, version: int) -> SegmentModel:
        raise AssertionError(f"model {version} was asked for")
