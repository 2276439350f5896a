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
from tests.stream.model.models import ref

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
        assert change.split.parts is not None
        parts = change.split.parts.mix + change.split.parts.behaviour + change.split.parts.model
        assert parts == pytest.approx(change.share - change.share_before, abs=1e-12)


def test_customers_who_leave_are_mix_alone() -> None:
    week = two_weeks()[1]
    now = with_published(week.moment, labels_of(week.running, week.fit.points))
    top = now.lenses[LENS].published == 0
    thinned = now.of(~(top & (np.arange(len(now)) % 5 == 0)))
    found = changes(now, thinned)[0]
    assert found.split.parts is not None
    assert found.split.parts.behaviour == found.split.parts.model == 0.0
    assert found.split.parts.mix == pytest.approx(found.share - found.share_before)
    assert found.log_ratio == pytest.approx(np.log(found.share / found.share_before))


def test_lines_that_moved_are_model_alone() -> None:
    week = two_weeks()[1]
    now = with_published(week.moment, labels_of(week.running, week.fit.points))
    elsewhere = now.lenses[LENS].published.copy()
    elsewhere[:50] = (elsewhere[:50] + 1) % SEGMENTS
    for change in changes(with_published(now, elsewhere), now)[:SEGMENTS]:
        assert change.split.parts is not None
        assert change.split.parts.mix == change.split.parts.behaviour == 0.0
        assert change.split.parts.model == pytest.approx(change.share - change.share_before)


def test_customers_who_do_otherwise_are_behaviour_alone() -> None:
    shop = Shop(customers=400)
    (week,) = weeks_of(shop, 1)
    moments = []
    for factor in (1.0, 3.0):
        shop.sums[:100] *= factor
        shop.published = labels_of(week.running, np.log1p(shop.sums[:, :3]))
        moments.append(moment_of_shop(shop, week.running))
    found = share_changes(paired(*moments), LENS, week.running, LEARNED)
    moved = [change.split.parts for change in found[:SEGMENTS] if change and change.split.parts]
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


def test_a_segment_that_was_retired_was_a_share_too() -> None:
    """Else whoever came from it would seem to be new, and the others to have been larger."""
    before, now = (week.moment for week in two_weeks())
    lens = before.lenses[LENS]
    two_were_one = (*lens.segments[:1], ref(9), *lens.segments[2:])
    running = tuple(replace(one, segments=(*one.segments, ref(9).id)) for one in lens.running)
    other = replace(lens, segments=two_were_one, running=running)
    pair = paired(replace(before, lenses={LENS: other}), now)
    found = share_changes(pair, LENS, two_weeks()[1].running, LEARNED)
    plain = changes(before, now)
    assert found[1] is None
    for known, expected in zip((*found[:1], *found[2:]), (*plain[:1], *plain[2:]), strict=True):
        assert known is not None
        assert known.share_before == expected.share_before
        if known.split.parts is not None:
            assert expected.split.parts is not None
            assert known.split.parts.mix == pytest.approx(expected.split.parts.mix)


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
    old = share_changes(paired(*_aged(moments, 180)), LENS, week.running, LEARNED)
    filled = share_changes(paired(*_aged(moments, 104)), LENS, week.running, LEARNED)
    young = share_changes(paired(*_aged(moments, days)), LENS, week.running, LEARNED)
    assert all(change is not None and change.split.of_youth is None for change in old)
    for change, later in zip(young[:SEGMENTS], filled, strict=False):
        assert change is not None
        assert change.split.parts is not None
        assert change.split.of_youth == pytest.approx(change.split.parts.behaviour, abs=0.01)
        assert later is not None
        assert later.split.of_youth == 0.0


@pytest.mark.parametrize(("days", "told"), [(179, True), (180, False)])
def test_while_none_can_have_come_back_those_who_fall_dormant_are_told_apart(
    days: int, told: bool
) -> None:
    """The first customers who came once fall silent together, 90 days after the first line."""
    week = two_weeks()[1]
    before = with_published(week.moment, labels_of(week.running, week.fit.points))
    published = before.lenses[LENS].published.copy()
    lowest = np.flatnonzero(published == SEGMENTS - 1)
    published[lowest[::5]] = SEGMENTS
    moments = _aged([before, with_published(before, published)], days)
    found = share_changes(paired(*moments), LENS, week.running, LEARNED)
    for change in found[:SEGMENTS]:
        assert change is not None
        assert change.split.parts is not None
        assert abs(change.split.parts.mix) > 0.005
        expected = pytest.approx(change.split.parts.mix) if told else None
        assert change.split.of_youth == expected


def _aged(moments: list[Moment], days: int) -> list[Moment]:
    """The same in a shop whose first line is so old."""
    return [
        replace(one, table=replace(one.table, first_ms=one.instant_ms - days * DAY_MS))
        for one in moments
    ]
