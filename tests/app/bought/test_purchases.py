"""What is kept of purchases is what pandas finds, in no more room than allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.bought.kept import KeptPurchases
from app.bought.products import UNKNOWN, Products
from stream.log.batch import Spans
from stream.profile.events import hash_of, order_hash
from stream.profile.span_texts import SpanTexts
from tests.app.bought.shop import (
    DAY_0,
    DAY_MS,
    SETTINGS,
    Shop,
    bought,
    erasure,
    record,
    some_days,
    table_of,
)

if TYPE_CHECKING:
    from stream.contracts.fast import Line

END = DAY_0 + 100 * DAY_MS


def kept(shop: Shop, days: int = 3650, most: int = 1_000_000) -> KeptPurchases:
    return KeptPurchases(shop.log, shop.topics, SETTINGS, days, most)


def told(found: KeptPurchases, at_ms: int) -> list[tuple[int, int, int, str]]:
    rows = found.before(at_ms)
    return sorted(
        (customer, order, at, found.products[product])
        for customer, order, at, product in rows[["customer", "order", "at_ms", "product"]].tolist()
    )


def expected(lines: list[Line], since_ms: int, until_ms: int) -> list[tuple[int, int, int, str]]:
    """By pandas: purchases of products, each event once."""
    table = table_of(lines)
    table = table[table["is_purchase"]]
    table = table[(table["at"] >= since_ms) & (table["at"] < until_ms)]
    return sorted(
        (hash_of(row.customer), order_hash(row.customer, row.order), row.at, row.product)
        for row in table.itertuples()
    )


def test_purchases_of_products_are_kept_and_nothing_else(shop: Shop) -> None:
    lines = some_days()
    shop.send([record(one) for one in [*lines, *lines[-20:]]], range(0, 200, 13))
    assert told(kept(shop), END) == expected(lines, 0, END)


def test_week_by_week_is_the_same_as_at_once(shop: Shop) -> None:
    lines = some_days()
    shop.send([record(one) for one in lines], range(0, 200, 29))
    going_on = kept(shop, days=20)
    for day in range(7, 42, 7):
        at_ms = DAY_0 + day * DAY_MS
        assert told(going_on, at_ms) == expected(lines, at_ms - 20 * DAY_MS, at_ms)
        assert told(going_on, at_ms) == told(kept(shop, days=20), at_ms)
    assert told(going_on, DAY_0 + 7 * DAY_MS) == expected(lines, 0, DAY_0 + 7 * DAY_MS)


def test_what_is_sent_between_two_looks_is_there_at_the_second(shop: Shop) -> None:
    lines = some_days()
    going_on = kept(shop)
    shop.send([record(one) for one in lines[:90]])
    assert len(told(going_on, END)) == len(expected(lines[:90], 0, END))
    shop.send([record(one) for one in lines[80:]])
    assert told(going_on, END + 1) == expected(lines, 0, END)


def test_the_oldest_go_first_and_it_is_said(embedded: Shop) -> None:
    lines = some_days()
    embedded.send([record(one) for one in lines], range(0, 200, 3))
    few = kept(embedded, most=40)
    everything = expected(lines, 0, END)
    newest = sorted(everything, key=lambda one: one[2])[-40:]
    found = told(few, END)
    assert len(found) <= 40
    assert set(found) <= set(newest)
    assert "the newest 40 lines" in str(few.shortened(END))
    assert kept(embedded).shortened(END) is None


def test_an_erased_customer_is_gone_and_comes_back_as_somebody_new(shop: Shop) -> None:
    lines = some_days()
    shop.send([record(one) for one in lines])
    going_on = kept(shop)
    assert hash_of("c1") in {one[0] for one in told(going_on, END)}
    at_ms = DAY_0 + 45 * DAY_MS
    again = bought("c1", "again", "p9", 50)
    shop.send([erasure("c1", at_ms), record(again)])
    theirs = [one for one in told(going_on, END + 1) if one[0] == hash_of("c1")]
    assert theirs == expected([again], 0, END)
    assert theirs == [one for one in told(kept(shop), END) if one[0] == hash_of("c1")]


def test_products_beyond_the_room_are_unknown() -> None:
    data = np.frombuffer(b"abc", np.uint8)
    texts = SpanTexts(data, Spans(np.arange(3), np.ones(3, np.int64)))
    products = Products(most=2)
    hashes = np.array([30, 10, 20], np.uint64)
    assert products.codes(hashes, texts).tolist() == [UNKNOWN, 0, 1]
    assert products.texts == ["b", "c"]
    assert products.is_full


@pytest.mark.parametrize("most", [1, 2, 7])
def test_very_little_room_is_enough_to_go_on(embedded: Shop, most: int) -> None:
    embedded.send([record(one) for one in some_days(days=10)])
    assert 0 < len(told(kept(embedded, most=most), END)) <= most
