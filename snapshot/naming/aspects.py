"""The aspects that names are about, and the columns that show them.

An aspect is read from the first column that is there, the lens' own axes before all others: so a
lens of windows is named by windows.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Aspect(StrEnum):
    """What a customer can have more or less of than others."""

    ORDERS = "orders"
    MONEY = "money"
    SILENCE = "silence"
    TENURE = "tenure"
    ORDER_VALUE = "order value"
    WORTH = "worth"
    NIGHT = "night"
    WEEKEND = "weekend"
    DISCOUNT = "discount"
    RETURNS = "returns"


COLUMNS: dict[Aspect, tuple[str, ...]] = {
    Aspect.ORDERS: (
        r"(steady_)?orders_d\d+",
        r"orders_w\d+",
        "orders",
        r"(steady_)?lines_d\d+",
        "lines",
        "purchases",
    ),
    Aspect.MONEY: (r"(steady_)?spend_d\d+", r"spend_w\d+", "spend", "gross_spend"),
    Aspect.SILENCE: ("recency_days",),
    Aspect.TENURE: ("tenure_days",),
    Aspect.ORDER_VALUE: ("average_order_value", "basket_size"),
    Aspect.WORTH: ("spend", "gross_spend"),
    Aspect.NIGHT: (r"night_share_d\d+", "night_ratio"),
    Aspect.WEEKEND: (r"weekend_share_d\d+", "weekend_ratio"),
    Aspect.DISCOUNT: (r"discount_share_d\d+", "discount_ratio"),
    Aspect.RETURNS: ("return_ratio",),
}
"""Patterns of column names, the best first."""

VALUE = frozenset(
    {Aspect.ORDERS, Aspect.MONEY, Aspect.SILENCE, Aspect.TENURE, Aspect.ORDER_VALUE, Aspect.WORTH}
)
"""The aspects of who buys how much; all of them speak in a lens that has one of them."""

HABITS = frozenset({Aspect.NIGHT, Aspect.WEEKEND, Aspect.DISCOUNT, Aspect.RETURNS})
"""The aspects of how customers buy; each speaks only in a lens that compares by it."""


def columns_of(axes: Sequence[str], others: Sequence[str]) -> dict[Aspect, str]:
    """The aspects that speak in a lens with these axes, each with its column.

    >>> sorted(columns_of(["night_share_d90"], ["orders", "recency_days"]))
    [<Aspect.NIGHT: 'night'>]
    >>> columns_of(["orders_w90"], ["orders", "recency_days"])[Aspect.SILENCE]
    'recency_days'
    """
    own = {aspect: column for aspect in COLUMNS if (column := _first(aspect, axes))}
    found = {aspect: column for aspect, column in own.items() if aspect in HABITS}
    if VALUE & own.keys():
        for aspect in COLUMNS:
            column = _first(aspect, axes) or _first(aspect, others)
            if aspect in VALUE and column:
                found[aspect] = column
    return found


def _first(aspect: Aspect, columns: Iterable[str]) -> str | None:
    there = list(columns)
    for pattern in COLUMNS[aspect]:
        for column in there:
            if re.fullmatch(pattern, column):
                return column
    return None
