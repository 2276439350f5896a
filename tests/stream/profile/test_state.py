"""A task's profiles grow with their customers and not with their events, and survive a restart
of what is recent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stream.profile.events import Batch, events_of, hash_of
from stream.profile.kept import LANDMARK
from stream.profile.layout import D_ORDERS
from stream.profile.state import Profiles
from stream.times import DAY_MS
from tests.stream.profile.some_events import BEGIN_MS, batch, events, folded
from tests.stream.profile.some_lines import line

CUSTOMERS = 60_000


def many_customers(day: int, every: int = 1) -> np.ndarray[Any, np.dtype[np.void]]:
    """An order of one line of each, on this day; or of every so many of them."""
    keys = np.arange(1, CUSTOMERS + 1, dtype=np.uint64)[day % every :: every]
    keys = keys * np.uint64(0x9E3779B97F4A7C15)
    made = np.repeat(events([{"occurred_ms": BEGIN_MS + day * DAY_MS}]), len(keys))
    made["customer"] = keys
    made["recorded_ms"] = made["occurred_ms"]
    made["order"] = made["event"] = keys + np.uint64(day)
    return made


def test_a_customer_takes_less_than_365_bytes_with_everything_counted() -> None:
    profiles = Profiles()
    for day in range(90):
        rows = many_customers(day, every=49)
        profiles.fold(Batch(rows, [f"{key % 10**10:010}" for key in rows["customer"].tolist()], {}))
        profiles.move_landmark(BEGIN_MS + (day + 1) * DAY_MS)
        profiles.blocked()
    assert len(profiles) == CUSTOMERS
    assert len(profiles.recent_orders()) == pytest.approx(CUSTOMERS / 49 * 8, rel=0.01)
    assert 320 < profiles.nbytes / CUSTOMERS < 365


def test_what_is_recent_does_not_grow_with_the_days_that_passed() -> None:
    profiles = Profiles()
    for day in range(0, 60, 3):
        profiles.fold(batch(many_customers(day)[:2000]))
    assert len(profiles.recent_ids()) == len(profiles.recent_orders()) == 3 * 2000
    assert len(profiles.state.ids) < 5 * 3 * 2000
    assert len(profiles.state.orders) < 5 * 3 * 2000
    assert len(profiles) == 2000


def test_the_landmark_stays_within_a_half_life_of_the_midnights() -> None:
    profiles = Profiles()
    profiles.move_landmark(BEGIN_MS)
    folded(events([{}]), profiles=profiles)
    for day in range(1, 800):
        profiles.move_landmark(BEGIN_MS + day * DAY_MS)
        age = BEGIN_MS + day * DAY_MS - int(profiles.state.marks[LANDMARK])
        assert 0 <= age < 90 * DAY_MS
    assert 0 < profiles.state.profiles["decayed"][0, D_ORDERS] < 2**-7


def test_a_customer_is_found_by_id_and_a_row_says_whose_it_is() -> None:
    profiles = Profiles()
    lines = [line(customer_id=name) for name in ("17850", "Zoë", "17850")]
    profiles.fold(events_of(lines, [2**60] * 3))
    assert (profiles.row_of("17850"), profiles.row_of("Zoë"), profiles.row_of("?")) == (0, 1, None)
    assert [profiles.customer_id(row) for row in (0, 1)] == ["17850", "Zoë"]
    assert profiles.state.profiles["key"][1] == hash_of("Zoë")
    profiles.erase("17850", BEGIN_MS)
    assert profiles.row_of("17850") is None
    assert b"17850" not in profiles.texts()
    assert profiles.customer_id(1) == "Zoë"


def test_tombstones_stay_when_the_horizon_has_passed_them() -> None:
    profiles = Profiles()
    profiles.erase("a", BEGIN_MS)
    folded(events([{"occurred_ms": BEGIN_MS + 800 * DAY_MS}]), profiles=profiles)
    profiles.erase("b", BEGIN_MS + 8 * DAY_MS)
    assert set(profiles.state.graves["key"].tolist()) == {hash_of("a"), hash_of("b")}


@pytest.mark.parametrize("size", [1, 7, 5000])
def test_customers_keep_their_rows_whatever_the_size_of_a_batch(size: int) -> None:
    profiles, rows = Profiles(), many_customers(0)[:5000]
    for start in range(0, len(rows), size):
        profiles.fold(batch(rows[start : start + size]))
    assert profiles.state.profiles["key"][:5000].tolist() == rows["customer"].tolist()
    assert profiles.customer_id(4999) == f"customer {rows['customer'][4999]}"
