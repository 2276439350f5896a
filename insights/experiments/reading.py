"""What came of an experiment: lifts with intervals that hold however often one looks.

An interval made for one look at the end finds something in nothing once one looks every day. These
are of the mixture sequential test (Johari, Pekelis and Walsh 2015): with a probability of 95 % the
truth lies in all of them, at every look; a few looks cost about half as much width again.
Segments are corrected for being several (Bonferroni), and an experiment whose arms have other
sizes than planned is said to be broken before anything is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chisquare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from insights.arrays import Floats, Ints
    from insights.experiments.plan import Plan

ALPHA = 0.05
BROKEN = 0.001
"""A sample ratio this unlikely is no chance."""

LEAST = 30
"""Customers an arm under which a mean's error is not known well enough to say anything."""


@dataclass(frozen=True, slots=True)
class Lift:
    """One arm's mean against the first's."""

    arm: str
    segment: str | None
    """None: everybody."""

    customers: tuple[int, int]
    """Of the first arm, and of this one."""

    means: tuple[float, float]
    lift: float
    low: float
    high: float
    """Of the difference; with too few customers anything is possible."""

    relative: float | None
    """None where the first arm's mean is 0."""

    @property
    def is_sure(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Reading:
    ratio_p: float
    """How likely arms of such sizes are, with the shares as planned."""

    lifts: tuple[Lift, ...]
    """Everybody first, then segment by segment."""

    @property
    def is_broken(self) -> bool:
        return self.ratio_p < BROKEN


def read(plan: Plan, arms: Ints, segments: Sequence[str], outcomes: Floats) -> Reading:
    """Outcomes are a number a customer: 1 or 0 for who bought, or money spent."""
    of, names = np.asarray(segments), sorted(set(segments))
    everybody = _lifts(plan, arms, outcomes, None, ALPHA)
    among = [
        lift
        for name in names
        for lift in _lifts(
            plan, arms[of == name], outcomes[of == name], name, ALPHA / max(len(names), 1)
        )
    ]
    return Reading(_ratio_p(plan, arms), (*everybody, *among))


def _ratio_p(plan: Plan, arms: Ints) -> float:
    if not len(arms):
        return 1.0
    counts = np.bincount(arms, minlength=len(plan.arms))
    planned = np.array([arm.share for arm in plan.arms]) * len(arms)
    return float(chisquare(counts, planned).pvalue)


def _lifts(
    plan: Plan, arms: Ints, outcomes: Floats, segment: str | None, alpha: float
) -> list[Lift]:
    first = outcomes[arms == 0]
    alpha_each = alpha / (len(plan.arms) - 1)
    return [
        _lift(plan, arm.name, segment, first, outcomes[arms == place], alpha_each)
        for place, arm in enumerate(plan.arms)
        if place
    ]


def _lift(
    plan: Plan, arm: str, segment: str | None, first: Floats, other: Floats, alpha: float
) -> Lift:
    means = (_mean(first), _mean(other))
    lift = means[1] - means[0]
    half = _half_width(first, other, plan.lift * abs(means[0]), alpha)
    return Lift(
        arm,
        segment,
        (len(first), len(other)),
        means,
        lift,
        lift - half,
        lift + half,
        lift / means[0] if means[0] else None,
    )


def _half_width(first: Floats, other: Floats, expected: float, alpha: float) -> float:
    """Of the mixture over lifts as large as the one planned for."""
    if min(len(first), len(other)) < LEAST:
        return float("inf")
    error = first.var(ddof=1) / len(first) + other.var(ddof=1) / len(other)
    if error == 0:
        return 0.0
    mixed = expected**2 or error
    both = error + mixed
    return float(np.sqrt(error * both / mixed * np.log(both / error / alpha**2)))


def _mean(outcomes: Floats) -> float:
    return float(outcomes.mean()) if len(outcomes) else 0.0
