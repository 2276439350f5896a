from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.reading.clock import Clock
from producers.reading.moments import moments
from stream.errors import SettingsError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]


def epoch_ms(time: datetime) -> int:
    return (time - EPOCH) // timedelta(milliseconds=1)


def seen(clock: Clock, wall: datetime, offset: int | None = None) -> tuple[datetime, int]:
    walls = np.array([epoch_ms(wall.replace(tzinfo=UTC))], dtype=np.int64)
    offsets = None if offset is None else np.array([offset], dtype=np.int32)
    found = moments(walls, missing=np.zeros(1, dtype=bool), offset_minutes=offsets)
    utc_ms, ahead = clock.instants(found)
    return EPOCH + timedelta(milliseconds=int(utc_ms[0])), int(ahead[0])


@settings(deadline=None)
@given(
    st.datetimes(datetime(1970, 1, 3), datetime(2037, 12, 31)),  # noqa: DTZ001 - a wall clock
    st.sampled_from(ZONES),
    st.sampled_from(ZONES),
)
def test_instants_and_offsets_are_zoneinfo_s(wall: datetime, zone: str, local: str) -> None:
    wall = wall.replace(microsecond=0, fold=0)
    instant, offset = seen(Clock(zone, local), wall)
    meant = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    exists = meant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    if exists:
        assert instant == meant
    ahead = instant.astimezone(ZoneInfo(local)).utcoffset()
    assert ahead is not None
    assert offset == ahead // timedelta(minutes=1)


def test_an_hour_that_the_zone_leaves_out_is_the_instant_it_does() -> None:
    instant, offset = seen(Clock("Europe/London"), datetime(2011, 3, 27, 1, 30, tzinfo=UTC))
    assert (instant, offset) == (datetime(2011, 3, 27, 1, 0, tzinfo=UTC), 60)


def test_an_hour_that_comes_twice_is_the_first_one() -> None:
    instant, offset = seen(Clock("Europe/London"), datetime(2011, 10, 30, 1, 30, tzinfo=UTC))
    assert (instant, offset) == (datetime(2011, 10, 30, 0, 30, tzinfo=UTC), 60)


def test_an_offset_in_the_value_beats_the_zone() -> None:
    wall = datetime(2011, 7, 1, 12, tzinfo=UTC)
    assert seen(Clock("Asia/Kolkata"), wall, offset=-120) == (
        datetime(2011, 7, 1, 14, tzinfo=UTC),
        -120,
    )


def test_the_shopper_s_clock_beats_the_offset_in_the_value() -> None:
    wall = datetime(2011, 7, 1, 12, tzinfo=UTC)
    assert seen(Clock("UTC", "Europe/London"), wall, offset=-120) == (
        datetime(2011, 7, 1, 14, tzinfo=UTC),
        60,
    )


def test_times_beyond_any_zone_don_t_raise() -> None:
    for year in (1, 1900, 9999):
        seen(Clock("America/New_York", "Asia/Kolkata"), datetime(year, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Europe/Londn", "", "../etc/passwd", "Mars"])
def test_a_zone_that_isn_t_one_is_refused(zone: str) -> None:
    with pytest.raises(SettingsError, match="no time zone"):
        Clock(zone)
