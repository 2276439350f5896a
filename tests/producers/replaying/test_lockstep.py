"""A replay in lockstep goes past a midnight when its snapshot is there, and not before."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from producers.replaying.lockstep import Lockstep
from producers.replaying.pace import Pace
from producers.replaying.prepared import Choices
from producers.replaying.replay import Plan, replay
from stream.cadence import EventCadence
from stream.contracts.alert import Decision, Outcome
from stream.contracts.bounds import FIRST_INSTANT
from stream.contracts.commands import Tick
from stream.contracts.drift import DriftReport
from stream.contracts.instant import milliseconds
from stream.contracts.transaction import Transaction
from stream.errors import InvalidMessage
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.seam import TopicSpec
from tests.producers.replays import (
    DAY_MS,
    TOPIC,
    JumpingClock,
    everything,
    log_with_topic,
    some_days,
    without_clock,
)
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from producers.replaying.account import Account
    from stream.log.seam import Log

DRIFT = "drift"
EVERY = EventCadence(3)
WAITS = [3, 6, 9, 12, 15]  # some_days has lines from day 0 to day 14


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with log_with_topic(tmp_path / "shoal.db") as opened:
        opened.create_topics([TopicSpec(DRIFT, 1)])
        yield opened


def report(log: Log, day: int) -> None:
    at = FIRST_INSTANT + timedelta(days=day)
    made = DriftReport(
        instant=at,
        created_at=at,
        model_version=None,
        customers=0,
        decision=Decision(outcome=Outcome.KEPT),
    )
    with log.writer() as writer:
        writer.append(DRIFT, 0, Records.of([Record(None, made.to_json(), 0)]))
        writer.flush()


def latest_ms(log: Log) -> int:
    """How far event time has come in the topic, the end's tick left out."""
    found = [-1]
    for records in everything(log):
        for record in records:
            try:
                found.append(milliseconds(Tick.from_json(record.value).instant))
            except InvalidMessage:
                found.append(milliseconds(Transaction.from_json(record.value).occurred_at))
    return max(found)


def run(log: Log, clock: JumpingClock, told: list[int], plan: Plan | None = None) -> Account:
    plan = plan or Plan(TOPIC)
    with some_days() as lines, Lockstep(log, DRIFT, EVERY, clock, told.append) as lockstep:
        return replay(lines, log, plan, clock, lockstep=lockstep)


def test_nothing_after_a_midnight_is_sent_before_its_snapshot_is_there(
    log: Log, tmp_path: Path
) -> None:
    account: list[Account] = []
    with open_log(f"sqlite:///{tmp_path / 'shoal.db'}") as replaying:
        thread = threading.Thread(
            target=lambda: account.append(run(replaying, JumpingClock(), [])), daemon=True
        )
        thread.start()
        for day in WAITS[:-1]:
            until(lambda day=day: latest_ms(log) >= day * DAY_MS, f"day {day}")  # type: ignore[misc]  # bound now
            assert latest_ms(log) == day * DAY_MS
            assert all(len(records) for records in everything(log))
            report(log, day)
        thread.join(120)
        assert not thread.is_alive()
    assert account[0].not_sent == 0


def test_it_sends_what_a_replay_sends_that_waits_for_nobody(log: Log, tmp_path: Path) -> None:
    report(log, 1000)
    run(log, JumpingClock(), [])
    with log_with_topic(tmp_path / "other.db") as other, some_days() as lines:
        replay(lines, other, Plan(TOPIC), JumpingClock())
        assert without_clock(everything(other)) == without_clock(everything(log))


def test_one_that_was_stopped_while_it_waited_waits_there_again(log: Log) -> None:
    stopped = run(log, JumpingClock(patience=1000.0 - 1), [])
    assert stopped.not_sent
    assert latest_ms(log) <= 3 * DAY_MS
    before = everything(log)
    for _ in range(2):
        again = run(log, JumpingClock(patience=999.0), [], Plan(TOPIC, resume=True))
        assert again.not_sent
    assert latest_ms(log) == 3 * DAY_MS
    assert without_clock(everything(log))[0][: len(before[0])] == without_clock(before)[0]
    report(log, 3)
    report(log, 1000)
    done = run(log, JumpingClock(), [], Plan(TOPIC, resume=True))
    assert done.not_sent == 0


def test_what_is_waited_for_is_told_once_it_takes_long(log: Log) -> None:
    class Hurrying(JumpingClock):
        """Each time it is asked, six seconds have gone by."""

        def wait(self, seconds: float) -> bool:
            return super().wait(seconds + 6)

    told: list[int] = []
    run(log, Hurrying(patience=1400), told)
    assert told == [3 * DAY_MS]


@pytest.mark.parametrize("pace", [Pace(), Pace(speed=86_400.0), Pace(rate=50.0)])
def test_a_pace_goes_on_beside_it(log: Log, pace: Pace) -> None:
    report(log, 1000)
    choices = Choices(until_ms=8 * DAY_MS)
    account = run(log, JumpingClock(), [], Plan(TOPIC, choices, pace))
    assert account.not_sent == 0
