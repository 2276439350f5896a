"""On Online Retail, returns take back what they should: nobody is a whale for what was
cancelled, and next to nobody is where they wouldn't be if every return were matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from stream.profile.catalogue import features
from stream.profile.events import Batch
from stream.profile.state import Profiles
from tests.stream.profile.online_retail import as_events, matched, retail_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

VALUE = ["orders_d90", "spend_d90", "lines_d90"]
GIANTS = {"16446": 80_995, "12346": 74_215}
DORMANT, NO_NET_SPEND = -1, -2


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    return retail_lines()


@pytest.fixture(scope="module")
def streamed(lines: pd.DataFrame) -> Profiles:
    return folded(lines)


def folded(lines: pd.DataFrame) -> Profiles:
    profiles, events, ids = Profiles(), as_events(lines), lines["customer"].tolist()
    for start in range(0, len(events), 20_000):
        part = slice(start, start + 20_000)
        profiles.fold(Batch(events[part], ids[part], {}))
    return profiles


def as_table(profiles: Profiles, names: list[str]) -> pd.DataFrame:
    rows = np.arange(len(profiles))
    ids = [profiles.customer_id(row) for row in rows.tolist()]
    return pd.DataFrame(features(profiles, rows, profiles.latest_ms, names), ids, names)


def test_orders_of_tens_of_thousands_cancelled_within_minutes_leave_no_whale(
    lines: pd.DataFrame, streamed: Profiles
) -> None:
    found = as_table(streamed, [*VALUE, "spend", "spend_w90", "orders", "units"])
    assert lines["Quantity"].nlargest(2).tolist() == list(GIANTS.values())
    for customer, units in GIANTS.items():
        giant = found.loc[customer]
        assert giant["units"] >= units
        assert giant["spend"] == pytest.approx(
            lines.loc[lines["customer"] == customer, "amount_e4"].sum() / 1e4
        )
        assert giant["spend"] < 3
        assert giant["orders"] <= 1
        assert (giant[VALUE] < found[VALUE].quantile(0.5)).all()


def test_orders_brought_back_whole_are_not_counted(lines: pd.DataFrame, streamed: Profiles) -> None:
    """Of those who brought a whole order back within the horizon, none keeps it."""
    orders = as_table(streamed, ["orders"])["orders"]
    placed = lines[lines["is_product"] & (lines["Quantity"] > 0)]
    placed_orders = placed.groupby("customer")["order"].nunique().reindex(orders.index).fillna(0)
    given_back = placed_orders - orders
    assert (given_back >= 0).all()
    assert given_back[["16446", "12346"]].tolist() == [1, 1]
    assert 50 < given_back.sum() < 0.03 * placed_orders.sum()


def test_hardly_anybody_is_in_another_segment_than_with_every_return_matched(
    lines: pd.DataFrame, streamed: Profiles
) -> None:
    found = as_table(streamed, [*VALUE, "recency_days"])
    wanted = matched(lines, streamed.latest_ms).loc[found.index]
    at_rest = lines.groupby("customer")["quantity_e4"].min() > 0
    bought_only = at_rest[at_rest].index
    assert np.allclose(found.loc[bought_only, VALUE], wanted.loc[bought_only, VALUE])
    fitted = Segments(wanted)
    assert len(set(fitted.of(wanted))) == 7
    assert fitted.apart(found, wanted) <= 0.007
    purchases = folded(lines[(lines["quantity_e4"] > 0) | ~lines["is_product"]])
    gross = as_table(purchases, [*VALUE, "recency_days"]).reindex(found.index)
    gross = gross.fillna({"recency_days": 999.0}).fillna(0.0)
    assert fitted.apart(gross, wanted) > 0.01


class Segments:
    """A plain clustering of who is active, and the two rule segments."""

    def __init__(self, table: pd.DataFrame) -> None:
        active = self._rules(table) == 0
        logged = np.log1p(table.loc[active, VALUE].to_numpy())
        low, self._middle, high = np.percentile(logged, [25, 50, 75], axis=0)
        self._scale = np.maximum(high - low, logged.std(axis=0) / 2)
        self._fit = KMeans(5, n_init=10, random_state=0).fit((logged - self._middle) / self._scale)

    def of(self, table: pd.DataFrame) -> NDArray[np.int64]:
        logged = np.log1p(table[VALUE].clip(lower=0).to_numpy())
        nearest = self._fit.predict((logged - self._middle) / self._scale)
        rules = self._rules(table)
        return np.where(rules == 0, nearest, rules)

    def apart(self, one: pd.DataFrame, other: pd.DataFrame) -> float:
        """The share of active customers who are in another segment by the one table."""
        ones, others = self.of(one), self.of(other)
        active = (ones != DORMANT) | (others != DORMANT)
        return float((ones != others)[active].mean())

    @staticmethod
    def _rules(table: pd.DataFrame) -> NDArray[np.int64]:
        poor = np.where(table["spend_d90"] <= 1e-6, NO_NET_SPEND, 0)
        return np.where(table["recency_days"] >= 90, DORMANT, poor)
