"""The key figures of a period, each with what changed and how much of that chance would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from insights.reporting.executive.report import Change, Figure, Unit
from insights.reporting.executive.seen import are_in
from insights.reporting.executive.spending import (
    chance_in_mean,
    chance_in_sum,
    rows_of,
    spent_between,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from insights.arrays import Floats
    from insights.reporting.executive.seen import Seen, Story
    from insights.reporting.executive.spending import Spent

AT_RISK = 0.5
"""From which chance of staying silent on a customer is counted as at risk."""

NO_PERIOD = "It takes two snapshots, and this is the first."


def figures_of(story: Story, spent: Spent | None) -> tuple[Figure, ...]:
    """`spent` is what customers did in the period."""
    before = _spent_before(story)
    return (*_people(story), *_flows(story, spent, before), *_expected(story), _agreement(story))


def change(now: float, before: float, noise: float | None = None) -> Change:
    """
    >>> change(12.0, 10.0).ratio, change(3.0, 0.0).ratio
    (0.2, None)
    """
    difference = now - before
    return Change(before, difference, difference / before if before > 0 else None, noise)


def _spent_before(story: Story) -> Spent | None:
    """In the period before this one, a row a customer of now."""
    if story.before is None or story.earlier is None:
        return None
    spent = spent_between(story.earlier, story.before)
    if spent is None:
        return None
    return spent.of(rows_of(story.now.moment.table.ids, story.before.moment.table.ids))


def _people(story: Story) -> Iterator[Figure]:
    now = len(story.now.moment)
    changed = change(now, len(story.before.moment)) if story.before else None
    yield Figure("customers", "customers known", Unit.COUNT, now, changed)
    active, were = (_active(story, seen) for seen in (story.now, story.before))
    changed = None if active is None or were is None else change(active, were)
    note = "" if active is not None else "There are no segments yet."
    yield Figure("active", "of them active", Unit.COUNT, active, changed, note)


def _active(story: Story, seen: Seen | None) -> float | None:
    """In a segment that no rule makes."""
    lens = seen.lens(story.main_lens) if seen else None
    if lens is None:
        return None
    learned = frozenset(ref.id for ref in lens.segments) - story.rules(story.main_lens)
    return float(are_in(lens, learned).sum())


def _flows(story: Story, spent: Spent | None, before: Spent | None) -> Iterator[Figure]:
    yield _sum("buyers", "bought something", Unit.COUNT, story, _bought(spent), _bought(before))
    orders, orders_before = (each.orders if each else None for each in (spent, before))
    yield _sum("orders", "orders", Unit.COUNT, story, orders, orders_before)
    revenue, revenue_before = (each.revenue if each else None for each in (spent, before))
    yield _sum("revenue", "revenue", Unit.MONEY, story, revenue, revenue_before)
    yield _order_value(story, spent, before)


def _bought(spent: Spent | None) -> Floats | None:
    return None if spent is None else spent.bought.astype(np.float64)


def _sum(
    name: str, label: str, unit: Unit, story: Story, now: Floats | None, before: Floats | None
) -> Figure:
    if now is None:
        return Figure(name, label, unit, None, None, _why_no_flow(story))
    changed = None
    if before is not None:
        changed = change(float(now.sum()), float(before.sum()), chance_in_sum(now, before))
    return Figure(name, label, unit, float(now.sum()), changed)


def _order_value(story: Story, spent: Spent | None, before: Spent | None) -> Figure:
    name, label = "order_value", "an order, on average"
    value, was = (_mean_order(each) for each in (spent, before))
    if value is None or spent is None:
        note = "There were no orders." if spent else _why_no_flow(story)
        return Figure(name, label, Unit.MONEY, None, None, note)
    changed = None
    if was is not None and before is not None:
        changed = change(value, was, chance_in_mean(spent, before))
    return Figure(name, label, Unit.MONEY, value, changed)


def _mean_order(spent: Spent | None) -> float | None:
    orders = float(spent.orders.sum()) if spent else 0.0
    return float(spent.revenue.sum()) / orders if spent and orders > 0 else None


def _why_no_flow(story: Story) -> str:
    return NO_PERIOD if story.before is None else "The snapshots don't have it."


def _expected(story: Story) -> Iterator[Figure]:
    weeks = _weeks(story.now)
    label = f"expected spend, {weeks:g} weeks" if weeks else "expected spend"
    now, before = (_total(seen, "clv") for seen in (story.now, story.before))
    why = "Expected spend is not known at this snapshot." if now is None else ""
    same = weeks is not None and story.before is not None and _weeks(story.before) == weeks
    changed = change(now, before) if same and now is not None and before is not None else None
    yield Figure("clv", label, Unit.MONEY, now, changed, why)
    risk, was = (_at_risk(story, seen) for seen in (story.now, story.before))
    why = "The risk of losing customers is not known at this snapshot." if risk is None else ""
    changed = change(risk, was) if risk is not None and was is not None else None
    yield Figure("at_risk", "of the active at risk", Unit.SHARE, risk, changed, why)


def _weeks(seen: Seen) -> float | None:
    lifetime = seen.insights.lifetime if seen.insights else None
    return lifetime.weeks if lifetime else None


def _total(seen: Seen | None, name: str) -> float | None:
    score = seen.score(name) if seen else None
    return None if score is None else float(np.nansum(score))


def _at_risk(story: Story, seen: Seen | None) -> float | None:
    """Of active customers whose risk is known; dormant ones are lost by their own rule."""
    risk = seen.score("churn_risk") if seen else None
    lens = seen.lens(story.main_lens) if seen else None
    if risk is None or lens is None:
        return None
    learned = frozenset(ref.id for ref in lens.segments) - story.rules(story.main_lens)
    known = risk[are_in(lens, learned) & ~np.isnan(risk)]
    return float((known >= AT_RISK).mean()) if len(known) else None


def _agreement(story: Story) -> Figure:
    """The segments that people see against what a batch clustering of the moment finds."""
    now, before = (_agreed(story, seen) for seen in (story.now, story.before))
    changed = change(now, before) if now is not None and before is not None else None
    note = "" if now is not None else "There was no model to compare with."
    label = "in the segment a fresh clustering finds"
    return Figure("agreement", label, Unit.SHARE, now, changed, note)


def _agreed(story: Story, seen: Seen | None) -> float | None:
    drift = seen.drift_of(story.main_lens) if seen else None
    found = (drift.published_agreement or drift.agreement) if drift else None
    return found.share if found else None
