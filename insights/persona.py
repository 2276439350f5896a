"""A segment as one person: sentences made of its means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from snapshot.naming.words import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    Means = Mapping[str, float]

HABITS = {
    "night_ratio": "at night",
    "weekend_ratio": "at weekends",
    "discount_ratio": "at a discount",
}
NEEDED = (
    "orders",
    "average_order_value",
    "basket_size",
    "interpurchase_days",
    "recency_days",
    "return_ratio",
    *HABITS,
)
"""The features that it is made of."""

LEAST_TOLD = 0.02


def persona(means: Means) -> str:
    """What one of them does, on average; empty where one of the features isn't known.

    >>> persona({"orders": 12.0, "average_order_value": 55.0, "basket_size": 6.2,
    ...     "interpurchase_days": 9.0, "recency_days": 3.0, "night_ratio": 0.2,
    ...     "weekend_ratio": 0.3, "discount_ratio": 0.0, "return_ratio": 0.04})
    ... # doctest: +NORMALIZE_WHITESPACE
    'Has placed 12 orders so far, one every 9 days, of 55 and 6.2 pieces each; the last one was 3
    days ago. Buys 20 % at night, 30 % at weekends; 4 % of the lines are returns.'
    >>> persona({"orders": 1.0})
    ''
    """
    if any(name not in means for name in NEEDED):
        return ""
    said = _bought(means) if number(means["orders"]) != "0" else "Has kept no order so far."
    return " ".join(part for part in (said, _habits(means)) if part)


def _bought(means: Means) -> str:
    orders = _counted(means["orders"], "order")
    several = means["orders"] >= 2
    pace = f", one every {_days(means['interpurchase_days'])}" if several else ""
    silent = _days(means["recency_days"])
    each = "" if orders == "1 order" else " each"
    return (
        f"Has placed {orders} so far{pace}, of {number(means['average_order_value'])} and "
        f"{_counted(means['basket_size'], 'piece')}{each}; the last one was "
        f"{'a day' if silent == 'day' else silent} ago."
    )


def _habits(means: Means) -> str:
    told = [
        f"{percent(means[name])} {said}" for name, said in HABITS.items() if _tells(means, name)
    ]
    back = f"{percent(means['return_ratio'])} of the lines are returns"
    said = [
        f"buys {', '.join(told)}" if told else "",
        back if _tells(means, "return_ratio") else "",
    ]
    joined = "; ".join(part for part in said if part)
    return f"{joined[0].upper()}{joined[1:]}." if joined else ""


def _tells(means: Means, name: str) -> bool:
    return means[name] >= LEAST_TOLD


def _counted(value: float, one: str) -> str:
    said = number(value)
    return f"{said} {one}{'s' * (said != '1')}"


def _days(value: float) -> str:
    said = number(value)
    if value < 1 and said != "1":
        return "less than a day"
    return "day" if said == "1" else f"{said} days"
