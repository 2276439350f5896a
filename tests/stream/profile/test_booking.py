"""Every number of a profile has its bound, and stays at it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.profile import layout as at
from stream.profile.fold import FOLDED
from stream.profile.layout import MOST_E4, WEEKS
from stream.profile.reference import Reference
from stream.profile.reference_objects import each
from stream.times import HOUR_MS, WEEK_MS
from tests.stream.profile.plain_profile import assert_same, money_of
from tests.stream.profile.some_events import BEGIN_MS, events, folded, one


def test_a_weeks_money_is_exact_and_has_its_bounds() -> None:
    huge = at.LARGEST_WEEK_E4 // 2 - 1
    rows = [{"event": n, "amount_e4": huge, "occurred_ms": BEGIN_MS + n} for n in range(3)]
    profiles = folded(events(rows[:1]))
    week = BEGIN_MS // WEEK_MS
    record = profiles.state.profiles
    assert money_of(profiles, 0, week) == huge
    folded(events([{**rows[1], "amount_e4": -huge - 7}]), profiles=profiles)
    assert money_of(profiles, 0, week) == -7
    folded(events([{**row, "event": row["event"] + 9} for row in rows]), profiles=profiles)
    assert money_of(profiles, 0, week) == at.LARGEST_WEEK_E4
    assert record is profiles.state.profiles


WEEKS_OF_MONEY = st.lists(
    st.tuples(st.integers(0, 20), st.integers(-at.LARGEST_WEEK_E4, at.LARGEST_WEEK_E4)),
    min_size=1,
    max_size=40,
)


@given(WEEKS_OF_MONEY)
def test_a_weeks_money_leaves_its_neighbours_alone(booked: list[tuple[int, int]]) -> None:
    first = BEGIN_MS // WEEK_MS
    ordered = sorted(booked)
    made = events(
        {"occurred_ms": (first + week) * WEEK_MS, "event": number, "amount_e4": amount_e4}
        for number, (week, amount_e4) in enumerate(ordered, start=1)
    )
    profiles, newest = folded(made), ordered[-1][0]
    kept = dict.fromkeys(range(newest - WEEKS + 1, newest + 1), 0)
    for week, amount_e4 in ordered:
        if week in kept:
            total = kept[week] + amount_e4
            kept[week] = min(max(total, -at.LARGEST_WEEK_E4), at.LARGEST_WEEK_E4)
    assert {week: money_of(profiles, 0, first + week) for week in kept} == kept


def test_shares_are_those_of_the_first_65535_purchase_lines() -> None:
    night = {"occurred_ms": BEGIN_MS + 23 * HOUR_MS, "discount_e4": 1}
    noon = {"occurred_ms": BEGIN_MS + 12 * HOUR_MS}
    profiles = folded(events([noon, {"event": 2, "order": 2, **night}]))
    record = profiles.state.profiles[0]
    record["counts"][at.PURCHASES] = at.MOST_HABITS - 1
    record["habits"][[at.TIMED, at.WEEKEND]] = at.MOST_HABITS - 1
    folded(events([{"event": 3, **night}]), profiles=profiles)
    full = record["habits"].tolist()
    assert (full[at.NIGHT], full[at.DISCOUNTED], full[at.TIMED]) == (2, 2, at.MOST_HABITS)
    folded(events([{"event": 4, **night}, {"event": 5, **night}]), profiles=profiles)
    assert record["habits"].tolist() == full
    assert one(profiles, "purchases") == at.MOST_HABITS + 2
    for name in ("night_ratio", "discount_ratio"):
        assert one(profiles, name) == 2 / at.MOST_HABITS
    assert one(profiles, "weekend_ratio") == 1


def test_gaps_are_the_first_65535() -> None:
    profiles = folded(events([{}, {"event": 2, "order": 2, "occurred_ms": BEGIN_MS + HOUR_MS}]))
    record = profiles.state.profiles[0]
    record["habits"][at.GAPS], record["gaps"] = at.MOST_HABITS - 1, 2 * (at.MOST_HABITS - 1)
    for n in (3, 4):
        row = {"event": n, "order": n, "occurred_ms": BEGIN_MS + n * HOUR_MS}
        folded(events([row]), profiles=profiles)
    assert record["habits"][at.GAPS] == at.MOST_HABITS
    assert record["gaps"].tolist() == [2 * at.MOST_HABITS, 2 * at.MOST_HABITS + 2]
    assert one(profiles, "interpurchase_days") == pytest.approx(2 / 24)


def test_favourites_of_many_lines_are_halved_and_stay_those_of_the_plain_fold() -> None:
    chance = np.random.default_rng(3)
    categories = np.where(chance.random(3000) < 0.4, 7, chance.integers(1, 13, 3000))
    made = events({"event": n, "category": int(c)} for n, c in enumerate(categories, start=1))
    profiles, plain = folded(made), Reference()
    assert {plain.fold(event) for event in each(made)} == {FOLDED}
    assert_same(profiles, 0, plain.profiles[int(profiles.state.profiles["key"][0])])
    record = profiles.state.profiles[0]
    assert record["favourites"][np.argmax(record["favoured"])] == 7
    assert record["favoured"].max() < at.MOST_FAVOURED


def test_sums_stay_at_their_bounds_instead_of_changing_sign() -> None:
    profiles = folded(events([{}]))
    record = profiles.state.profiles[0]
    for sign in (1, -1):
        record["sums"][:] = sign * (MOST_E4 - 5)
        row = {"event": 9 + sign, "amount_e4": sign * 10**14, "quantity_e4": sign * 10**14}
        folded(events([row, {**row, "event": 20 + sign}]), profiles=profiles)
        assert record["sums"][at.SPEND] == sign * MOST_E4
    assert record["sums"][at.RETURNED] == -MOST_E4
    record["counts"][:] = at.MOST_COUNTED
    folded(events([{"event": 50}]), profiles=profiles)
    assert (record["counts"] == at.MOST_COUNTED).all()


def test_more_orders_in_a_week_than_a_byte_counts_are_255() -> None:
    rows = events({"order": n, "event": n} for n in range(1, 301))
    profiles = folded(rows)
    assert one(profiles, "orders_w30") == 255
    assert one(profiles, "orders") == 300
    back = {"order": 1, "event": 999, "amount_e4": -25_000, "quantity_e4": -10_000}
    folded(events([back]), profiles=profiles)
    assert one(profiles, "orders_w30") == 254
