"""How often is committed, and at which turn: gulps of any rhythm, a trickle, silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.worker.pace import LATE, LONGEST_GAP_SECONDS, Pace

INTERVAL = 0.1


def commits(gulps: list[float], turn: float = 0.001) -> list[float]:
    """When commits begin, where these gulps come and the loop goes round in between."""
    pace, waiting = Pace(INTERVAL), list(gulps)
    found: list[float] = []
    has_output = False
    for step in range(round((gulps[-1] + 1) / turn)):
        now = step * turn
        if waiting and waiting[0] <= now:
            waiting.pop(0)
            pace.came(now)
            has_output = True
        if pace.is_time(now) and has_output:
            pace.began(now)
            found.append(now)
            has_output = False
    return found


@pytest.mark.parametrize("gap", [0.005, 0.02, 0.028, 0.04, 0.055])
def test_with_gulps_it_is_the_interval_on_average_and_always_just_after_one(gap: float) -> None:
    gulps = [gap * number for number in range(round(20 / gap))]
    found = [one for one in commits(gulps) if 1 < one < gulps[-1]]
    assert (found[-1] - found[0]) / (len(found) - 1) == pytest.approx(INTERVAL, abs=gap / 2)
    assert all(min(abs(one - gulp) for gulp in gulps) <= 0.001 for one in found)


def test_what_comes_alone_is_committed_at_once() -> None:
    assert commits([1.0, 2.0, 3.0]) == pytest.approx([1.0, 2.0, 3.0], abs=0.0015)


def test_what_comes_shortly_after_a_commit_waits_for_the_interval() -> None:
    assert commits([1.0, 1.03]) == pytest.approx([1.0, 1.1], abs=0.0015)


@given(st.lists(st.floats(0.001, 0.4), min_size=2, max_size=40))
def test_nothing_waits_for_longer_than_the_interval_and_one_gap(gaps: list[float]) -> None:
    gulps = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    found = commits(gulps)
    most = max(INTERVAL, LATE * LONGEST_GAP_SECONDS) + LONGEST_GAP_SECONDS + 0.003
    for gulp in gulps:
        assert any(gulp <= one + 0.001 and one - gulp <= most for one in found)
