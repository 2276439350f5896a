"""The table of features: what each is called, how it is made, what it means.

Apart from the code that reads it, so that a feature is added here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stream.contracts.lens import Transform
from stream.profile import formulas as by
from stream.profile.layout import (
    DISCOUNTED,
    FIRST,
    LAST,
    LINES,
    NIGHT,
    ORDERS,
    PURCHASES,
    RETURNED,
    RETURNS,
    SPEND,
    UNITS,
    WEEKEND,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

NONE, LOG, SHARE = Transform.IDENTITY, Transform.LOG1P, Transform.ARCSINE_SQRT


@dataclass(frozen=True, slots=True)
class Feature:
    """A row of the catalogue. `form` is what `formulas` computes: a kind, and of what."""

    name: str
    formula: str
    transform: Transform
    """What a lens does to it before scaling, where it doesn't say otherwise."""

    unit: str
    says: str
    form: tuple[int, int, int]


def totals() -> Iterator[Feature]:
    yield Feature(
        "recency_days",
        "instant - last purchase; tenure where there was none",
        LOG,
        "days",
        "How long ago the customer last bought; a return is no purchase.",
        (by.AGE, LAST, 0),
    )
    yield Feature(
        "tenure_days",
        "instant - first line",
        LOG,
        "days",
        "How long the customer has been known.",
        (by.AGE, FIRST, 0),
    )
    yield Feature(
        "orders",
        "orders with a purchase line of a product, less those wholly brought back",
        LOG,
        "orders",
        "How many orders were placed and kept.",
        (by.COUNT, ORDERS, 0),
    )
    yield Feature(
        "lines",
        "all lines: purchases, returns, postage and the like",
        LOG,
        "lines",
        "How many lines came in for the customer.",
        (by.COUNT, LINES, 0),
    )
    yield Feature(
        "purchases",
        "lines of products with a quantity above 0",
        LOG,
        "lines",
        "How many lines were purchases of products.",
        (by.COUNT, PURCHASES, 0),
    )
    yield Feature(
        "units",
        "sum of the quantities of purchase lines",
        LOG,
        "units",
        "How many pieces were bought.",
        (by.SUM, UNITS, 0),
    )
    yield Feature(
        "spend",
        "sum of amounts, postage and the like included, returns taken off",
        LOG,
        "money",
        "How much money the customer has left in the shop.",
        (by.SUM, SPEND, 0),
    )
    yield Feature(
        "gross_spend",
        "spend + money given back on return lines",
        LOG,
        "money",
        "How much was spent before anything was brought back.",
        (by.GROSS, 0, 0),
    )
    yield Feature(
        "returned_spend",
        "sum of the amounts of return lines (0 or less)",
        NONE,
        "money",
        "How much money was given back.",
        (by.SUM, RETURNED, 0),
    )
    yield Feature(
        "returns",
        "lines of products with a quantity below 0",
        LOG,
        "lines",
        "How many lines were brought back.",
        (by.COUNT, RETURNS, 0),
    )


def averages() -> Iterator[Feature]:
    yield Feature(
        "return_ratio",
        "returns / lines",
        SHARE,
        "share",
        "What share of all lines are returns.",
        (by.RATIO, RETURNS, LINES),
    )
    yield Feature(
        "average_order_value",
        "spend / orders; 0 without orders",
        LOG,
        "money",
        "What an order brings on average.",
        (by.PER_ORDER, SPEND, 0),
    )
    yield Feature(
        "basket_size",
        "units / orders; 0 without orders",
        LOG,
        "units",
        "How many pieces an order has on average.",
        (by.PER_ORDER, UNITS, 0),
    )
    yield Feature(
        "interpurchase_days",
        "mean time from an order's last known line to the first line of the next",
        LOG,
        "days",
        "How long the customer waits between orders on average.",
        (by.MEAN_GAP, 0, 0),
    )
    yield Feature(
        "regularity",
        "1 / (1 + standard deviation / mean) of those times; 0 for fewer than two of them",
        NONE,
        "share",
        "How evenly orders follow each other: 1 is like clockwork.",
        (by.REGULARITY, 0, 0),
    )


def behaviour() -> Iterator[Feature]:
    yield Feature(
        "night_ratio",
        "purchase lines from 22 to 6 o'clock / purchase lines whose time of day is known",
        SHARE,
        "share",
        "What share of purchases is made at night, by the shopper's clock.",
        (by.HABIT_TIMED, NIGHT, 0),
    )
    yield Feature(
        "weekend_ratio",
        "purchase lines on Saturday or Sunday / purchase lines",
        SHARE,
        "share",
        "What share of purchases is made at the weekend, by the shopper's calendar.",
        (by.HABIT, WEEKEND, 0),
    )
    yield Feature(
        "discount_ratio",
        "purchase lines with a discount / purchase lines",
        SHARE,
        "share",
        "What share of purchases is made at a discount.",
        (by.HABIT, DISCOUNTED, 0),
    )
    yield Feature(
        "distinct_products",
        "linear counting over 128 bits of the purchase lines' products",
        LOG,
        "products",
        "How many different products were bought, within about a fifth up to 300.",
        (by.PRODUCTS, 0, 0),
    )
    yield Feature(
        "distinct_categories",
        "linear counting over 64 bits of the purchase lines' categories",
        LOG,
        "categories",
        "How many kinds of products were bought, about.",
        (by.CATEGORIES, 0, 0),
    )
    yield Feature(
        "seasonality",
        "length of the mean of the orders' months as points on a circle",
        NONE,
        "share",
        "How far orders keep to one time of the year: 0 is all year round.",
        (by.SEASONALITY, 0, 0),
    )
    yield Feature(
        "peak_month",
        "the first of the months with most orders; 0 without orders",
        NONE,
        "month",
        "The month in which the customer orders most.",
        (by.PEAK, 0, 0),
    )
    for month in range(1, 13):
        yield Feature(
            f"month_{month:02}_share",
            f"orders of month {month} / orders",
            SHARE,
            "share",
            f"What share of orders falls in month {month} of the years, by the shopper's calendar.",
            (by.MONTH, month, 0),
        )
