"""A segment as a person, and what usually helps with such people: sentences made of its means.

The plays are rules of thumb of retailers. They go by what the segment's customers do against
everybody, never by its name, so that a renamed segment keeps its play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.dashboard.pictures.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.queries.labels import Labelled
    from app.queries.views import SegmentView

    Means = Mapping[str, float]

OFTEN, SELDOM = 1.35, 0.7
"""How many times everybody's mean is said to be more, or less."""

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


@dataclass(frozen=True, slots=True)
class Play:
    """What to do, and what it is for."""

    aim: str
    what: str


def play(segment: SegmentView, everybody: Means) -> Play:
    """The first of the plays that fits what the segment's customers do."""
    if not segment.means:
        return Play("Nothing to do", "Nobody is in it at the moment.")
    return next(play for fits, play in PLAYS if fits(segment, _Against(segment.means, everybody)))


@dataclass(frozen=True, slots=True)
class _Against:
    means: Means
    everybody: Means

    def more(self, feature: str) -> bool:
        return self.means[feature] > OFTEN * self.everybody[feature]

    def less(self, feature: str) -> bool:
        return self.means[feature] < SELDOM * self.everybody[feature]


PLAYS: tuple[tuple[Callable[[SegmentView, _Against], bool], Play], ...] = (
    (
        lambda segment, _: segment.segment_id.endswith("-dormant"),
        Play(
            "Win back, once",
            "One good reason to return, addressed to those who spent most; then leave them in "
            "peace: mail to people who are gone costs money and reputation.",
        ),
    ),
    (
        lambda segment, _: segment.segment_id.endswith("-no-net-spend"),
        Play(
            "Look into the returns",
            "Find out what came back and why before anything is sent to them.",
        ),
    ),
    (
        lambda _, than: than.more("orders_decayed") and than.more("spend_decayed"),
        Play(
            "Keep",
            "Thank them, let them in early, ask them for reviews. No discounts: they buy without.",
        ),
    ),
    (
        lambda _, than: than.more("discount_ratio"),
        Play(
            "Earn the full price",
            "Point them to value and bundles; keep reductions small, few and with an end.",
        ),
    ),
    (
        lambda _, than: than.more("recency_days") and not than.less("spend"),
        Play(
            "Win back now",
            "They were worth much and have fallen silent: a personal reminder of what they used "
            "to buy, soon.",
        ),
    ),
    (
        lambda _, than: than.less("tenure_days") and not than.more("recency_days"),
        Play(
            "Bring about the next order",
            "They are new: a welcome, help with the first purchase, something that goes with it.",
        ),
    ),
    (
        lambda _, than: than.more("average_order_value"),
        Play(
            "Make it more often",
            "They buy much at a time and seldom: remind them when stocks run out, offer delivery "
            "on a rhythm.",
        ),
    ),
    (
        lambda _, than: than.less("average_order_value"),
        Play(
            "Make baskets larger",
            "Suggest what goes together; free delivery just above what they usually spend.",
        ),
    ),
    (
        lambda _, than: than.less("spend_decayed"),
        Play(
            "Little and cheaply",
            "Newsletter and season's offers; spend no more on them than they bring.",
        ),
    ),
    (
        lambda *_: True,
        Play(
            "Bring them further",
            "They come regularly: points or a small reward for the next order take them up.",
        ),
    ),
)


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
