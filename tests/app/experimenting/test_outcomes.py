"""What customers did since they were assigned is what pandas finds in what was sent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from app.experimenting import outcomes
from app.experimenting.outcomes import Outcomes, read_outcomes
from stream.contracts.instant import milliseconds
from stream.profile.events import hash_of
from tests.app.bought.shop import (
    DAY_0,
    DAY_MS,
    SETTINGS,
    bought,
    erasure,
    record,
    shop_log,
    some_days,
    table_of,
)

if TYPE_CHECKING:
    import pytest

    from stream.contracts.fast import Line
    from tests.app.bought.shop import Shop

IDS = [f"c{number}" for number in range(12)]
KEYS = np.array([hash_of(one) for one in IDS], np.uint64)
SINCE = DAY_0 + 15 * DAY_MS
UNTIL = DAY_0 + 33 * DAY_MS


def read(shop: Shop, until_ms: int | None = None) -> Outcomes:
    since = np.full(len(IDS), SINCE)
    return read_outcomes(shop.log, shop.topics, SETTINGS, KEYS, since, until_ms)


def expected(lines: list[Line], until_ms: int) -> pd.DataFrame:
    """Orders and spend a customer."""
    table = table_of(lines)
    table = table[(table["at"] >= SINCE) & (table["at"] < until_ms)]
    purchases = table[table["is_purchase"]]
    found = pd.DataFrame(
        {
            "spend": table.groupby("customer")["amount"].sum(),
            "orders": purchases.groupby("customer")["order"].nunique(),
        }
    )
    return found.reindex(IDS).fillna(0)


def same(found: Outcomes, table: pd.DataFrame) -> None:
    assert found.of("spend").tolist() == table["spend"].round(4).tolist()
    assert found.of("orders").tolist() == table["orders"].tolist()
    assert found.of("bought").tolist() == (table["orders"] > 0).tolist()


def test_orders_and_spend_are_counted_once_and_returns_taken_off(shop: Shop) -> None:
    lines = some_days()
    repeated = [record(one) for one in [*lines, *lines[-15:]]]
    shop.send(repeated, range(0, 300, 19))
    found = read(shop)
    same(found, expected(lines, DAY_0 + 999 * DAY_MS))
    assert (found.of("spend") < expected_gross(lines)).any()
    assert not found.is_cut
    assert found.reached_ms == max(milliseconds(one.occurred_at) for one in lines)


def expected_gross(lines: list[Line]) -> np.ndarray:
    bought_ones = [one for one in lines if one.quantity > 0]
    return np.asarray(expected(bought_ones, DAY_0 + 999 * DAY_MS)["spend"])


def test_what_comes_at_or_after_the_end_does_not_count_but_what_comes_late_does(
    shop: Shop,
) -> None:
    lines = some_days(days=38)
    late = bought("c1", "late", "p1", 32)
    shop.send([record(one) for one in lines])
    shop.send([record(late, DAY_0 + 38 * DAY_MS)])
    same(read(shop, UNTIL), expected([*lines, late], UNTIL))


def test_each_customer_counts_since_their_own_instant(embedded: Shop) -> None:
    embedded.send([record(one) for one in some_days()])
    since = np.where(np.arange(len(IDS)) < 6, SINCE, DAY_0 + 10**6 * DAY_MS)
    found = read_outcomes(embedded.log, embedded.topics, SETTINGS, KEYS, since)
    assert found.orders[:6].sum() == read(embedded).orders[:6].sum() > 0
    assert not found.orders[6:].any()


def test_who_is_erased_is_said_to_be(shop: Shop) -> None:
    shop.send([record(one) for one in some_days()])
    shop.send([erasure("c2", DAY_0 + 40 * DAY_MS), record(bought("c2", "again", "p1", 42))])
    assert [IDS[row] for row in np.flatnonzero(read(shop).erased)] == ["c2"]


def test_a_log_that_let_go_of_the_beginning_is_said(embedded: Shop) -> None:
    embedded.send([record(one) for one in some_days()], range(0, 300, 5))
    embedded.log.truncate(
        embedded.topics.transactions,
        0,
        embedded.log.bounds(embedded.topics.transactions)[0].end - 2,
    )
    assert read(embedded).is_cut


def test_many_orders_take_no_more_room_than_the_horizon_has(
    embedded: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "SMALLEST", 4)
    lines = some_days(days=60)
    embedded.send([record(one) for one in lines], range(0, 600, 31))
    same(read(embedded), expected(lines, DAY_0 + 999 * DAY_MS))


@settings(max_examples=6)
@given(
    st.integers(0, 3),
    st.lists(st.integers(0, 150), max_size=6),
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 12)), max_size=5),
)
def test_neither_cuts_nor_duplicates_matter(
    seed: int, cuts: list[int], repeats: list[tuple[int, int]]
) -> None:
    """Within the horizon."""
    lines = some_days(seed=seed)
    sent = list(lines)
    for place, later in sorted(repeats, reverse=True):
        sent.insert(min(place + later, len(sent)), lines[min(place, len(lines) - 1)])
    with (
        tempfile.TemporaryDirectory() as folder,
        shop_log("embedded", Path(folder), None) as shop,
    ):
        shop.send([record(one) for one in sent], cuts)
        same(read(shop, UNTIL), expected(lines, UNTIL))
