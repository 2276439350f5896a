"""Features as people call them; their numbers as people write them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from consumers.sink.schema import column_of
from stream.profile.catalogue import catalogue

if TYPE_CHECKING:
    from stream.profile.feature_table import Feature

BEHAVIOUR = (
    "recency_days",
    "orders",
    "spend",
    "average_order_value",
    "basket_size",
    "interpurchase_days",
    "regularity",
    "distinct_products",
    "night_ratio",
    "weekend_ratio",
    "discount_ratio",
    "return_ratio",
)
"""What a customer does in twelve numbers, none of which is another one's sum or window."""

PLAIN = {
    "recency_days": "days since last order",
    "tenure_days": "days known",
    "orders": "orders",
    "spend": "spend",
    "average_order_value": "order value",
    "basket_size": "pieces an order",
    "interpurchase_days": "days between orders",
    "regularity": "regularity",
    "distinct_products": "different products",
    "distinct_categories": "different categories",
    "night_ratio": "share at night",
    "weekend_ratio": "share at weekends",
    "discount_ratio": "share at a discount",
    "return_ratio": "share returned",
    "orders_decayed": "orders lately",
    "spend_decayed": "spend lately",
    "lines_decayed": "lines lately",
    "steady_orders_decayed": "steady orders",
    "steady_spend_decayed": "steady spend",
    "steady_lines_decayed": "steady lines",
    "night_share_decayed": "orders at night lately",
    "weekend_share_decayed": "weekend orders lately",
    "discount_share_decayed": "discounted orders lately",
    "clv": "lifetime value",
    "churn_risk": "risk of silence",
    "probability_alive": "chance to be one still",
}


def plainly(feature: str) -> str:
    """A feature, or its column, in words.

    >>> plainly("spend_d90"), plainly("orders_w30")
    ('spend lately', 'orders w30')
    """
    return PLAIN.get(column_of(feature), feature.replace("_", " "))


@lru_cache(maxsize=1)
def by_column() -> dict[str, Feature]:
    """The catalogue by the columns that its features are in."""
    return {column_of(feature.name): feature for feature in catalogue()}


def number(value: float, unit: str = "") -> str:
    """Short, as it is read and not as it is kept.

    >>> number(0.2841, "share"), number(1234567.0), number(41.26), number(3.2), number(0.0)
    ('28%', '1.2M', '41', '3.2', '0')
    """
    if unit == "share":
        return f"{value:.0%}"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.1f}M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:,.0f}k"
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"
