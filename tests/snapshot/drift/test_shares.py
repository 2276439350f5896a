"""A change of share is told apart into who is there, what they do, and where the lines are."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snapshot.drift.pairing import moment_before, paired
from snapshot.drift.shares import ShareChange, share_changes, shares_of
from stream.model.arrays import DAY_MS, NONE
from tests.snapshot.drift.shop import (
    LENS,
    SEGMENTS,
    Shop,
    Week,
    labels_of,
    moment_of_shop,
    only,
    weeks_of,
)

if TYPE_CHECKING:
    from snapshot.moment import Moment
    from stream.model.arrays import Ints

LEARNED = np.array([True] * SEGMENTS + [False])


@lru_cache
def two_weeks() -> list[Week]:
    return weeks_of(Shop(customers=400), 2)


def with_published(moment: Moment, published: Ints) -> Moment:
    lens = replace(moment.lenses[LENS], published=np.asarray(published, np.int64))
    return replace(moment, lenses={LENS: lens})


def changes(before: Moment, now: Moment) -> list[ShareChange]:
    found = share_changes(paired(before, now), LENS, two_weeks()[1].running, LEARNED)
    known = [change for change in found if change is not None]
    assert len(known) == len(found)
    return known


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_parts_add_up_to_the_change(data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 2**32))
    rng = np.random.default_rng(seed)
    before, now = (week.moment for week in two_weeks())
    before = with_published(before, rng.integers(NONE, SEGMENTS + 1, len(before)))
    now = with_published(now, rng.integers(NONE, SEGMENTS + 1, len(now)))
    before, now = (one.of(rng.random(len(one)) < 0.8) for one in (before, now))
    for change in changes(before, now)[:SEGMENTS]:
        assert change.split is not None
        parts = change.split.mix + change.split.behaviour + change.split.model
        assert parts == pytest.approx(change.share - change.share_before, abs=1e-12)


def test_customers_who_leave_are_mix_alone() -> None:
    week = two_weeks()[1]
    now = with_published(week.moment, labels_of(week.running, week.fit.points))
    top = now.lenses[LENS].published == 0
    thinned = now.of(~(top & (np.arange(len(now)) % 5 == 0)))
    found = changes(now, thinned)[0]
    assert found.split is not None
    assert found.split.behaviour == found.split.model == 0.0
    assert found.split.mix == pytest.approx(found.share - found.share_before)
    assert found.log_ratio == pytest.approx(np.log(found.share / found.share_before))


def test_lines_that_moved_are_model_alone() -> None:
    week = two_weeks()[1]
    now = with_published(week.moment, labels_of(week.running, week.fit.points))
    elsewhere = now.lenses[LENS].published.copy()
    elsewhere[:50] = (elsewhere[:50] + 1) % SEGMENTS
    for change in changes(with_published(now, elsewhere), now)[:SEGMENTS]:
        assert change.split is not None
        assert change.split.mix == change.split.behaviour == 0.0
        assert change.split.model == pytest.approx(change.share - change.share_before)


def test_customers_who_do_otherwise_are_behaviour_alone() -> None:
    shop = Shop(customers=400)
    (week,) = weeks_of(shop, 1)
    moments = []
    for factor in (1.0, 3.0):
        shop.sums[:100] *= factor
        shop.published = labels_of(week.running, np.log1p(shop.sums[:, :3]))
        moments.append(moment_of_shop(shop, week.running))
    found = share_changes(paired(*moments), LENS, week.running, LEARNED)
    moved = [change.split for change in found[:SEGMENTS] if change and change.split]
    assert len(moved) == SEGMENTS
    assert all(split.mix == split.model == 0.0 for split in moved)
    assert max(abs(split.behaviour) for split in moved) > 0.02


def test_rule_segments_have_a_share_of_everybody() -> None:
    now = two_weeks()[1].moment
    published = now.lenses[LENS].published.copy()
    published[:100] = SEGMENTS
    published[100:120] = NONE
    found = shares_of(with_published(now, published).lenses[LENS], LEARNED)
    assert found[SEGMENTS] == (100, 0.25)
    assert sum(share for _, share in found[:SEGMENTS]) == pytest.approx(1.0)


def test_a_segment_that_is_gone_is_not_infinitely_smaller() -> None:
    before = two_weeks()[1].moment
    top = before.lenses[LENS].published == 0
    change = changes(before, before.of(~top))[0]
    assert change.customers == 0
    assert change.log_ratio == pytest.approx(np.log(0.5 / (top.sum() + 0.5)))


def test_a_new_segment_has_nothing_to_be_compared_with() -> None:
    before, now = (week.moment for week in two_weeks())
    lens = before.lenses[LENS]
    fewer = replace(lens, segments=lens.segments[1:], published=np.maximum(lens.published - 1, 0))
    pair = paired(replace(before, lenses={LENS: fewer}), now)
    found = share_changes(pair, LENS, two_weeks()[1].running, LEARNED)
    assert found[0] is None
    assert found[1] is not None


def test_more_turnover_is_more_noise_and_one_way_traffic_is_none() -> None:
    week = two_weeks()[1]
    now = week.moment
    noise = []
    for swapped in (0, 20, 40):
        published = now.lenses[LENS].published.copy()
        for one, other in ((0, 1), (1, 0)):
            published[np.flatnonzero(now.lenses[LENS].published == one)[:swapped]] = other
        noise.append(changes(now, with_published(now, published))[0].noise)
    assert noise[0] < noise[1] < noise[2]
    top = np.flatnonzero(now.lenses[LENS].published == 0)
    thinned = only(week, ~np.isin(np.arange(len(now)), top[::5])).moment
    assert changes(now, thinned)[0].noise < 2 / len(top)


def test_the_moment_compared_with_is_the_youngest_that_is_old_enough() -> None:
    moment = two_weeks()[0].moment
    past = [
        replace(moment, table=replace(moment.table, instant_ms=day * DAY_MS))
        for day in (60, 72, 73, 78)
    ]
    days = [
        None if found is None else found.instant_ms // DAY_MS
        for found in (
            moment_before(past, 80 * DAY_MS, 7, 35),
            moment_before(past, 80 * DAY_MS - 1000, 7, 35),
            moment_before(past, 80 * DAY_MS, 28, 63),
            moment_before(past, 200 * DAY_MS, 7, 35),
        )
    ]
    assert days == [73, 73, None, None]


@pytest.mark.parametrize("days", [60, 103])
def test_while_sums_are_filling_what_all_did_alike_is_told_apart(days: int) -> None:
    """Everybody grows by a third, nobody more than others: that is no segment's own news."""
    shop = Shop(customers=400)
    (week,) = weeks_of(shop, 1)
    moments = []
    for factor in (1.0, 1.33):
        shop.sums[:, :3] *= factor
        shop.published = labels_of(week.running, np.log1p(shop.sums[:, :3]))
        moments.append(moment_of_shop(shop, week.running))
    old = share_changes(paired(*_aged(moments, 104)), LENS, week.running, LEARNED)
    assert all(change is not None and change.common is None for change in old)
    found = share_changes(paired(*_aged(moments, days)), LENS, week.running, LEARNED)
    for change in found[:SEGMENTS]:
        assert change is not None
        assert change.split is not None
        assert change.common == pytest.approx(change.split.behaviour, abs=0.01)


def _aged(moments: list[Moment], days: int) -> list[Moment]:
    """The same in a shop whose first line is so old."""
    return [
        replace(one, table=replace(one.table, first_ms=one.instant_ms - days * DAY_MS))
        for one in moments
    ]
