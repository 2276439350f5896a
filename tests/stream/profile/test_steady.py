"""What decays without its sway between two orders: silence counts by each customer's own pace."""

from __future__ import annotations

import math

import pytest

from stream.profile.fading import HEAD_START
from stream.profile.kept import Bounds
from stream.profile.state import Profiles
from stream.times import DAY_MS
from tests.stream.profile.some_events import BEGIN_MS, batch, events, folded, one

MEAN_LIFE_DAYS = 90 / math.log(2)


def every(days: float, orders: int = 60) -> tuple[Profiles, int]:
    """A customer who orders as often as that, and when the last order was."""
    times = [BEGIN_MS + round(n * days * DAY_MS) for n in range(orders)]
    rows = ({"event": n + 1, "order": n + 1, "occurred_ms": at} for n, at in enumerate(times))
    return folded(events(rows)), times[-1]


def filled(at_ms: int) -> float:
    return 1 - math.exp2(-HEAD_START - (at_ms - BEGIN_MS) / (90 * DAY_MS))


def steady(profiles: Profiles, at_ms: int) -> float:
    """As if it had been filling for ever: what newcomers are given is not looked at."""
    return one(profiles, "steady_orders_d90", at_ms) * filled(at_ms)


@pytest.mark.parametrize("days", [2.0, 7.0, 30.0])
def test_who_keeps_their_pace_stays_as_they_were_at_the_last_order(days: float) -> None:
    profiles, last_ms = every(days)
    then = one(profiles, "orders_d90", last_ms)
    assert steady(profiles, last_ms) == pytest.approx(then)
    assert steady(profiles, last_ms + round(days * DAY_MS)) == pytest.approx(then)
    assert one(profiles, "orders_d90", last_ms + round(days * DAY_MS)) < then


def test_a_first_order_counts_for_what_may_follow() -> None:
    profiles, first_ms = every(7.0, orders=1)
    assert one(profiles, "steady_orders_d90", first_ms) == pytest.approx(1 / (1 - 0.5**1.5))
    for what in ("spend", "lines"):
        of_now = one(profiles, f"{what}_d90", first_ms)
        assert one(profiles, f"steady_{what}_d90", first_ms) == pytest.approx(of_now * 1.5469, 1e-4)


@pytest.mark.parametrize("orders", [15, 30, 60])
def test_who_keeps_their_first_pace_lacks_less_than_sums_do_and_is_never_given_too_much(
    orders: int,
) -> None:
    comes_to = 1 / (1 - 0.5 ** (3 / 90))
    profiles, last_ms = every(3.0, orders)
    lacking = 1 - one(profiles, "steady_orders_d90", last_ms) / comes_to
    assert 0 < lacking < 0.9 * (1 - one(profiles, "orders_d90", last_ms) / comes_to)


def test_who_was_always_there_is_given_nothing() -> None:
    profiles, last_ms = every(7.0, orders=400)
    at_last = one(profiles, "steady_orders_d90", last_ms)
    assert at_last == pytest.approx(one(profiles, "orders_d90", last_ms), rel=1e-6)


@pytest.mark.parametrize("days", [2.0, 7.0, 30.0])
def test_a_silence_counts_once_it_is_longer_than_their_own(days: float) -> None:
    profiles, last_ms = every(days)
    then = one(profiles, "orders_d90", last_ms)
    longest = math.log(then) * MEAN_LIFE_DAYS / then
    kept = last_ms + math.floor(longest * DAY_MS)
    assert steady(profiles, kept) == pytest.approx(then)
    missed = then * 4 * longest / MEAN_LIFE_DAYS
    late = steady(profiles, last_ms + round(4 * longest * DAY_MS))
    assert late == pytest.approx(then * then * math.exp(-missed), rel=1e-6)


def test_the_same_silence_says_more_of_who_came_weekly_than_of_who_came_monthly() -> None:
    kept = {}
    for days in (7.0, 30.0):
        profiles, last_ms = every(days)
        kept[days] = steady(profiles, last_ms + 45 * DAY_MS) / steady(profiles, last_ms)
    assert kept[7.0] < 0.5 < kept[30.0]


def test_money_and_lines_fade_by_the_same_share() -> None:
    profiles, last_ms = every(5.0)
    for what in ("spend", "lines"):
        for days in (1, 30, 60):
            at_ms = last_ms + days * DAY_MS
            orders = one(profiles, "steady_orders_d90", at_ms)
            by_orders = orders / one(profiles, "orders_d90", at_ms)
            found = one(profiles, f"steady_{what}_d90", at_ms)
            assert found == pytest.approx(by_orders * one(profiles, f"{what}_d90", at_ms), rel=1e-4)


def test_without_a_purchase_it_is_what_decays() -> None:
    profiles = folded(events([{"amount_e4": -90_000, "quantity_e4": -10_000}]))
    at_ms = BEGIN_MS + 40 * DAY_MS
    assert one(profiles, "steady_spend_d90", at_ms) == one(profiles, "spend_d90", at_ms) < 0
    assert one(profiles, "steady_orders_d90", at_ms) == 0


@pytest.mark.parametrize("years", [1, 3, 30])
def test_a_silence_of_many_half_lives_is_a_number_all_the_same(years: int) -> None:
    profiles = Profiles(Bounds(half_life_ms=DAY_MS))
    profiles.fold(batch(events([{}, {"event": 2, "order": 2}])))
    for what in ("orders", "spend", "lines"):
        found = one(profiles, f"steady_{what}_d1", BEGIN_MS + years * 365 * DAY_MS)
        assert 0 <= found < 1e-9
