from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.ticks import DAY_MS, MIDNIGHTS_AT_MOST, Midnights

LATEST_MS = 200 * DAY_MS
times = st.lists(st.integers(0, 60 * DAY_MS), min_size=1, max_size=30).map(sorted)


def ticks(*batches: list[int]) -> list[tuple[int, int, int]]:
    """Ticks by the line's number in all batches together."""
    midnights, before = Midnights(LATEST_MS), 0
    found: list[tuple[int, int, int]] = []
    for batch in batches:
        found += [
            (before + tick.line, tick.number, tick.instant_ms)
            for tick in midnights.passed(np.array(batch, np.int64))
        ]
        before += len(batch)
    return found


def plainly(lines: list[int]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for line in range(1, len(lines)):
        days = range(lines[line - 1] // DAY_MS + 1, lines[line] // DAY_MS + 1)[-MIDNIGHTS_AT_MOST:]
        found += [(line, number, day * DAY_MS) for number, day in enumerate(days, 1)]
    return found


@given(times, st.integers(0, 30))
def test_every_midnight_stands_before_the_first_line_at_or_after_it(
    lines: list[int], cut: int
) -> None:
    assert ticks(lines) == plainly(lines)
    assert ticks(lines[:cut], lines[cut:]) == plainly(lines)


def test_a_leap_of_many_days_has_the_last_32_midnights() -> None:
    passed = ticks([0, 100 * DAY_MS + 5])
    assert [at // DAY_MS for _, _, at in passed] == list(range(69, 101))


def test_times_that_no_sale_can_have_move_no_clock() -> None:
    assert ticks([-5 * DAY_MS, -DAY_MS, 0]) == []
    assert ticks([0, LATEST_MS + 1, 3 * LATEST_MS]) == []
    assert len(ticks([0, LATEST_MS])) == MIDNIGHTS_AT_MOST
    midnights = Midnights(LATEST_MS)
    midnights.passed(np.array([0, 5, 3 * LATEST_MS]))
    assert midnights.come_to_ms == 5
