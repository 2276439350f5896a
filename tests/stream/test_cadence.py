"""A cadence says whose time it is by its unit."""

from __future__ import annotations

import pytest

from stream.cadence import ClockCadence, EventCadence, parse_cadence
from stream.errors import SettingsError
from stream.times import DAY_MS


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90s", ClockCadence(90)),
        ("15m", ClockCadence(900)),
        ("6h", ClockCadence(21_600)),
        ("1d", EventCadence(1)),
        ("2w", EventCadence(14)),
    ],
)
def test_minutes_are_by_the_clock_and_days_in_event_time(
    text: str, meant: ClockCadence | EventCadence
) -> None:
    assert parse_cadence(text) == meant


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "-7d", "7.5d", "7 d", "7y", "9999999d", "7D"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"--lockstep .*is no cadence"):
        parse_cadence(text, "--lockstep")


def test_more_than_a_year_is_refused() -> None:
    with pytest.raises(SettingsError, match="more than 366 days"):
        parse_cadence("400d")


def test_midnights_are_counted_from_1970_wherever_a_source_begins() -> None:
    weekly = EventCadence(7)
    due = [day for day in range(15_000, 15_030) if weekly.is_due(day * DAY_MS)]
    assert due == [15_001, 15_008, 15_015, 15_022, 15_029]
    assert weekly.last_due(15_014 * DAY_MS + 5) == 15_008 * DAY_MS
    assert not weekly.is_due(15_001 * DAY_MS + 1)
