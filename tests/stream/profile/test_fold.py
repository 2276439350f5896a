"""The compiled fold says what the plain one says, however events are permuted, repeated, cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream.compiled import compiled
from stream.profile.catalogue import catalogue, features
from stream.profile.events import PRODUCT
from stream.profile.fold import (
    DUPLICATE,
    ERASED,
    FOLDED,
    IN_THE_FUTURE,
    TOO_LATE,
    sweep_after,
    verdict,
)
from stream.profile.kept import LANDMARK, Bounds, State
from stream.profile.reference import Reference
from stream.profile.reference_objects import each
from stream.profile.state import Profiles
from stream.times import DAY_MS, HOUR_MS, NEVER
from tests.stream.profile.plain_profile import assert_same
from tests.stream.profile.some_events import (
    BEGIN_MS,
    any_event,
    batch,
    events,
    folded,
    one,
    outcomes,
)

LISTS = st.lists(any_event(within_days=12), max_size=40)


@given(LISTS, st.lists(st.integers(0, 40), max_size=4))
def test_the_compiled_fold_is_the_plain_one(rows: list[dict[str, Any]], cuts: list[int]) -> None:
    made, profiles, plain = events(rows), None, Reference()
    found: list[int] = []
    for part in np.split(made, sorted(cuts)):
        profiles = folded(part[:0], profiles=profiles)
        found += outcomes(part, profiles)
    assert profiles is not None
    assert found == [plain.fold(event) for event in each(made)]
    assert profiles.latest_ms == (NEVER if plain.latest_ms is None else plain.latest_ms)
    assert profiles.sweep_ms == (NEVER if plain.sweep_ms is None else plain.sweep_ms)
    assert profiles.is_live == plain.is_live
    assert sorted(profiles.state.profiles["key"][: len(profiles)]) == sorted(plain.profiles)
    for row in range(len(profiles)):
        assert_same(profiles, row, plain.profiles[int(profiles.state.profiles["key"][row])])


@given(st.lists(any_event(returns=False), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_arrival_within_the_horizon_changes_nothing(
    rows: list[dict[str, Any]], chance: Any
) -> None:
    once = {row["event"]: {**row, "recorded_ms": row["occurred_ms"]} for row in rows}
    shuffled = list(once.values())
    chance.shuffle(shuffled)
    assert_equal_features(folded(events(once.values())), folded(events(shuffled)))


@given(LISTS, st.lists(st.integers(0, 40), max_size=6), st.lists(st.integers(0, 40), max_size=6))
def test_where_a_batch_is_cut_changes_no_byte(
    rows: list[dict[str, Any]], cuts: list[int], others: list[int]
) -> None:
    one_way, other_way = folded(events(rows), cuts), folded(events(rows), others)
    assert one_way.state.profiles[: len(one_way)].tobytes() == (
        other_way.state.profiles[: len(other_way)].tobytes()
    )
    assert one_way.recent_ids().tobytes() == other_way.recent_ids().tobytes()
    assert np.array_equal(one_way.recent_orders(), other_way.recent_orders())


@given(LISTS)
def test_a_verdict_changes_nothing_and_says_what_comes(rows: list[dict[str, Any]]) -> None:
    made, profiles, known = events(rows), Profiles(), set()
    for i in range(len(made)):
        profiles.reserve(made[i : i + 1])
        state, event = profiles.state, made[i]
        before = state.profiles.tobytes(), profiles.marks().tolist()
        said, sweep_ms = of_event(state, profiles.bounds, event)
        assert (state.profiles.tobytes(), profiles.marks().tolist()) == before
        assert outcomes(made[i : i + 1], profiles) == [said]
        assert said != FOLDED or profiles.sweep_ms == sweep_ms
        known.add(said)
    assert known <= {FOLDED, DUPLICATE, TOO_LATE, IN_THE_FUTURE}


@compiled
def of_event(state: State, bounds: Bounds, event: Any) -> tuple[int, int]:
    return verdict(state, bounds, event), sweep_after(state, bounds, event)


@given(LISTS)
def test_the_same_events_again_change_nothing(rows: list[dict[str, Any]]) -> None:
    made = events(rows)
    profiles = folded(made)
    before = profiles.state.profiles.tobytes()
    assert FOLDED not in outcomes(made, profiles)
    assert profiles.state.profiles.tobytes() == before


def assert_equal_features(one_way: Profiles, other_way: Profiles) -> None:
    at_ms = BEGIN_MS + 20 * DAY_MS
    free = [f.name for f in catalogue() if f.name not in {"interpurchase_days", "regularity"}]
    for profiles in (one_way, other_way):
        assert np.isfinite(features(profiles, np.arange(len(profiles)), at_ms)).all()
    sort_one, sort_other = (
        np.argsort(profiles.state.profiles["key"][: len(profiles)])
        for profiles in (one_way, other_way)
    )
    expected = features(one_way, sort_one, at_ms, free)
    assert features(other_way, sort_other, at_ms, free) == pytest.approx(
        expected, rel=1e-9, abs=1e-9
    )


def test_every_outcome_and_none_but_folded_changes_anything() -> None:
    profiles = folded(events([{"event": 1}, {"event": 2, "occurred_ms": BEGIN_MS + 8 * DAY_MS}]))
    before = profiles.state.profiles.tobytes(), profiles.latest_ms
    profiles.erase("customer 9", BEGIN_MS)
    now_ms = BEGIN_MS + 8 * DAY_MS
    rows = events(
        [
            {"event": 2, "occurred_ms": now_ms - HOUR_MS},
            {"event": 3, "occurred_ms": BEGIN_MS + DAY_MS - 1},
            {"event": 4, "occurred_ms": now_ms + 2 * DAY_MS, "recorded_ms": now_ms},
        ]
    )
    assert outcomes(rows, profiles) == [DUPLICATE, TOO_LATE, IN_THE_FUTURE]
    assert (profiles.state.profiles.tobytes(), profiles.latest_ms) == before


def test_a_repeated_event_with_a_corrected_time_is_a_duplicate_on_every_live_day() -> None:
    days = [{"event": day, "occurred_ms": BEGIN_MS + day * DAY_MS} for day in range(1, 9)]
    profiles = folded(events(days))
    again = [{**day, "occurred_ms": BEGIN_MS + 8 * DAY_MS} for day in days]
    assert outcomes(events(again), profiles) == [DUPLICATE] * 8


def test_a_retry_for_a_later_time_is_a_duplicate_for_as_long_as_that_asks_for() -> None:
    retry = {"event": 1, "occurred_ms": BEGIN_MS + DAY_MS}
    newest = {"event": 2, "occurred_ms": BEGIN_MS + 8 * DAY_MS}
    assert outcomes(events([{"event": 1}, retry, newest, retry]), Profiles()) == [
        *(FOLDED, DUPLICATE),
        *(FOLDED, DUPLICATE),
    ]


def test_an_id_is_forgotten_once_the_horizon_has_passed_its_day() -> None:
    profiles = folded(events([{"event": 1}, {"event": 2, "occurred_ms": BEGIN_MS + 9 * DAY_MS}]))
    again = events([{"event": 1, "occurred_ms": BEGIN_MS + 9 * DAY_MS}])
    assert outcomes(again, profiles) == [FOLDED]
    assert sorted(profiles.recent_ids()["key"].tolist()) == [1, 2]


def test_an_event_ahead_of_its_record_is_folded_but_moves_no_time() -> None:
    ahead = events([{"recorded_ms": BEGIN_MS - HOUR_MS}])
    profiles = folded(ahead)
    assert (profiles.latest_ms, profiles.sweep_ms) == (NEVER, NEVER)
    assert one(profiles, "orders") == 1
    folded(events([{"event": 2, "recorded_ms": BEGIN_MS - 10 * 60_000}]), profiles=profiles)
    assert (profiles.latest_ms, profiles.sweep_ms) == (BEGIN_MS, BEGIN_MS)


def test_a_stream_is_live_while_its_newest_event_is_recorded_within_the_hour() -> None:
    def live_after(*rows: dict[str, Any]) -> bool:
        return folded(events({"event": n, **row} for n, row in enumerate(rows, 1))).is_live

    replayed = {"recorded_ms": BEGIN_MS + HOUR_MS + 2}
    assert not Profiles().is_live
    assert live_after({"recorded_ms": BEGIN_MS + HOUR_MS})
    assert not live_after(replayed)
    assert not live_after({}, {**replayed, "occurred_ms": BEGIN_MS + 1})
    assert live_after({}, {"occurred_ms": BEGIN_MS - 1, "recorded_ms": BEGIN_MS + DAY_MS})


def test_ticks_move_the_sweep_time_and_not_what_is_too_late() -> None:
    profiles = folded(events([{}]))
    profiles.tick(BEGIN_MS + 30 * DAY_MS)
    profiles.tick(BEGIN_MS + 3 * DAY_MS)
    assert profiles.sweep_ms == BEGIN_MS + 30 * DAY_MS
    assert outcomes(events([{"event": 7, "occurred_ms": BEGIN_MS - DAY_MS}]), profiles) == [FOLDED]


def test_postage_costs_but_is_no_behaviour() -> None:
    postage = {"flags": 1, "order": 7, "event": 9, "amount_e4": 180_000}
    charge = {**postage, "event": 10, "amount_e4": -30_000, "quantity_e4": -10_000}
    profiles = folded(events([{}, postage, charge]))
    assert [one(profiles, n) for n in ("spend", "lines")] == [17.5, 3]
    assert [one(profiles, n) for n in ("orders", "units", "returns", "purchases")] == [1, 1, 0, 1]


def test_lines_of_unknown_time_count_neither_for_nor_against_night() -> None:
    night_ms = BEGIN_MS + 23 * HOUR_MS
    rows = [
        {"occurred_ms": night_ms},
        {"occurred_ms": BEGIN_MS, "flags": PRODUCT, "event": 2},
        {"occurred_ms": night_ms + 12 * HOUR_MS, "event": 3},
    ]
    assert one(folded(events(rows)), "night_ratio") == 0.5


def test_night_and_weekend_are_by_the_shoppers_clock() -> None:
    friday_ms = BEGIN_MS + 6 * DAY_MS + 20 * HOUR_MS  # 2011-01-07
    profiles = folded(events([{"occurred_ms": friday_ms, "offset_minutes": 300}]))
    shares = ("night_ratio", "weekend_ratio", "night_share_d90", "weekend_share_d90")
    assert [one(profiles, name) for name in shares] == [1, 1, 1, 1]


def test_the_landmark_can_be_moved_at_any_time_without_changing_a_bit() -> None:
    first, later = BEGIN_MS, BEGIN_MS + 200 * DAY_MS
    rows = events([{"event": 1}, {"event": 2, "order": 2, "occurred_ms": later}])
    still, moved = folded(rows), folded(rows[:1])
    moved.move_landmark(first + 150 * DAY_MS)
    assert moved.state.marks[LANDMARK] > still.state.marks[LANDMARK]
    folded(rows[1:], profiles=moved)
    for name in ("orders_d90", "spend_d90", "lines_d90"):
        assert one(moved, name, later) == pytest.approx(one(still, name, later), rel=1e-12)


def test_an_erased_customer_leaves_nothing_but_a_tombstone_and_comes_back_new() -> None:
    profiles = folded(events([{}, {"customer": 2, "order": 3}]))
    customer = batch(events([{}])).ids[0]
    key = int(profiles.state.profiles["key"][0])
    assert profiles.customer_id(0) == customer
    profiles.state.profiles["touched"] = False
    # Events know customers by hash; here the test's own, so it is buried by hand.
    assert profiles.erase_key(key, BEGIN_MS) == 0
    assert profiles.customer_id(0) == ""
    assert profiles.state.profiles["touched"][:2].tolist() == [True, False]
    assert customer.encode() not in b"".join(
        bytes(part) for part in (profiles.texts(), profiles.state.profiles.tobytes())
    )
    assert outcomes(events([{"event": 3}]), profiles) == [ERASED]
    newer = events([{"event": 4, "occurred_ms": BEGIN_MS + 1}])
    assert outcomes(newer, profiles) == [FOLDED]
    assert (len(profiles), profiles.customer_id(2)) == (3, customer)
    assert one(profiles, "orders", row=2) == 1
    assert one(profiles, "lines", row=0) == 0
