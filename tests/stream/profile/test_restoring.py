"""Profiles that were stored, piece by piece, and come back are those that were never away."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stream.profile.events import EVENT, Batch
from stream.profile.fold import DUPLICATE, FOLDED
from stream.profile.kept import IDS, ORDERS_USED, Bounds
from stream.profile.layout import PROFILE
from stream.profile.recent import IS_TOUCHED
from stream.profile.state import Profiles
from stream.times import DAY_MS
from tests.stream.profile.shelf import Shelf
from tests.stream.profile.some_events import BEGIN_MS, any_event, batch, events, folded, outcomes

LISTS = st.lists(any_event(within_days=12), max_size=30)
BETWEEN = st.sampled_from(
    ["nothing", "block", "block", "checkpoint", "restore", "thin", "midnight"]
)
STEPS = st.lists(st.tuples(LISTS, BETWEEN, st.integers(0, 6)), min_size=1, max_size=6)


@given(STEPS)
def test_what_was_stored_and_restored_is_what_was_never_away(
    steps: list[tuple[list[dict[str, Any]], str, int]],
) -> None:
    undisturbed, stored, shelf = Profiles(), Profiles(), Shelf()
    for number, (rows, between, erased) in enumerate(steps):
        made = events(rows)
        assert outcomes(made, stored) == outcomes(made, undisturbed)
        for profiles in (undisturbed, stored):
            if erased in (1, 2, 3):
                profiles.erase_key(erased, BEGIN_MS + number * DAY_MS)
            if between == "midnight":
                profiles.move_landmark(BEGIN_MS + number * 100 * DAY_MS)
        if between == "thin":
            thin(stored)
        elif between == "checkpoint":
            shelf.replace(stored)
        elif between in ("block", "restore"):
            shelf.take(stored)
        if between == "restore":
            stored = shelf.restored()
        assert_same(stored, undisturbed)


def thin(profiles: Profiles) -> None:
    """Asks for a little more room than there is, so that the dead have to go."""
    for mark, name in ((IDS, "ids"), (ORDERS_USED, "orders")):
        room = len(getattr(profiles.state, name)) - int(profiles.state.marks[mark])
        profiles.reserve(np.zeros(room + 1, EVENT))


def assert_same(one: Profiles, other: Profiles) -> None:
    """Bit for bit, but for where things lie and what is in blocks already."""
    used = len(other)
    assert len(one) == used
    for name in PROFILE.names or ():
        if name not in {"newest_order", "touched"}:
            ours, theirs = one.state.profiles[name][:used], other.state.profiles[name][:used]
            assert ours.tobytes() == theirs.tobytes(), name
    assert [one.id_text(row) for row in range(used)] == [other.id_text(row) for row in range(used)]
    assert one.recent_ids().tobytes() == other.recent_ids().tobytes()
    assert np.array_equal(one.recent_orders(), other.recent_orders())
    assert np.array_equal(one.state.graves, other.state.graves)
    assert one.marks().tolist() == other.marks().tolist()
    assert one.words == other.words


def test_only_what_changed_since_the_last_block_is_given_out() -> None:
    profiles = folded(events([{}, {"customer": 2, "order": 5, "event": 7}]))
    assert profiles.touched_rows().tolist() == [0, 1]
    assert profiles.touched_orders()["serial"].tolist() == [0, 1]
    assert profiles.new_ids()["key"].tolist() == [1, 7]
    profiles.blocked()
    for found in (profiles.touched_rows(), profiles.touched_orders(), profiles.new_ids()):
        assert len(found) == 0
    folded(events([{"customer": 2, "order": 5, "event": 8}] * 2), profiles=profiles)
    assert profiles.touched_rows().tolist() == [1]
    assert profiles.touched_orders()["net_e4"].tolist() == [50_000]
    assert profiles.new_ids()["key"].tolist() == [8]
    profiles.touch(np.array([0, 1, 0]))
    assert profiles.touched_rows().tolist() == [0, 1]
    profiles.blocked()
    assert not profiles.state.profiles["touched"].any()
    assert not any_order_is_touched(profiles)


def test_an_id_that_is_sent_for_a_later_day_is_remembered_anew_at_the_end() -> None:
    profiles = folded(events([{"event": 1}, {"event": 2}]))
    profiles.blocked()
    again = events([{"event": 1, "occurred_ms": BEGIN_MS + day * DAY_MS} for day in (2, 1, 4)])
    assert outcomes(again, profiles) == [DUPLICATE] * 3
    day = BEGIN_MS // DAY_MS
    assert profiles.recent_ids().tolist() == [(2, day), (1, day + 4)]
    assert profiles.new_ids().tolist() == [(1, day + 4)]
    both = np.concatenate([profiles.recent_ids()[1:], profiles.recent_ids()])
    alone = events([{}])[:0]
    back = restored_with(profiles, both)
    assert outcomes(alone, back) == []
    assert back.recent_ids().tolist() == [(2, day), (1, day + 4)]


def restored_with(profiles: Profiles, ids: Any) -> Profiles:
    return Profiles.restored(
        Bounds(),
        profiles.state.profiles[: len(profiles)],
        [profiles.id_text(row) for row in range(len(profiles))],
        ids,
        profiles.recent_orders(),
        profiles.marks(),
        profiles.state.graves,
        profiles.words,
    )


def test_what_is_thinned_out_between_blocks_is_not_missed() -> None:
    profiles = folded(events({"event": n, "order": n} for n in range(1, 5)))
    later = [{"event": n, "order": n, "occurred_ms": BEGIN_MS + n * DAY_MS} for n in (6, 7)]
    folded(events(later), profiles=profiles)
    profiles.blocked()
    newest = [{"event": n, "order": n, "occurred_ms": BEGIN_MS + n * DAY_MS} for n in (7, 9)]
    folded(events([*newest, {**later[0], "event": 8}]), profiles=profiles)
    before = len(profiles.state.ids)
    thin(profiles)
    assert len(profiles.state.ids) == before
    assert int(profiles.state.marks[IDS]) == len(profiles.recent_ids()) == 4
    assert profiles.new_ids()["key"].tolist() == [9, 8]
    assert profiles.touched_orders()["key"].tolist() == [6, 9]
    assert profiles.recent_orders()["key"].tolist() == [6, 7, 9]
    profiles.blocked()
    assert len(profiles.touched_orders()) == 0
    assert not any_order_is_touched(profiles)


def test_a_return_finds_its_order_after_a_restart_and_after_thinning() -> None:
    rows = [
        {"event": n, "order": n, "occurred_ms": BEGIN_MS + n * DAY_MS, "amount_e4": n * 10_000}
        for n in (1, 7, 9, 10)
    ]
    back = {"event": 50, "order": 50, "amount_e4": -70_000, "quantity_e4": -10_000}
    shelf = Shelf()
    for profiles in (folded(events(rows)), folded(events(rows))):
        thin(profiles)
        shelf.replace(profiles)
        for each in (profiles, shelf.restored()):
            folded(events([{**back, "occurred_ms": BEGIN_MS + 8 * DAY_MS}]), profiles=each)
            assert each.recent_orders()["net_e4"].tolist() == [0, 90_000, 100_000]


def any_order_is_touched(profiles: Profiles) -> bool:
    used = int(profiles.state.marks[ORDERS_USED])
    return bool((profiles.state.orders["bits"][:used] & IS_TOUCHED).any())


def test_words_are_given_out_once() -> None:
    profiles = Profiles()
    nothing = events([{}])[:0]
    profiles.fold(Batch(nothing, [], {5: "France"}))
    assert profiles.new_words() == {5: "France"}
    profiles.blocked()
    profiles.fold(Batch(nothing, [], {5: "France", 6: "Spain"}))
    assert profiles.new_words() == {6: "Spain"}


def test_who_comes_back_after_an_erasure_is_another_incarnation() -> None:
    profiles = folded(events([{}]))
    assert profiles.incarnation(0) == 1
    for life in (2, 3):
        profiles.erase_key(1, BEGIN_MS + life)
        assert [int(grave["key"]) for grave in profiles.new_graves()] == [1]
        profiles.blocked()
        newer = batch(events([{"event": 10 + life, "occurred_ms": BEGIN_MS + 10 * life}]))
        assert profiles.fold(newer).outcomes.tolist() == [FOLDED]
        assert profiles.incarnation(len(profiles) - 1) == profiles.incarnation_of(1) == life
    assert len(profiles.new_graves()) == 0
    assert profiles.incarnation_of(2) == 1
