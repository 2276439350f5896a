"""Local days and hours become the instants that zoneinfo says, leaps of the clock included."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from producers.synthetic.clocks import Clocks

ZONES = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
START = date(2025, 1, 1)
CLOCKS = Clocks(ZONES, START)
SPRING = 88  # 30 March 2025: London's clocks go from 1:00 to 2:00


@given(
    day=st.integers(0, 365),
    zone=st.integers(0, len(ZONES) - 1),
    second=st.integers(0, 86_399),
)
def test_an_instant_and_its_offset_are_zoneinfo_s(day: int, zone: int, second: int) -> None:
    occurred_s, offset = CLOCKS.instants(day, np.array([zone]), np.array([second]))
    moment = datetime.fromtimestamp(int(occurred_s[0]), UTC).astimezone(ZoneInfo(ZONES[zone]))
    assert moment.utcoffset() == timedelta(minutes=int(offset[0]))
    wanted = datetime.combine(START, datetime.min.time()) + timedelta(days=day, seconds=second)
    leaps = moment.replace(tzinfo=None) != wanted
    assert not leaps or moment.replace(tzinfo=None) - wanted in (
        timedelta(hours=1),
        timedelta(minutes=30),
    )


def test_an_hour_that_is_not_there_moves_on() -> None:
    half_past_one = np.array([5_400])
    occurred_s, offset = CLOCKS.instants(SPRING, np.array([0]), half_past_one)
    moment = datetime.fromtimestamp(int(occurred_s[0]), UTC)
    assert moment == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert offset[0] == 60  # half past two by the shopper's clock


@given(day=st.integers(0, 365))
def test_nobody_reaches_a_day_before_its_first_instant(day: int) -> None:
    zone, second = np.arange(len(ZONES)), np.zeros(len(ZONES), dtype=np.int64)
    occurred_s, _ = CLOCKS.instants(day, zone, second)
    assert CLOCKS.first_instant(day) == occurred_s.min()
    assert CLOCKS.last_instant(day) == occurred_s.max()
