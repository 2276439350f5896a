"""What an alert is held against: a default, what chance makes, and the service's own quiet weeks.

The largest of the three counts, so that a small shop and a restless one aren't told every week of
what is usual with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_QUIET_WEEKS = 8
"""Fewer say too little of what is usual."""

USUAL_DEVIATIONS = 2.5
"""How far from its own usual value something has to lie, in robust standard deviations."""

SHARE_ERRORS, ORDER_VALUE_ERRORS, TRACKING_ERRORS = 2.5, 3.0, 3.0
"""How far beyond chance, in standard errors."""

NORMAL_MAD = 1.4826
"""A normal distribution's standard deviation by its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What alerts begin at."""

    share_log_ratio: float = 0.10
    """A segment's share within a week, either way."""

    order_value_effect: float = 0.3
    """Order value within a segment in 28 days, in standard deviations, either way."""

    agreement: float = 0.85
    """The share of active customers whom running centroids put where the batch does."""

    tracking_loss: float = 0.02
    """How much learning may cost of that share: less is the luck of the day."""

    least_customers: int = 30
    """A segment with fewer says nothing."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a service's own weeks show."""

    centre: float
    reach: float
    """How far from the centre is still usual."""


def usual(values: Sequence[float]) -> Usual | None:
    """Of quiet weeks; None while there are too few.

    >>> usual([0.1] * 7), usual([0.1] * 8)
    (None, Usual(centre=0.1, reach=0.0))
    """
    if len(values) < LEAST_QUIET_WEEKS:
        return None
    centre = float(np.median(values))
    deviation = float(np.median(np.abs(np.array(values) - centre))) * NORMAL_MAD
    return Usual(centre, USUAL_DEVIATIONS * deviation)
