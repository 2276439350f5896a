"""How alike two segmentations of the same customers are, and what learning gained by it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.drift import Agreement
from stream.model.arrays import NONE

if TYPE_CHECKING:
    from snapshot.drift.standpoints import Standpoints
    from stream.model.arrays import Ints


@dataclass(frozen=True, slots=True)
class TrackingGain:
    """The share of customers whom running centroids put right, less that of frozen ones.

    `noise` is its standard error were customers independent, going by those whom only one of the
    two put right.
    """

    gain: float
    noise: float


def agreement(found: Ints, right: Ints) -> Agreement | None:
    """Customers without a segment (newcomers whom nobody looked at yet) are left out.

    >>> agreement(np.array([0, 0, 1, -1]), np.array([0, 0, 0, 1]))
    Agreement(share=0.6666666666666666, ari=0.0)
    """
    from sklearn.metrics import adjusted_rand_score

    there = found != NONE
    if not there.any():
        return None
    found, right = found[there], right[there]
    ari = float(adjusted_rand_score(right, found))
    return Agreement(share=float(np.mean(found == right)), ari=min(max(ari, -1.0), 1.0))


def tracking_gain(points: Standpoints) -> TrackingGain | None:
    """Against the batch's segments; None where nobody is active."""
    count = len(points.batch)
    if not count:
        return None
    running, frozen = points.running == points.batch, points.frozen == points.batch
    only_running = int(np.count_nonzero(running & ~frozen))
    only_frozen = int(np.count_nonzero(frozen & ~running))
    return TrackingGain(
        gain=(only_running - only_frozen) / count,
        noise=math.sqrt(only_running + only_frozen) / count,
    )
