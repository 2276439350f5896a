"""Which midnights a job takes, in which order, and what it says of those it missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.job import Nothing, Taken, WasMissed
from snapshot.publishing import Publisher
from stream.contracts.alert import Outcome
from stream.contracts.instant import milliseconds
from stream.model.arrays import DAY_MS
from stream.model.change import instant
from tests.snapshot.jobs import (
    FIRST,
    LINES,
    SECOND,
    THIRD,
    TOPICS,
    WEEKLY,
    day,
    job,
    live,
    number_of,
    visible,
)
from tests.snapshot.logs import NOW, made_by_hand

if TYPE_CHECKING:
    from snapshot.history import History
    from stream.log.embedded import EmbeddedLog
    from tests.snapshot.tasks import Tasks


def test_in_event_time_no_midnight_is_passed_over_and_a_new_job_goes_on_after_the_last(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    done: list[int] = []
    for begin, end in ((0, FIRST), (FIRST, SECOND + DAY_MS), (SECOND + DAY_MS, THIRD)):
        live(tasks, number_of(begin) if begin else 0, number_of(end))
        with job(log, history, WEEKLY) as restarted:
            step = restarted.take()
            assert isinstance(step, Taken)
            done.append(step.moment.instant_ms)
            assert step.passed_over == []
            assert isinstance(restarted.take(), Nothing)
        tasks.read_on()  # the promotion
    assert done == [FIRST, SECOND, THIRD]
    reports, models, told, _ = visible(log)
    assert [milliseconds(report.instant) for report in reports] == done
    assert [report.model_version for report in reports] == [None, 1, 2]
    assert (models, told) == ([1, 2, 3], [[1, 2, 3]] * 2)
    assert history.instants() == tuple(done)


def test_by_the_clock_the_latest_midnight_is_taken(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, 4)
    tasks.sell([one for one in LINES if instant(day(4)) < one.occurred_at < instant(day(5))])
    tasks.read_on()
    with job(log, history) as one:
        step = one.take()
    assert isinstance(step, Taken)
    assert step.moment.instant_ms == day(4)


def test_without_a_midnight_everything_is_taken_as_it_is_now(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    bought = [one for one in LINES if one.occurred_at < instant(day(1))]
    tasks.sell(bought)
    tasks.read_on()
    with job(log, history) as one:
        step = one.take()
        assert isinstance(step, Taken)
        assert day(0) < step.moment.instant_ms < day(1)
        assert len(step.moment) == len({line.customer_id for line in bought})
        assert isinstance(one.take(), Nothing)


def test_the_model_that_is_compared_is_the_one_that_tasks_had_and_a_later_one_is_not_replaced(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    """Rule 23: scored against the version they carry."""
    live(tasks, 0, 3)
    with Publisher(log, TOPICS) as publisher:
        publisher.publish(made_by_hand(), NOW)
    tasks.read_on()
    live(tasks, 3, 5)
    with Publisher(log, TOPICS) as publisher:
        publisher.publish(made_by_hand(), NOW)  # tasks come to it after the midnight
    tasks.read_on()
    with job(log, history) as one:
        step = one.take()
        assert isinstance(step, Taken)
        report = step.reconciled.report
        assert (step.moment.instant_ms, report.model_version) == (day(5), 1)
        assert report.decision.outcome is Outcome.KEPT
        assert "version 2 was published, and tasks had not taken it up" in str(report.decision)
        live(tasks, 5, 6)
        step = one.take()
    assert isinstance(step, Taken)
    assert (step.reconciled.report.model_version, step.reconciled.model) != (1, None)
    assert visible(log)[1:3] == ([1, 2, 3], [[1, 2, 3]] * 2)


def test_a_job_that_is_behind_compares_each_midnight_and_makes_a_model_of_the_newest(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, number_of(FIRST) - 1)
    with Publisher(log, TOPICS) as publisher:
        publisher.publish(made_by_hand(), NOW)
    tasks.read_on()
    live(tasks, number_of(FIRST) - 1, number_of(THIRD))
    with job(log, history, WEEKLY) as one:
        steps = [one.take() for _ in range(4)]
    assert isinstance(steps.pop(), Nothing)
    taken = [step for step in steps if isinstance(step, Taken)]
    assert [step.moment.instant_ms for step in taken] == [FIRST, SECOND, THIRD]
    assert [step.reconciled.model is None for step in taken] == [True, True, False]
    assert "later midnights" in str(taken[0].reconciled.report.decision)


def test_midnights_at_which_nothing_can_be_compared_are_passed_over_for_the_first_model(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, number_of(THIRD))
    with job(log, history, WEEKLY) as one:
        step = one.take()
        assert isinstance(one.take(), Nothing)
    assert isinstance(step, Taken)
    assert step.moment.instant_ms == THIRD
    assert step.reconciled.model is not None


def test_what_was_missed_is_said_and_the_next_midnight_taken(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, number_of(FIRST))
    with job(log, history, WEEKLY) as one:
        assert isinstance(one.take(), Taken)
        live(tasks, number_of(FIRST), number_of(SECOND) + 1)
        tasks.sell(LINES[-1:])
        tasks.read_on(checkpoint=True)
        step = one.take()
        assert isinstance(step, WasMissed)
        assert step.report.instant == instant(SECOND)
        assert "missed: partition" in step.report.decision.reasons[0]
        assert f"{instant(SECOND):%Y-%m-%d}" in step.report.decision.reasons[0]
        assert isinstance(one.take(), Nothing)
    reports, models, _, _ = visible(log)
    assert [report.instant for report in reports] == [instant(FIRST), instant(SECOND)]
    assert models == [1]


def test_what_was_missed_before_the_midnight_taken_is_said_with_it(
    log: EmbeddedLog, history: History, tasks: Tasks
) -> None:
    live(tasks, 0, number_of(FIRST))
    with job(log, history, WEEKLY) as one:
        assert isinstance(one.take(), Taken)
    live(tasks, number_of(FIRST), number_of(SECOND) + 1)
    tasks.read_on(checkpoint=True)
    live(tasks, number_of(SECOND) + 1, number_of(THIRD))
    with job(log, history, WEEKLY) as one:
        step = one.take()
    assert isinstance(step, Taken)
    assert (step.moment.instant_ms, step.passed_over) == (THIRD, [SECOND])
