"""Order values and revenue by segment."""

from __future__ import annotations

import numpy as np
import pytest

from app.dashboard.pictures.boxes import QUANTILES
from app.dashboard.pictures.money import (
    Revenue,
    order_value_boxes,
    order_values,
    revenue_bars,
)
from app.dashboard.pictures.shown import Shown

ONE, OTHER = Shown("value-1", "One", "#0897f2"), Shown("value-2", "Other", "#096464")


def test_boxes_hold_those_who_spent_something_the_dearest_first() -> None:
    values = np.concatenate([np.arange(1.0, 21.0), np.zeros(5), np.full(12, 300.0)])
    segments = ["value-1"] * 25 + ["value-2"] * 12
    found = order_values({"average_order_value": values}, segments, [ONE, OTHER])
    assert [(one.segment.name, one.customers) for one in found] == [("Other", 12), ("One", 20)]
    expected = np.quantile(np.arange(1.0, 21.0), QUANTILES).tolist()
    assert found[1].quantiles == pytest.approx(expected)
    assert len(order_value_boxes(found).data) == 2


def test_shares_of_revenue_and_of_customers_are_of_all() -> None:
    figure = revenue_bars([Revenue(ONE, 10, 900.0), Revenue(OTHER, 30, 100.0)])
    customers, money = figure.data
    assert list(customers.x) == [0.25, 0.75]
    assert list(money.x) == [0.9, 0.1]


def test_no_revenue_at_all_divides_nothing() -> None:
    assert list(revenue_bars([Revenue(ONE, 0, 0.0)]).data[1].x) == [0.0]
