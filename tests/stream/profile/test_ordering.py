"""Lines find their orders, and returns the orders that they undo."""

from __future__ import annotations

import pytest

from stream.profile.recent import ORDER
from stream.times import DAY_MS, HOUR_MS
from tests.stream.profile.some_events import BEGIN_MS, events, folded, one


def test_an_order_of_which_all_is_brought_back_gives_its_count_back() -> None:
    bought = [{"order": 1, "amount_e4": 500_000}, {"order": 2, "amount_e4": 200_000, "event": 5}]
    late_ms = BEGIN_MS + 2 * DAY_MS
    back = {"order": 9, "amount_e4": -500_000, "quantity_e4": -10_000, "occurred_ms": late_ms}
    profiles = folded(events([*bought, back]))
    assert one(profiles, "orders", late_ms) == 1
    assert one(profiles, "orders_w30", late_ms) == 1
    assert one(profiles, "spend", late_ms) == 20
    assert one(profiles, "returns", late_ms) == 1
    assert one(profiles, "orders_d90", late_ms) == pytest.approx(2 ** (-2 / 90))
    assert one(profiles, "spend_d90", late_ms) == pytest.approx(20 * 2 ** (-2 / 90))


def test_a_return_comes_off_the_youngest_order_that_covers_it() -> None:
    orders = [
        {"order": n, "event": n, "amount_e4": amount, "occurred_ms": BEGIN_MS + n * HOUR_MS}
        for n, amount in enumerate([90_000, 50_000, 50_000, 20_000], start=1)
    ]
    late_ms = BEGIN_MS + 3 * DAY_MS
    back = {"order": 9, "amount_e4": -50_000, "quantity_e4": -10_000, "occurred_ms": late_ms}
    profiles = folded(events([*orders, {**back, "event": 50}]))
    left = profiles.recent_orders()["net_e4"].tolist()
    assert left == [90_000, 50_000, 0, 20_000]
    folded(events([{**back, "event": 51}, {**back, "event": 52}]), profiles=profiles)
    assert profiles.recent_orders()["net_e4"].tolist() == [40_000, 0, 0, 20_000]
    assert one(profiles, "orders", late_ms) == 2


def test_the_youngest_order_is_so_by_its_time_and_not_by_its_arrival() -> None:
    orders = [
        {"order": n, "event": n, "occurred_ms": BEGIN_MS + hour * HOUR_MS}
        for n, hour in enumerate([30, 40, 20], start=1)
    ]
    back = {"order": 9, "event": 9, "amount_e4": -25_000, "quantity_e4": -10_000}
    on_the_way = {**back, "occurred_ms": BEGIN_MS + 35 * HOUR_MS}
    profiles = folded(events([*orders, on_the_way]))
    assert profiles.recent_orders()["net_e4"].tolist() == [0, 25_000, 25_000]


def test_a_customer_who_returned_everything_has_exactly_nothing_left() -> None:
    whale = [{"amount_e4": 771_835_600, "occurred_ms": BEGIN_MS + 9 * HOUR_MS}]
    back_ms = BEGIN_MS + 9 * HOUR_MS + 720_000
    back = {"order": 2, "amount_e4": -771_835_600, "quantity_e4": -1, "occurred_ms": back_ms}
    profiles = folded(events([*whale, back]))
    for name in ("orders", "spend", "orders_d90", "spend_d90", "orders_w30", "spend_w30"):
        assert one(profiles, name) == 0


def test_a_customer_with_many_orders_does_not_make_returns_slow() -> None:
    count = 20_000
    bought = events(
        {"order": n, "event": n, "occurred_ms": BEGIN_MS + n} for n in range(1, count + 1)
    )
    back = events(
        {"order": count + n, "event": count + n, "amount_e4": -(10**9), "quantity_e4": -10_000}
        for n in range(1, count + 1)
    )
    profiles = folded(bought)
    folded(back, profiles=profiles)
    assert one(profiles, "orders") == count
    assert one(profiles, "returns") == count


def test_an_order_is_remembered_while_its_newest_line_is_within_the_horizon() -> None:
    six = 6 * DAY_MS
    rows = [{"event": n, "occurred_ms": BEGIN_MS + n * six} for n in range(4)]
    assert one(folded(events(rows)), "orders") == 1
    far = [{"event": n, "occurred_ms": BEGIN_MS + n * 9 * DAY_MS} for n in range(3)]
    assert one(folded(events(far)), "orders") == 3
    assert folded(events(far)).recent_orders().dtype == ORDER
