"""Which midnight is next, and which ones nobody can read any more."""

from __future__ import annotations

import pytest

from snapshot.due import Due, due_now, missed
from snapshot.midnights import Mark, Midnights, PartitionMarks
from stream.cadence import EventCadence
from stream.times import DAY_MS

WEEKLY = EventCadence(7)


def days(*numbers: int) -> list[int]:
    return [number * DAY_MS for number in numbers]


def partition(
    marked: range | list[int],
    *,
    first: float = 0,
    come: float | None = None,
    version: int | None = 1,
    whole: bool = True,
) -> PartitionMarks:
    """One that has marked these days, where somebody bought first on day `first`."""
    marks = {at: Mark(number, number, version) for number, at in enumerate(days(*marked))}
    sweep_ms = max([*marks, round(first * DAY_MS)])
    if come is not None:
        sweep_ms = round(come * DAY_MS)
    return PartitionMarks(marks, round(first * DAY_MS), whole, sweep_ms, position=9, sequence=9)


def test_a_midnight_counts_when_all_partitions_have_it() -> None:
    midnights = Midnights([partition(range(1, 30)), partition(range(1, 16), come=15.5)])
    assert midnights.common() == days(*range(1, 16))
    assert midnights.passed_ms() == 15.5 * DAY_MS
    assert due_now(midnights, None, None) == Due(15 * DAY_MS, is_newest=True)
    assert due_now(midnights, None, 15 * DAY_MS) is None


def test_in_event_time_those_of_the_cadence_come_one_after_the_other() -> None:
    midnights = Midnights([partition(range(1, 30))])
    assert due_now(midnights, WEEKLY, None) == Due(7 * DAY_MS, is_newest=False)
    assert due_now(midnights, WEEKLY, 7 * DAY_MS) == Due(14 * DAY_MS, is_newest=False)
    assert due_now(midnights, WEEKLY, 21 * DAY_MS) == Due(28 * DAY_MS, is_newest=True)
    assert due_now(midnights, WEEKLY, 28 * DAY_MS) is None


def test_without_a_model_only_the_newest_is_worth_a_snapshot() -> None:
    midnights = Midnights([partition(range(1, 30), version=None)])
    assert due_now(midnights, WEEKLY, None) == Due(28 * DAY_MS, is_newest=True)


@pytest.mark.parametrize("first", [7, 7.5, 13.9])
def test_a_partition_is_empty_up_to_the_day_of_its_first_customer(first: float) -> None:
    late = partition(range(14, 20), first=first, come=19.5)
    midnights = Midnights([partition(range(1, 20)), late])
    assert 7 * DAY_MS in midnights.common()
    assert (13 * DAY_MS in midnights.common()) == (first > 13)
    assert midnights.lacking(7 * DAY_MS) == []


def test_a_partition_that_was_cut_off_before_its_first_customer_is_known_is_not_empty() -> None:
    cut = partition(range(14, 20), first=13.5, whole=False)
    midnights = Midnights([partition(range(1, 20)), cut])
    assert midnights.common() == days(*range(14, 20))
    assert midnights.lacking(7 * DAY_MS) == [1]


def test_what_a_partition_has_passed_and_lacks_was_missed() -> None:
    holes = [day for day in range(1, 30) if day not in (14, 21)]
    midnights = Midnights([partition(range(1, 30)), partition(holes)])
    assert missed(midnights, WEEKLY, 7 * DAY_MS, 28 * DAY_MS) == days(14, 21)
    assert missed(midnights, WEEKLY, 14 * DAY_MS, None) == days(21)
    assert missed(midnights, WEEKLY, 21 * DAY_MS, None) == []


def test_nothing_was_missed_that_is_still_to_come() -> None:
    midnights = Midnights([partition(range(1, 30)), partition(range(1, 13), come=13.9)])
    assert missed(midnights, WEEKLY, 7 * DAY_MS, None) == []


def test_a_job_that_comes_too_late_for_the_first_midnight_has_missed_it() -> None:
    """A replay in lockstep stands at it, and has to hear so."""
    cut = partition([], first=7, come=7, whole=False)
    assert missed(Midnights([cut]), WEEKLY, None, None) == days(7)
    new = partition([], first=7.2, come=7.3)
    assert missed(Midnights([new]), WEEKLY, None, None) == []


def test_before_anybody_bought_anything_nothing_is_due() -> None:
    midnights = Midnights([PartitionMarks(), PartitionMarks()])
    assert due_now(midnights, None, None) is None
    assert due_now(midnights, WEEKLY, None) is None
    assert missed(midnights, WEEKLY, None, None) == []


def test_without_any_midnight_everything_is_taken_as_it_is_once_time_goes_on() -> None:
    midnights = Midnights([partition([], first=3.1, come=3.4)])
    assert due_now(midnights, None, None) == Due(None, is_newest=True)
    assert due_now(midnights, None, round(3.4 * DAY_MS)) is None
    assert due_now(midnights, None, 3 * DAY_MS) == Due(None, is_newest=True)
