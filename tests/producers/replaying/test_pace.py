from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.replaying.pace import Pace, Schedule
from stream.errors import SettingsError

times = st.lists(st.integers(0, 10**9), min_size=1, max_size=30).map(sorted)
paces = st.builds(Pace, st.none() | st.floats(0.01, 1e6), st.none() | st.floats(0.01, 1e6))


@given(times, paces, st.integers(0, 30))
def test_deadlines_are_counted_from_the_start_wherever_batches_are_cut(
    lines: list[int], pace: Pace, cut: int
) -> None:
    schedule = Schedule(pace, started=50.0)
    due = [*schedule.deadlines(np.array(lines[:cut], np.int64))]
    due += [*schedule.deadlines(np.array(lines[cut:], np.int64))]
    for number, (at, when) in enumerate(zip(lines, due, strict=True)):
        by_event = (at - lines[0]) / 1000 / pace.speed if pace.speed else 0.0
        by_rate = number / pace.rate if pace.rate else 0.0
        assert when == pytest.approx(50.0 + max(by_event, by_rate))


@pytest.mark.parametrize(
    ("speed", "rate", "pace"),
    [
        ("max", None, Pace()),
        ("1x", None, Pace(speed=1.0)),
        ("0.5x", "10/s", Pace(speed=0.5, rate=10.0)),
        ("60", "2500", Pace(speed=60.0, rate=2500.0)),
    ],
)
def test_paces_as_people_write_them(speed: str, rate: str | None, pace: Pace) -> None:
    assert Pace.parse(speed, rate) == pace
    assert pace.bounded == (pace != Pace())


@pytest.mark.parametrize("speed", ["fast", "0x", "-1x", "nan", "inf", "", "x", "60/s"])
def test_what_is_no_speed_is_refused_with_an_example(speed: str) -> None:
    with pytest.raises(SettingsError, match=r"--speed .*60x"):
        Pace.parse(speed, None)


@pytest.mark.parametrize("rate", ["max", "0/s", "-5/s", "nan", "5x"])
def test_what_is_no_rate_is_refused_with_an_example(rate: str) -> None:
    with pytest.raises(SettingsError, match=r"--rate .*5000/s"):
        Pace.parse("max", rate)
