"""What a snapshot recommends is learned from what came before it, and judged on what it hid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.enriching.recommending import LEAST_JUDGED, Recommending
from snapshot.history import History
from stream.settings import load_settings
from tests.app.bought.shop import DAY_0, DAY_MS, bought, erasure, record
from tests.app.enriching.moments import moment_at
from tests.snapshot.history.moments import reconciled

if TYPE_CHECKING:
    from pathlib import Path

    from app.enriching.recommending import RecommendedPart
    from snapshot.moment import Moment
    from stream.contracts.fast import Line
    from tests.app.bought.shop import Shop

CUSTOMERS = [f"c{number:03}" for number in range(150)]
CODES = [number % 2 for number in range(150)]
END = DAY_0 + 90 * DAY_MS


def pairs(seed: int = 0, kinds: int = 10) -> list[Line]:
    """Each customer buys one of some pairs, in two halves, and what all buy."""
    random, lines = np.random.default_rng(seed), []
    for order in range(3_000):
        number = order % len(CUSTOMERS)
        day, pair = 90 * order / 3_000, number % kinds
        products = [f"pair{pair}-{half}" for half in "ab" if random.random() < 0.8]
        products += [f"all{one}" for one in range(12) if random.random() < 0.02]
        lines += [bought(CUSTOMERS[number], f"o{order}", one, day) for one in products]
    return lines


def recommending(shop: Shop, folder: Path, **insights: object) -> Recommending:
    history = {"directory": str(folder / "history")}
    settings = load_settings(None, {"insights": insights, "history": history})
    return Recommending(shop.log, shop.topics, settings)


def moment(at_ms: int = END) -> Moment:
    return moment_at(at_ms, CUSTOMERS, CODES)


def same(one: RecommendedPart, other: RecommendedPart) -> None:
    assert one == other


def test_customers_get_their_pair_and_that_beats_the_best_sellers(
    shop: Shop, tmp_path: Path
) -> None:
    shop.send([record(one) for one in pairs()], range(0, 20_000, 997))
    found = recommending(shop, tmp_path).part(moment())
    assert len(found.recommended) == len(CUSTOMERS)
    for number, products in enumerate(found.recommended):
        assert {f"pair{number % 10}-a", f"pair{number % 10}-b"} <= set(products[:3])
        assert len(products) == len(set(products)) == 10
    assert found.problem is None
    assert found.quality is not None
    assert found.quality.customers == len(CUSTOMERS)
    assert found.quality.hit_rate > found.quality.popular_hit_rate
    assert found.quality.coverage > found.quality.popular_coverage


def test_new_ones_were_never_bought(embedded: Shop, tmp_path: Path) -> None:
    lines = pairs()
    embedded.send([record(one) for one in lines])
    found = recommending(embedded, tmp_path).part(moment())
    for customer, products in zip(CUSTOMERS, found.recommended_new, strict=True):
        assert not set(products) & {one.product_id for one in lines if one.customer_id == customer}


def test_segments_get_what_they_buy_more_of(embedded: Shop, tmp_path: Path) -> None:
    embedded.send([record(one) for one in pairs(kinds=4)])
    found = recommending(embedded, tmp_path).part(moment())
    assert set(found.of_segments) == {("value", "value-1"), ("value", "value-2")}
    for first, products in enumerate(found.of_segments.values()):
        theirs = {f"pair{kind}-{half}" for kind in (first, first + 2) for half in "ab"}
        assert set(products[:4]) == theirs


def test_duplicates_and_what_comes_after_change_nothing(embedded: Shop, tmp_path: Path) -> None:
    lines = pairs()
    before = [one for one in lines if one.occurred_at.timestamp() * 1000 < DAY_0 + 60 * DAY_MS]
    embedded.send([record(one) for one in before])
    at = moment(DAY_0 + 60 * DAY_MS)
    alone = recommending(embedded, tmp_path).part(at)
    embedded.send([record(one) for one in before[-500:]])
    embedded.send([record(one) for one in lines[len(before) :]])
    same(recommending(embedded, tmp_path).part(at), alone)


def test_going_on_is_beginning_anew(embedded: Shop, tmp_path: Path) -> None:
    embedded.send([record(one) for one in pairs()], range(0, 20_000, 1_203))
    going_on = recommending(embedded, tmp_path)
    for day in (40, 61, 75):
        at = moment(DAY_0 + day * DAY_MS)
        same(going_on.part(at), recommending(embedded, tmp_path).part(at))


def test_who_was_erased_or_is_not_there_is_not_learned_from(embedded: Shop, tmp_path: Path) -> None:
    odd = [bought("c000", f"odd{one}", f"odd{one % 2}", 80 + one / 10) for one in range(20)]
    embedded.send([record(one) for one in sorted([*pairs(), *odd], key=lambda x: x.occurred_at)])
    without = moment_at(END, CUSTOMERS[1:], CODES[1:])
    found = recommending(embedded, tmp_path).part(without)
    assert "odd0" not in {one for each in found.recommended for one in each}
    embedded.send([erasure("c000", END)])
    again = recommending(embedded, tmp_path).part(moment(END + 1))
    assert "odd0" not in {one for each in again.recommended for one in each}


def test_segments_of_now_are_not_used_to_judge(embedded: Shop, tmp_path: Path) -> None:
    """They know what was bought after the split."""
    embedded.send([record(one) for one in pairs()])
    one = recommending(embedded, tmp_path).part(moment())
    other = recommending(embedded, tmp_path).part(moment_at(END, CUSTOMERS, CODES[::-1]))
    assert one.quality == other.quality
    assert one.recommended != other.recommended or one.of_segments != other.of_segments


@pytest.mark.parametrize(("days_before", "is_used"), [(3, True), (40, False)])
def test_segments_of_a_snapshot_shortly_before_the_split_are(
    embedded: Shop, tmp_path: Path, days_before: int, is_used: bool
) -> None:
    split_ms = END - 28 * DAY_MS
    then = moment_at(split_ms - days_before * DAY_MS, CUSTOMERS[10:], CODES[10:])
    History(tmp_path / "history").write(then, reconciled(then))
    found = recommending(embedded, tmp_path)._segments_before(moment(), split_ms)
    assert found.tolist() == [-1] * 10 + (CODES[10:] if is_used else [-1] * 140)


def test_nothing_is_made_up_of_too_little(embedded: Shop, tmp_path: Path) -> None:
    empty = recommending(embedded, tmp_path).part(moment())
    assert (empty.recommended, empty.quality) == ([()] * len(CUSTOMERS), None)
    assert "which product" in str(empty.problem)
    few = [one for one in pairs() if one.customer_id < CUSTOMERS[LEAST_JUDGED - 1]]
    embedded.send([record(one) for one in few])
    found = recommending(embedded, tmp_path).part(moment())
    assert found.quality is None
    assert f"fewer than {LEAST_JUDGED}" in str(found.problem)
    young = recommending(embedded, tmp_path).part(moment(DAY_0 + 20 * DAY_MS))
    assert "not judged yet" in str(young.problem)
    assert all(young.recommended)


@pytest.mark.parametrize(("days", "lines"), [(365, 500), (10, 5_000_000)])
def test_bounds_of_days_and_lines_hold(
    embedded: Shop, tmp_path: Path, days: int, lines: int
) -> None:
    old = [bought("c000", f"old{one}", "old", one / 10) for one in range(20)]
    embedded.send([record(one) for one in sorted([*old, *pairs()], key=lambda x: x.occurred_at)])
    bounded = recommending(embedded, tmp_path, recommend_days=days, recommend_lines=lines)
    found = bounded.part(moment())
    assert "old" not in {one for each in found.recommended for one in each}
    assert ("the newest 500 lines" in str(found.problem)) == (lines == 500)
