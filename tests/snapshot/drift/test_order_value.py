"""Order values within segments fixed beforehand, against what was to be expected."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from snapshot.drift.order_value import OrderValue, order_values
from snapshot.drift.pairing import paired
from tests.snapshot.drift.shop import LENS, SEGMENTS, Shop, weeks_of

if TYPE_CHECKING:
    from snapshot.moment import Moment

LEARNED = np.array([True] * SEGMENTS + [False])
SPEND = 4


@lru_cache
def month() -> tuple[Moment, Moment]:
    weeks = weeks_of(Shop(customers=3_000), 5)
    return weeks[0].moment, weeks[-1].moment


def measured(before: Moment, now: Moment) -> dict[str, OrderValue]:
    return order_values(paired(before, now), LENS, LEARNED)


def dearer(segment: int, factor: float) -> Moment:
    """The later moment, had the segment's customers paid that much more since."""
    before, now = month()
    mine = before.lenses[LENS].published == segment
    features = now.table.features.copy()
    since = features[mine, SPEND] - before.table.features[mine, SPEND]
    features[mine, SPEND] += (factor - 1) * since
    return replace(now, table=replace(now.table, features=features))


@pytest.mark.parametrize("segment", range(SEGMENTS))
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_only_the_segment_that_moved_stands_out(segment: int, factor: float) -> None:
    before, _ = month()
    found = measured(before, dearer(segment, factor))
    out = {name for name, effect in found.items() if effect.stands_out > 1}
    assert out == {f"value-{segment + 1}"}
    assert (found[f"value-{segment + 1}"].effect > 0) == (factor > 1)


def test_the_overall_shift_is_taken_off() -> None:
    before, now = month()
    features = now.table.features.copy()
    old = before.table.features[:, SPEND]
    features[:, SPEND] = old + 1.7 * (features[:, SPEND] - old)
    inflated = replace(now, table=replace(now.table, features=features))
    plain = measured(before, now)
    for name, effect in measured(before, inflated).items():
        assert effect.effect == pytest.approx(plain[name].effect, abs=1e-9)


def test_quiet_months_lie_within_chance() -> None:
    found = measured(*month())
    assert len(found) == SEGMENTS
    assert all(effect.stands_out < 1 for effect in found.values())
    assert sum(effect.customers for effect in found.values()) <= 3_000


def test_who_did_not_order_before_and_since_is_not_compared() -> None:
    before, now = month()
    features = now.table.features.copy()
    features[:2_000] = before.table.features[:2_000]
    still = replace(now, table=replace(now.table, features=features))
    assert sum(effect.customers for effect in measured(before, still).values()) <= 1_000


def test_without_the_sums_nothing_is_measured() -> None:
    before, now = month()
    names = ("orders_d90", "spend_d90", "lines_d90", "a", "b")
    bare = [replace(one, table=replace(one.table, names=names)) for one in (before, now)]
    assert measured(*bare) == {}


@pytest.mark.parametrize("customers", [0, 1, 5, 12])
def test_a_handful_of_customers_is_no_trouble(customers: int) -> None:
    few = np.arange(3_000) < customers
    found = measured(*(one.of(few) for one in month()))
    assert all(np.isfinite(effect.effect) for effect in found.values())
    assert all(effect.stands_out == 0 for effect in found.values())


def test_customers_who_pay_exactly_as_before_are_no_trouble() -> None:
    before, now = month()
    features = now.table.features.copy()
    features[:, 3:] = 2 * before.table.features[:, 3:]
    same = replace(now, table=replace(now.table, features=features))
    assert all(np.isfinite(effect.effect) for effect in measured(before, same).values())
