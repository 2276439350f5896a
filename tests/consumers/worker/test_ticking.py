"""When the owner ticks: by the clock that is handed in, and only where the present is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from consumers.worker.partition_task import NEVER
from consumers.worker.rules import SystemClock
from consumers.worker.ticking import tick, tick_is_due
from stream.contracts.commands import Tick
from stream.contracts.instant import milliseconds
from stream.times import DAY_MS
from tests.consumers.worker.counting import records_of
from tests.consumers.worker.shop import QUICK
from tests.waiting import until

if TYPE_CHECKING:
    from tests.consumers.worker.shop import Running, Shop

NOON = 20_000 * DAY_MS + DAY_MS // 2
instants = st.integers(NOON - 3 * DAY_MS, NOON + 3 * DAY_MS)


def test_nothing_is_due_before_the_first_event() -> None:
    assert not tick_is_due(NOON, NEVER, None, NEVER)


def test_an_order_is_due_once_the_clock_is_past_it() -> None:
    assert not tick_is_due(NOON, NOON - 5000, NOON, NEVER)
    assert tick_is_due(NOON + 1, NOON - 5000, NOON, NEVER)


def test_a_midnight_is_due_without_an_order() -> None:
    midnight = NOON + DAY_MS // 2
    assert not tick_is_due(midnight - 1, NOON, None, NEVER)
    assert tick_is_due(midnight, NOON, None, NEVER)
    assert not tick_is_due(midnight + 1, midnight, None, NEVER)


@given(instants, instants, st.none() | instants)
def test_after_a_tick_none_is_due_for_the_same_things(
    now: int, event: int, pending: int | None
) -> None:
    """Whether or not the tick has been read: else they would be written until it is."""
    assert not tick_is_due(now, event, pending, ticked_ms=now)
    assert not tick_is_due(now, max(event, now), None, NEVER)


def test_a_tick_says_the_instant_and_has_no_key() -> None:
    (record,) = tick(NOON + 123)
    assert record.key is None
    assert record.timestamp == NOON + 123
    assert milliseconds(Tick.from_json(record.value).instant) == NOON + 123


@dataclass
class HandClock:
    """Shows what it is set to; the other clock runs as it does."""

    at_ms: int
    seconds_of: SystemClock = field(default_factory=SystemClock)

    def now_ms(self) -> int:
        return self.at_ms

    def seconds(self) -> float:
        return self.seconds_of.seconds()


def folded(running: Running) -> int:
    return sum(task.outcomes["folded"] for task in running.tasks.made.values())


def ticks_of(shop: Shop) -> list[int]:
    """The instants of all ticks in the topic."""
    return sorted(
        milliseconds(Tick.from_json(record.value).instant)
        for partition in range(shop.topics.partitions)
        for _, record in records_of(shop.log, shop.topics.transactions, partition)
        if record.key is None
    )


def turns(running: Running, count: int = 30) -> None:
    """The worker's loop has come round so often since."""
    came = threading.Semaphore(0)
    running.seen.each_turn = came.release
    for _ in range(count):
        assert came.acquire(timeout=120)
    running.seen.each_turn = None


def test_orders_are_ticked_when_due_once_and_again_after_the_next(shop: Shop) -> None:
    """The counting task's orders are due 5 s after their last line."""
    clock = HandClock(NOON)
    with shop.working(clock=clock) as running:
        shop.sell(40, at_ms=NOON - 1000, recorded_ms=NOON - 1000)
        until(lambda: folded(running) == 40, "all to be folded")
        turns(running)
        assert ticks_of(shop) == []  # silent by no clock yet, and not due
        clock.at_ms = NOON + 3000
        turns(running)
        assert ticks_of(shop) == []  # silent, and not due
        clock.at_ms = NOON + 6000
        until(lambda: len(ticks_of(shop)) == 2, "a tick on each partition")
        until(
            lambda: all(task.ticks == [NOON + 6000] for task in running.tasks.made.values()),
            "the ticks to be folded",
        )
        clock.at_ms = NOON + 60_000
        turns(running)
        assert ticks_of(shop) == [NOON + 6000] * 2
        shop.sell(40, at_ms=NOON + 60_000, recorded_ms=NOON + 60_000)
        until(lambda: folded(running) == 80, "all to be folded")
        clock.at_ms = NOON + 70_000
        until(lambda: len(ticks_of(shop)) == 4, "a tick more on each")
    committed = shop.log.committed(shop.group, shop.topics.transactions)
    assert set(committed) == {0, 1}


def test_midnights_are_ticked_on_an_idle_partition(shop: Shop) -> None:
    clock = HandClock(NOON)
    with shop.working(clock=clock) as running:
        shop.sell(40, at_ms=NOON - 1000, recorded_ms=NOON - 1000)
        until(lambda: folded(running) == 40, "all to be folded")
        clock.at_ms = NOON + 10_000
        until(lambda: len(ticks_of(shop)) == 2, "the orders' ticks")
        clock.at_ms = NOON + DAY_MS
        until(lambda: len(ticks_of(shop)) == 4, "the midnight's ticks")
        turns(running)
        clock.at_ms = NOON + DAY_MS + 1000
        turns(running)
    assert ticks_of(shop) == [NOON + 10_000] * 2 + [NOON + DAY_MS] * 2


def test_a_replay_of_old_events_is_never_ticked(shop: Shop) -> None:
    clock = HandClock(NOON)
    with shop.working(clock=clock) as running:
        shop.sell(40, at_ms=NOON - 365 * DAY_MS, recorded_ms=NOON - 1000)
        until(lambda: folded(running) == 40, "all to be folded")
        clock.at_ms = NOON + 3 * DAY_MS
        turns(running)
    assert ticks_of(shop) == []


def test_a_reading_to_the_end_writes_no_ticks(shop: Shop) -> None:
    clock = HandClock(NOON + DAY_MS)
    shop.sell(40, at_ms=NOON - 1000, recorded_ms=NOON - 1000)
    rules = replace(QUICK, tick_silence_ms=1)
    running = shop.worker(rules=rules, clock=clock)
    running.start(until_end=True)
    running.end()
    assert shop.said() == shop.has_to_be_said()
    assert ticks_of(shop) == []
