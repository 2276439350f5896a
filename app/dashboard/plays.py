"""What usually helps with a segment: its play of the playbook, and its part of a budget for all.

A segment has the play of its name. One that people named themselves has that of the kind that its
customers are like, so that renaming a segment changes nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from insights.playbook.budget import split
from insights.playbook.kinds import kind_of
from insights.playbook.plays import playbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.queries.views import SegmentView
    from insights.playbook.plays import Play

    Means = Mapping[str, float]


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
    plays = {
        one.segment_id: book.of(one.name, kind_of(one.segment_id, one.means, everybody))
        for one in views
    }
    budgets = split({segment: play.budget for segment, play in plays.items()})
    return {segment: Advice(play, budgets[segment]) for segment, play in plays.items()}


def means_of_all(views: Sequence[SegmentView]) -> dict[str, float]:
    """Of everybody who is in a segment."""
    customers = sum(one.customers for one in views)
    return {
        name: sum(one.means[name] * one.customers for one in views) / customers
        for name in views[0].means
    }
