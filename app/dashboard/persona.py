"""A segment as a person: sentences made of its means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.dashboard.pictures.words import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.labels import Labelled

    Means = Mapping[str, float]

HABITS = {
    "night_ratio": "at night",
    "weekend_ratio": "at weekends",
    "discount_ratio": "at a discount",
}
LEAST_TOLD = 0.02
LEAST_COMMON = 0.2


def persona(means: Means) -> str:
    """What one of them does, on average.

    >>> persona({"orders": 12.0, "average_order_value": 55.0, "basket_size": 6.2,
    ...     "interpurchase_days": 9.0, "recency_days": 3.0, "night_ratio": 0.2,
    ...     "weekend_ratio": 0.3, "discount_ratio": 0.0, "return_ratio": 0.04})
    ... # doctest: +NORMALIZE_WHITESPACE
    'Has placed 12 orders so far, one every 9 days, of 55 and 6.2 pieces each; the last one was 3
    days ago. Buys 20% at night, 30% at weekends; brings 4% of it back.'
    """
    pace = f", one every {_days(means['interpurchase_days'])}" if means["orders"] >= 2 else ""
    bought = (
        f"Has placed {_counted(means['orders'], 'order')} so far{pace}, of "
        f"{number(means['average_order_value'])} and {_counted(means['basket_size'], 'piece')} "
        f"each; the last one was {_days(means['recency_days'])} ago."
    )
    return " ".join(part for part in (bought, _habits(means)) if part)


def commonest(labels: Sequence[Labelled]) -> str:
    """The labels that a fifth or more of them share.

    >>> from app.queries.labels import Labelled
    >>> commonest([Labelled("Norway", 60), Labelled(None, 30), Labelled("Spain", 10)])
    'Norway (60%)'
    """
    everybody = sum(one.customers for one in labels)
    common = [one for one in labels if one.label and one.customers >= LEAST_COMMON * everybody]
    return ", ".join(f"{one.label} ({one.customers / everybody:.0%})" for one in common)


def _habits(means: Means) -> str:
    told = [f"{means[name]:.0%} {said}" for name, said in HABITS.items() if _worth(means, name)]
    back = f"brings {means['return_ratio']:.0%} of it back" if _worth(means, "return_ratio") else ""
    said = [f"buys {', '.join(told)}" if told else "", back]
    joined = "; ".join(part for part in said if part)
    return f"{joined[0].upper()}{joined[1:]}." if joined else ""


def _worth(means: Means, name: str) -> bool:
    return means[name] >= LEAST_TOLD


def _counted(value: float, one: str) -> str:
    said = number(value)
    return f"{said} {one}{'s' * (said not in ('1', '1.0'))}"


def _days(value: float) -> str:
    return "less than a day" if value < 1 else _counted(value, "day")
