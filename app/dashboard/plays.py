"""What usually helps with a segment: its play of the playbook, and its part of a budget for all.

A segment has the play of its name. One that people named themselves has that of the kind that its
customers are like, so that renaming a segment changes nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.playbook.budget import split
from insights.playbook.plays import playbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.queries.views import SegmentView
    from insights.playbook.plays import Play

    Means = Mapping[str, float]

OFTEN, SELDOM = 1.35, 0.7
"""How many times everybody's mean is said to be more, or less."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A play, and the percentage of a budget that it takes beside the other segments' plays."""

    play: Play
    budget: float

    @property
    def means(self) -> str:
        """With what, at what cost."""
        low, high = self.play.discount
        discount = f"{low:g}–{high:g}% off" if high else "no discount"
        return f"By {', '.join(self.play.channels)} · {discount} · {self.budget:g}% of a budget"


def advice(views: Sequence[SegmentView], everybody: Means) -> dict[str, Advice]:
    """For each segment, by its id."""
    book = playbook()
    plays = {one.segment_id: book.of(one.name, kind_of(one, everybody)) for one in views}
    budgets = split({segment: play.budget for segment, play in plays.items()})
    return {segment: Advice(play, budgets[segment]) for segment, play in plays.items()}


def kind_of(segment: SegmentView, everybody: Means) -> str:
    """The name that a segment of such customers usually has."""
    if not segment.means:
        return "Average"
    against = _Against(segment.means, everybody)
    return next(kind for kind, fits in KINDS if fits(segment, against))


@dataclass(frozen=True, slots=True)
class _Against:
    means: Means
    everybody: Means

    def more(self, feature: str) -> bool:
        return self.means[feature] > OFTEN * self.everybody[feature]

    def less(self, feature: str) -> bool:
        return self.means[feature] < SELDOM * self.everybody[feature]


KINDS: tuple[tuple[str, Callable[[SegmentView, _Against], bool]], ...] = (
    ("Dormant", lambda segment, _: segment.segment_id.endswith("-dormant")),
    ("No net spend", lambda segment, _: segment.segment_id.endswith("-no-net-spend")),
    ("Champions", lambda _, than: than.more("orders_decayed") and than.more("spend_decayed")),
    ("Discount Hunters", lambda _, than: than.more("discount_ratio")),
    ("At Risk", lambda _, than: than.more("recency_days") and not than.less("spend")),
    ("New", lambda _, than: than.less("tenure_days") and not than.more("recency_days")),
    ("Big Baskets", lambda _, than: than.more("average_order_value")),
    ("Small Baskets", lambda _, than: than.less("average_order_value")),
    ("Occasional Shoppers", lambda _, than: than.less("spend_decayed")),
    ("Regulars", lambda *_: True),
)
