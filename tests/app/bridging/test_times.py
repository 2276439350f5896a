"""Times are read as a replay reads them: what both have lies at the same instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bridging.times import UNITS, Times
from app.bridging.values import Misfit
from producers.reading.clock import offsets_at, to_utc
from stream.contracts.instant import milliseconds, offset_minutes

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
day = datetime.fromisoformat  # on a wall: of no zone
WALL = st.datetimes(day("1972-01-02"), day("2037-01-01")).map(lambda at: at.replace(microsecond=0))
SPRINGS = st.sampled_from([day("2011-03-27"), day("2025-11-02"), day("2024-10-06")])
NEAR_A_CHANGE = st.builds(
    lambda day, minutes: day + timedelta(minutes=minutes), SPRINGS, st.integers(0, 300)
)


@given(at=WALL | NEAR_A_CHANGE, zone=st.sampled_from(ZONES), local=st.sampled_from(ZONES))
def test_a_time_without_an_offset_is_the_instant_that_a_replay_takes_it_for(
    at: datetime, zone: str, local: str
) -> None:
    wall_ms = np.array([milliseconds(at.replace(tzinfo=UTC))])
    replayed = to_utc(wall_ms, zone)
    read, known = Times("%Y-%m-%d %H:%M:%S", zone).read(f"{at:%Y-%m-%d %H:%M:%S}")
    assert known
    assert milliseconds(read) == replayed[0]
    assert offset_minutes(read) == offsets_at(replayed, zone)[0]
    there, _ = Times("iso", zone, local).read(at.isoformat())
    assert milliseconds(there) == replayed[0]
    assert offset_minutes(there) == offsets_at(replayed, local)[0]


@given(at=st.datetimes(day("1970-01-01"), day("2199-12-31")), unit=st.sampled_from(list(UNITS)))
def test_numbers_since_1970_are_exact_to_the_microsecond(at: datetime, unit: str) -> None:
    moment = at.replace(tzinfo=UTC)
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    number = micros * UNITS[unit] // 10**6
    exact = timedelta(microseconds=number * 10**6 // UNITS[unit])
    for said in (number, str(number)):
        assert Times(unit).read(said) == (datetime(1970, 1, 1, tzinfo=UTC) + exact, True)


def test_a_fraction_of_a_second_counts() -> None:
    assert Times("s").read(1.5)[0].microsecond == 500_000
    assert Times("s").read("1.5")[0].microsecond == 500_000


@pytest.mark.parametrize("form", ["iso", "%Y-%m-%d"])
def test_a_date_alone_has_no_time_of_day(form: str) -> None:
    read, known = Times(form, "Europe/London").read("2026-07-01")
    assert not known
    assert read.isoformat() == "2026-07-01T00:00:00+01:00"


@pytest.mark.parametrize(
    ("form", "value"),
    [
        *(("ms", -1), ("ms", 10**30), ("s", True), ("s", "soon"), ("s", None), ("ns", 1e300)),
        *(("iso", "yesterday"), ("iso", 5), ("iso", "2026-07-01T10:00:00+00:00:30")),
        *(("%H:%M", "25:00"), ("%H:%M", "10:00"), ("iso", "0001-01-01T00:00:00")),
    ],
)
def test_what_is_no_time_is_a_misfit(form: str, value: object) -> None:
    with pytest.raises(Misfit):
        Times(form, "Europe/London").read(value)
