"""A midnight read from blocks is what the tasks were at that midnight, whatever came after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.marks import Marks
from snapshot.moment import moment_of
from snapshot.publishing import Publisher
from snapshot.reading_at import Missed, partitions_at
from stream.contracts.instant import milliseconds
from stream.log.embedded import EmbeddedLog
from stream.model.arrays import DAY_MS
from stream.settings import load_settings
from stream.topics import Topics
from tests.snapshot.logs import NOW, START, made_by_hand
from tests.snapshot.shops import purchases
from tests.snapshot.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from snapshot.moment import Moment, PartitionAt
    from stream.contracts.fast import Line

TOPICS = Topics(partitions=3)
SETTINGS = load_settings(None, {})
DAY_0 = milliseconds(START)
NAMES = ("orders", "spend", "orders_d90")


def day(number: int) -> int:
    return DAY_0 + number * DAY_MS


def lines(first: int, last: int, customers: int = 40) -> list[Line]:
    """What customers bought from one day to another."""
    begin, end = START + timedelta(days=first), START + timedelta(days=last)
    return [one for one in purchases(customers, 20) if begin <= one.occurred_at < end]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    with EmbeddedLog(str(tmp_path / "shoal.db")) as opened:
        opened.create_topics(TOPICS.specs())
        yield opened


@pytest.fixture
def tasks(log: EmbeddedLog) -> Tasks:
    return Tasks(log, TOPICS, SETTINGS)


@pytest.fixture
def marks(log: EmbeddedLog) -> Iterator[Marks]:
    with Marks(log, TOPICS, SETTINGS) as opened:
        yield opened


def read(log: EmbeddedLog, marks: Marks, midnight_ms: int | None) -> list[PartitionAt]:
    return partitions_at(log, TOPICS, SETTINGS, marks.midnights.partitions, midnight_ms)


def moment(partitions: list[PartitionAt], at_ms: int) -> Moment:
    return moment_of(partitions, NAMES, at_ms)


def everything(one: Moment) -> tuple[object, ...]:
    lenses = {
        name: (lens.version, lens.segments, lens.published.tolist(), _running(lens))
        for name, lens in one.lenses.items()
    }
    table = one.table
    return (table.ids, table.features.tobytes(), table.last_purchase_ms.tolist(), lenses)


def _running(lens: object) -> list[object]:
    return [(run.positions.tobytes(), run.segments) for run in lens.running]  # type: ignore[attr-defined]  # a LensAt


def test_a_midnight_is_read_as_it_was_whatever_the_tasks_have_done_since(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    """Rule 23: blocks through the mark, with the version and the centroids that they carry."""
    with Publisher(log, TOPICS) as publisher:
        publisher.publish(made_by_hand(), NOW)
        tasks.live(lines(0, 5), [day(number) for number in range(1, 6)])
        tasks.read_on()
        marks.read_on()
        then = moment(read(log, marks, day(5)), day(5))
        publisher.publish(made_by_hand(), NOW)
    tasks.live(lines(5, 12), [day(number) for number in range(6, 13)])
    tasks.read_on()
    marks.read_on()
    again = moment(read(log, marks, day(5)), day(5))
    assert everything(again) == everything(then)
    assert (again.model_version, again.lenses["value"].version) == (1, 1)
    later = moment(read(log, marks, day(12)), day(12))
    assert later.model_version == 2
    assert everything(later) != everything(then)
    assert marks.midnights.common() == [day(number) for number in range(1, 13)]


def test_everything_as_it_is_now_is_what_the_tasks_have(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    tasks.sell(lines(0, 1))
    tasks.read_on()
    marks.read_on()
    assert marks.midnights.common() == []
    now = moment(read(log, marks, None), day(1))
    assert len(now) == sum(len(task.state.profiles) for task in tasks.all)


def test_a_midnight_is_common_when_the_slowest_task_has_come_to_it(
    tasks: Tasks, marks: Marks
) -> None:
    tasks.live(lines(0, 3), [day(1), day(2), day(3)])
    tasks.read_on(partitions=[0, 1])
    marks.read_on()
    assert marks.unread() == [2]
    tasks.read_on()
    marks.read_on()
    assert (marks.unread(), marks.midnights.common()) == ([], [day(1), day(2), day(3)])
    tasks.tick(day(4), partitions=[0, 2])
    tasks.read_on()
    marks.read_on()
    assert marks.midnights.common() == [day(1), day(2), day(3)]
    assert marks.midnights.passed_ms() == day(3)


def test_a_partition_where_nobody_has_bought_yet_is_empty_and_holds_nobody_up(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    first = [one for one in lines(0, 3) if tasks_partition(one) == 0]
    tasks.live(first, [day(1), day(2), day(3)])
    tasks.read_on()
    marks.read_on()
    assert (marks.unread(), marks.midnights.common()) == ([], [day(1), day(2), day(3)])
    then = moment(read(log, marks, day(2)), day(2))
    assert 0 < len(then) == (then.partition == 0).sum()
    tasks.live([one for one in lines(4, 6) if tasks_partition(one) == 1], [day(5), day(6)])
    tasks.read_on()
    marks.read_on()
    assert marks.midnights.common() == [day(number) for number in range(1, 7)]
    assert everything(moment(read(log, marks, day(2)), day(2))) == everything(then)


def tasks_partition(line: Line) -> int:
    from stream.log.partitioning import partition_of

    return partition_of(line.customer_id.encode(), TOPICS.partitions)


def test_of_what_was_truncated_the_next_midnight_is_the_first(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    """Rules 9 and 10: a checkpoint replaces, and who reads on goes on from it."""
    tasks.live(lines(0, 4), [day(number) for number in range(1, 5)])
    tasks.read_on()
    marks.read_on()
    tasks.sell(lines(4, 5))
    tasks.read_on(partitions=[0, 1])
    tasks.read_on(partitions=[2], checkpoint=True)
    assert marks.midnights.common()[-1] == day(4)
    with pytest.raises(Missed, match=r"customer-profiles\[2\] was cut off"):
        read(log, marks, day(4))
    marks.read_on()
    assert marks.midnights.common() == []
    assert marks.midnights.lacking(day(4)) == [2]
    tasks.tick(day(5), day(6))
    tasks.read_on()
    marks.read_on()
    assert marks.midnights.common() == [day(5), day(6)]
    late = moment(read(log, marks, day(5)), day(5))
    with Marks(log, TOPICS, SETTINGS) as fresh:
        fresh.read_on()
        assert fresh.midnights.common() == [day(5), day(6)]
        assert everything(moment(read(log, fresh, day(5)), day(5))) == everything(late)
    assert len(late) == sum(len(task.state.profiles) for task in tasks.all)


def test_marks_that_were_seen_are_forgotten_with_what_is_cut_off_behind_them(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    tasks.live(lines(0, 4), [day(number) for number in range(1, 5)])
    tasks.read_on()
    begin = tasks.checkpoint(tasks.all[2])
    marks.read_on()
    assert marks.midnights.common()[-1] == day(4)
    log.truncate(TOPICS.profiles, 2, begin)
    marks.read_on()
    assert (marks.midnights.common(), marks.midnights.lacking(day(4))) == ([], [2])


def test_a_checkpoint_before_the_midnight_is_where_reading_begins(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    tasks.live(lines(0, 4), [day(number) for number in range(1, 5)])
    tasks.read_on(checkpoint=True)
    tasks.live(lines(4, 6), [day(5), day(6)])
    tasks.read_on()
    marks.read_on()
    assert marks.midnights.common() == [day(5), day(6)]
    found = moment(read(log, marks, day(6)), day(6))
    assert len(found) == sum(len(task.state.profiles) for task in tasks.all)
    whole = [task.state.profiles for task in tasks.all]
    assert sum(len(one) for one in whole) == len(found)


def test_the_midnight_of_the_last_promotion_can_be_read_behind_a_later_checkpoint(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    """Rule 9: the checkpoint before it is kept, by the rule that workers cut by."""
    tasks.live(lines(0, 3), [day(1), day(2), day(3)])
    tasks.read_on(checkpoint=True)
    tasks.live(lines(3, 5), [day(4), day(5)])
    tasks.read_on()
    marks.read_on()
    then = moment(read(log, marks, day(5)), day(5))
    with Publisher(log, TOPICS) as publisher:
        publisher.publish(made_by_hand(instant=START + timedelta(days=5)), NOW)
    tasks.live(lines(5, 6), [day(6)])
    tasks.read_on(checkpoint=True, cut_by_rule=True)
    with Marks(log, TOPICS, SETTINGS) as fresh:
        fresh.read_on()
        assert day(5) in fresh.midnights.common()
        assert everything(moment(read(log, fresh, day(5)), day(5))) == everything(then)


def test_who_was_erased_after_the_midnight_is_not_read_any_more(
    log: EmbeddedLog, tasks: Tasks, marks: Marks
) -> None:
    tasks.live(lines(0, 3), [day(1), day(2), day(3)])
    leaving = lines(0, 3)[0].customer_id
    tasks.erase(leaving)
    tasks.sell(lines(3, 4))
    tasks.tick(day(4))
    tasks.read_on()
    marks.read_on()
    assert np.concatenate([one.graves for one in marks.midnights.partitions])["times"].tolist() == [
        1
    ]
    then = moment(read(log, marks, day(3)), day(3))
    assert leaving not in then.table.ids
    assert len(then) == len({one.customer_id for one in lines(0, 3)}) - 1
