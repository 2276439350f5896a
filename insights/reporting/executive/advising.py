"""What to do next: the plays of the segments, first of those that changed or that matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insights.playbook.budget import split
from insights.playbook.kinds import kind_of
from insights.reporting.executive.drifting import own_shift
from insights.reporting.executive.figures import AT_RISK
from insights.reporting.executive.report import Advice
from insights.reporting.executive.standing import means_of
from snapshot.naming.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from insights.playbook.plays import Play
    from insights.reporting.executive.report import SegmentPart
    from insights.reporting.executive.seen import Story

MUCH_REVENUE = 0.4
"""A segment that brings so large a part of it matters whatever happens."""


def advice_of(story: Story, segments: Sequence[SegmentPart]) -> tuple[Advice, ...]:
    """A play a segment that anybody is in; those with most reasons first."""
    there = [one for one in segments if one.customers]
    plays = _plays(story, there)
    budgets = split({segment: play.budget for segment, play in plays.items()})
    drift = story.now.drift_of(story.main_lens)
    shifts = {one.segment.id: own_shift(one) for one in drift.segments} if drift else {}
    found = [
        Advice(
            segment=one.id,
            name=one.name,
            why=tuple(_why(one, shifts.get(one.id, 0.0))),
            strategy=plays[one.id].strategy,
            actions=plays[one.id].actions,
            channels=plays[one.id].channels,
            discount=plays[one.id].discount,
            budget=budgets[one.id],
        )
        for one in there
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.why), -one.budget)))


def _plays(story: Story, segments: Sequence[SegmentPart]) -> dict[str, Play]:
    at = story.now.lens(story.main_lens)
    if at is None:
        return {}
    means, everybody = means_of(story.now, at)
    by_id = {ref.id: one for ref, one in zip(at.segments, means, strict=True)}
    return {
        one.id: story.playbook.of(one.name, kind_of(one.id, by_id[one.id], everybody))
        for one in segments
    }


def _why(one: SegmentPart, shift: float) -> Iterator[str]:
    if not one.is_learned:
        return
    if one.is_new:
        yield "it is new"
    if shift:
        yield f"its share {'grew' if shift > 0 else 'shrank'} more than chance makes"
    if one.revenue_share is not None and one.revenue_share >= MUCH_REVENUE:
        yield f"it brought {percent(one.revenue_share)} of the revenue"
    if one.churn_risk is not None and one.churn_risk >= AT_RISK:
        yield f"a customer of it falls silent with a chance of {percent(one.churn_risk)}"
