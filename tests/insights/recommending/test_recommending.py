"""What belongs together is found, however popular the rest is; and it is better than popularity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.recommending.baskets import Purchased, baskets
from insights.recommending.judging import judge
from insights.recommending.recommender import learn
from insights.recommending.together import CORRECTION, SHRINK, bought_together

ONLINE_RETAIL = Path(__file__).parents[4] / "shared" / "data" / "online_retail.csv.gz"
NOBODYS = -1


def lines(rows: list[tuple[int, int, int]]) -> Purchased:
    """Customer, order, product; a day after each other."""
    customers, orders, products = np.array(rows, np.int64).reshape(-1, 3).T
    return Purchased(customers, orders, products, np.arange(len(rows)) * 86_400_000)


def pairs(seed: int = 1) -> Purchased:
    """Fifty customers each buy one of five pairs again and again, and product 10, as all do."""
    random, rows = np.random.default_rng(seed), []
    for order in range(600):
        customer = order % 50
        pair = customer % 5
        rows += [(customer, order, product) for product in (2 * pair, 2 * pair + 1, 10)]
        if random.random() < 0.2:
            rows.append((customer, order, int(random.integers(11, 20))))
    return lines(rows)


@settings(max_examples=60)
@given(st.lists(st.sets(st.integers(0, 5), max_size=5), max_size=12))
def test_likeness_is_what_counting_pairs_by_hand_gives(orders: list[set[int]]) -> None:
    bought = lines([(0, order, p) for order, products in enumerate(orders) for p in products])
    found = bought_together(baskets(bought, 6)).toarray()
    whole = [products for products in orders if len(products) >= 2]
    for one in range(6):
        for other in range(6):
            both = sum(one in products and other in products for products in whole)
            counts = [sum(p in products for products in whole) for p in (one, other)]
            expected = (
                both**2 / (both + SHRINK) / (counts[0] * counts[1] ** CORRECTION)
                if both and one != other
                else 0.0
            )
            assert found[one, other] == pytest.approx(expected)


def test_only_the_nearest_are_kept() -> None:
    bought = lines([(0, order, product) for order in range(3) for product in range(30)])
    assert bought_together(baskets(bought, 30), neighbours=4).getnnz(axis=1).tolist() == [4] * 30


def test_the_other_half_of_a_pair_comes_before_what_everybody_buys() -> None:
    bought = pairs()
    half = bought.where(np.flatnonzero(~((bought.customers == 7) & (bought.products == 5))))
    model = learn(half, 50, 20, np.full(50, NOBODYS), int(bought.at_ms.max()))
    found = model.recommend(np.array([7]), np.array([NOBODYS]), 3, only_new=True)
    assert found.products[0, 0] == 5
    assert 4 not in found.products[0]  # bought already


def test_of_whom_nothing_is_known_gets_the_best_sellers() -> None:
    model = learn(pairs(), 51, 20, np.full(51, NOBODYS), 0)
    found = model.recommend(np.array([50]), np.array([NOBODYS]), 1)
    assert found.products.tolist() == [[10]]


def test_a_segment_moves_what_it_buys_more_of_up() -> None:
    rows = [(c, 2 * c + k, p) for c in range(40) for k, p in enumerate((c % 2, 2))]
    segments = np.arange(40) % 2
    model = learn(lines(rows), 41, 3, np.append(segments, NOBODYS), 0)
    assert model.of_segment(0, 1).products.tolist() == [[0]]
    assert model.of_segment(1, 1).products.tolist() == [[1]]
    unknown = model.recommend(np.array([40, 40]), np.array([0, 1]), 2).products
    assert unknown[0].tolist().index(0) < 2
    assert unknown[1].tolist().index(1) < 2
    assert 1 not in unknown[0]


def test_fewer_products_than_asked_for_are_filled_up() -> None:
    model = learn(lines([(0, 0, 0), (0, 0, 1)]), 1, 2, np.array([NOBODYS]), 0)
    found = model.recommend(np.array([0]), np.array([NOBODYS]), 4, only_new=True)
    assert found.products.tolist() == [[-1] * 4]
    assert found.scores.tolist() == [[0.0] * 4]


def test_pairs_are_better_than_popularity_and_nothing_after_the_split_is_used() -> None:
    bought = pairs()
    split = int(np.median(bought.at_ms))
    judged = judge(bought, np.full(50, NOBODYS), split, count=2)
    assert judged.customers == 50
    assert judged.hit_rate == 1.0
    later = bought.at_ms >= split
    other = bought._replace(products=np.where(later, 19 - bought.products % 9, bought.products))
    assert judge(other, np.full(50, NOBODYS), split, count=2).hit_rate < 0.2


def test_nobody_and_nothing_is_judged_as_nothing() -> None:
    assert judge(lines([]), np.empty(0, np.int64), 0).customers == 0


def test_on_real_baskets_it_beats_popularity() -> None:
    if not ONLINE_RETAIL.exists():
        pytest.skip("Online Retail is not beside this checkout")
    table = pd.read_csv(ONLINE_RETAIL, dtype=str).dropna(subset=["CustomerID"])
    table = table[(table["Quantity"].astype(float) > 0) & table["StockCode"].str.match(r"^\d{5}")]
    at = pd.to_datetime(table["InvoiceDate"]).astype("datetime64[ms]").astype("int64")
    customers, orders, products = (
        pd.factorize(table[name])[0].astype(np.int64)
        for name in ("CustomerID", "InvoiceNo", "StockCode")
    )
    bought = Purchased(customers, orders, products, at.to_numpy())
    nobodys = np.full(int(customers.max()) + 1, NOBODYS)
    split = int(pd.Timestamp("2011-09-01").timestamp() * 1000)
    again, fresh = (judge(bought, nobodys, split, only_new=new) for new in (False, True))
    assert again.hit_rate > again.popular_hit_rate + 0.05
    assert fresh.hit_rate > fresh.popular_hit_rate + 0.08
    assert min(again.coverage, fresh.coverage) > 0.3
