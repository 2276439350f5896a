"""State restored from blocks is the state that wrote them, bit for bit, and goes on as it would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from stream.blocks.block import Block, decode_part
from stream.blocks.restored import Restored
from stream.errors import BlockError
from stream.model.arrays import GONE, NONE
from stream.profile.events import Batch
from stream.profile.kept import LANDMARK
from stream.profile.layout import D_ORDERS
from stream.profile.tables import CUSTOMERS, REMOVED
from stream.times import DAY_MS
from tests.stream.blocks.live import (
    BOUNDS,
    FEATURES,
    Live,
    all_of,
    assert_same,
    chain,
    happen,
    last_block,
    restored,
    some_steps,
)
from tests.stream.profile.some_events import BEGIN_MS, any_event, events


@settings(max_examples=150)
@given(some_steps(), st.sampled_from([1_000_000, 4_000]))
def test_at_every_block_what_is_restored_is_what_lived(
    steps: list[tuple[str, Any]], limit: int
) -> None:
    live, following, follower, done = Live(limit), chain(), Restored(), 0
    for step, what in [*steps, ("block", False)]:
        if happen(live, step, what):
            for offset, value in enumerate(live.values[done:], start=done):
                if block := following.follow(offset, decode_part(value)):
                    follower.apply(block)
            done = len(live.values)
            assert_same(live, follower)
    since = following.checkpoints[-1].first_offset if following.checkpoints else 0
    assert_same(live, restored(live.values[since:]))


@given(some_steps(), st.lists(any_event(within_days=14), max_size=40), st.integers(0, 40))
def test_what_is_restored_goes_on_as_if_it_had_never_been_away(
    steps: list[tuple[str, Any]], later: list[dict[str, Any]], cut: int
) -> None:
    live = Live()
    for step, what in [*steps, ("block", False)]:
        happen(live, step, what)
    profiles = restored(live.values).profiles(BOUNDS)
    for some in (later[:cut], later[cut:]):
        made = events(some)
        ids = [f"kundin {key} ü" for key in made["customer"].tolist()]
        theirs = profiles.fold(Batch(made, ids, {}))
        ours = live.profiles.fold(Batch(made, ids, {}))
        assert theirs.outcomes.tolist() == ours.outcomes.tolist()
        assert theirs.rows.tolist() == ours.rows.tolist()
    assert all_of(profiles) == all_of(live.profiles)


def test_sums_of_customers_who_stay_away_decay_when_the_landmark_moves() -> None:
    live = Live()
    live.fold([{"customer": 1}, {"customer": 2, "order": 5}])
    live.block(whole=True)
    live.midnight(3)
    assert np.all(live.profiles.state.profiles["decayed"][:2, D_ORDERS] == 1 / 8)
    profiles = restored(live.values).profiles(BOUNDS).state.profiles
    assert profiles["decayed"][:2].tolist() == live.profiles.state.profiles["decayed"][:2].tolist()


def test_segments_are_recoded_by_their_ids_when_the_model_changes() -> None:
    live = Live()
    live.fold([{"customer": n, "order": n} for n in (1, 2, 3)])
    live.promote("abc", FEATURES, {"value"})
    live.lenses["value"][1].standings["segment"][:3] = [0, 1, 2]
    live.profiles.touch(np.arange(3))
    live.block()
    live.promote("cb", FEATURES[::-1], {"value", "habits"})
    live.block()
    found = restored(live.values)
    assert found.standings("value")["segment"].tolist() == [GONE, 1, 0]
    assert found.standings("habits")["segment"].tolist() == [NONE] * 3


def test_a_checkpoint_replaces_and_never_merges() -> None:
    live = Live()
    live.fold([{"customer": 1, "category": 7}])
    live.block()
    other = Live()
    other.sequence = 1
    other.fold([{"customer": 2, "category": 8}])
    other.block(whole=True)
    first = restored(live.values)
    following = chain()
    for offset, value in enumerate(other.values):
        if block := following.follow(offset, decode_part(value)):
            first.apply(block)
    assert first.customer_id(0) == "kundin 2 ü"
    assert first.words == {8: "word 8"}
    assert_same(other, first)


def test_of_an_erased_customer_nothing_is_left_but_a_hash() -> None:
    live = Live()
    live.fold([{"customer": 7, "order": 1}, {"customer": 8, "order": 2}])
    live.promote("ab", FEATURES, {"value"})
    live.lenses["value"][1].standings["segment"][:2] = 1
    live.lenses["value"][1].seen[:2] = 0.5
    live.profiles.touch(np.arange(2))
    live.block()
    assert restored(live.values).standings("value")["segment"][0] == 1
    live.erase(7)
    delta = live.block()
    whole = live.block(whole=True)
    assert not any(b"kundin 7" in value for value in delta + whole)
    for values in (live.values[: -len(whole)], live.values):
        found = restored(values)
        assert (found.customer_id(0), found.rows["key"][0]) == ("", 0)
        assert found.graves["key"].tolist() == [7]
        assert found.standings("value")["segment"].tolist() == [NONE, 1]
        assert np.isnan(found.seen("value")).tolist() == [[True] * 3, [False] * 3]
        assert_same(live, found)


def test_a_customer_who_came_and_was_erased_within_a_block_leaves_an_empty_row() -> None:
    live = Live()
    live.fold([{"customer": 7, "order": 1}, {"customer": 8, "order": 2}])
    live.erase(7)
    live.block()
    assert_same(live, restored(live.values))


def test_an_id_sent_again_with_a_later_time_is_remembered_once() -> None:
    live = Live()
    live.fold([{"event": 5}])
    live.block()
    live.fold([{"event": 5, "occurred_ms": BEGIN_MS + 2 * DAY_MS}])
    live.block()
    profiles = assert_same(live, restored(live.values))
    assert profiles.recent_ids()["key"].tolist() == [5]


@pytest.mark.parametrize(
    ("table", "complaint"),
    [(CUSTOMERS, "not all of the rows"), (REMOVED, "not all of the rows")],
)
def test_a_block_that_lacks_rows_is_refused(table: str, complaint: str) -> None:
    live = Live()
    live.fold([{"customer": 7, "order": 1}, {"customer": 8, "order": 2}])
    live.erase(7)
    live.block()
    block = last_block(live.values)
    tables = {name: rows for name, rows in block.tables.items() if name != table}
    with pytest.raises(BlockError, match=complaint):
        Restored().apply(Block(block.head, tables))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"customers": 3}, "not all of the rows"),
        ({"customers": 2**31 - 1}, "not all of the rows"),
        ({"marks": (0,)}, "other marks"),
        ({"lenses": ()}, "other columns"),
    ],
)
def test_a_head_that_does_not_go_with_its_tables_is_refused(
    changes: dict[str, Any], complaint: str
) -> None:
    live = Live()
    live.fold([{"customer": 7, "order": 1}, {"customer": 8, "order": 2}])
    live.promote("ab", FEATURES, {"value"})
    live.block()
    block = last_block(live.values)
    with pytest.raises(BlockError, match=complaint):
        Restored().apply(Block(replace(block.head, **changes), block.tables))


def test_a_segment_that_the_lens_does_not_have_is_refused() -> None:
    live = Live()
    live.fold([{}])
    live.promote("ab", FEATURES, {"value"})
    live.lenses["value"][1].standings["segment"][0] = 2
    live.profiles.touch(np.array([0]))
    live.block()
    with pytest.raises(BlockError, match="segments that lens 'value' doesn't have"):
        restored(live.values)


def test_a_landmark_moves_by_whole_half_lives_or_is_refused() -> None:
    live = Live()
    live.fold([{}])
    live.block()
    live.profiles.state.marks[LANDMARK] += 1
    live.block()
    with pytest.raises(BlockError, match="landmark"):
        restored(live.values)


def test_a_delta_needs_what_it_changes() -> None:
    live = Live()
    live.block()
    live.block()
    with pytest.raises(BlockError, match="is not there"):
        Restored().apply(last_block(live.values))
