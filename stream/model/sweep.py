"""The daily sweep: at midnight the centroids learn, and every customer is looked at again.

Customers who do nothing move here: their decayed sums shrink, and after 90 days they are dormant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.model.arrays import NONE, Standings
from stream.model.everybody import Moves, placed, settled
from stream.model.learning import order_of_day
from stream.times import DAY_MS

if TYPE_CHECKING:
    from stream.model.arrays import Floats, Hashes, Ints
    from stream.model.learners import Learner
    from stream.model.lens import Lens

MOST_SWEEPS = 32


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep comes to: who moves (all with the cause `time`), and the lens from now on."""

    moves: Moves
    lens: Lens
    active: int
    """How many customers no rule took out; what the step of learning followed from."""


def midnights(last_ms: int | None, now_ms: int, most: int = MOST_SWEEPS) -> list[int]:
    """The midnights (UTC) to sweep at when event time goes on; of a long leap the last ones only.

    A midnight is crossed by reaching it. Where there was no time before there is none to cross.

    >>> midnights(0, DAY_MS - 1), midnights(0, DAY_MS), midnights(DAY_MS, 3 * DAY_MS + 5)
    ([], [86400000], [172800000, 259200000])
    >>> [at // DAY_MS for at in midnights(0, 1000 * DAY_MS)][::31]
    [969, 1000]
    """
    if last_ms is None:
        return []
    first, last = last_ms // DAY_MS + 1, now_ms // DAY_MS
    return [day * DAY_MS for day in range(max(first, last - most + 1), last + 1)]


def sweep(
    lens: Lens,
    features: Floats,
    last_purchase_ms: Ints,
    standings: Standings,
    customer_hashes: Hashes,
    at_ms: int,
    learner: Learner | None = None,
) -> Swept:
    """One midnight of one partition: learn from every active customer, then look at everyone.

    A row each of customers who are there, in any order: `features` at that instant with the
    columns of `lens.needs`, the last purchase (`NEVER` for none), xxh3 of the id. Nothing given
    is changed; who has no segment yet teaches but is left alone: the first order brings it.
    """
    points, current = placed(lens, features, last_purchase_ms, at_ms)
    active = np.flatnonzero(current == NONE)
    if learner is not None and len(active):
        order = active[order_of_day(customer_hashes[active], at_ms // DAY_MS)]
        lens = _taught(lens, learner, points, active, order)
    moves = settled(lens, points, current, standings, last_purchase_ms, at_ms, by_rule=True)
    return Swept(moves, lens, len(active))


def _taught(lens: Lens, learner: Learner, points: Floats, active: Ints, order: Ints) -> Lens:
    """With the day's points side by side in the order that they are learned in."""
    ordered = points.take(order, axis=0)
    return lens.with_shapes(learner.learn(lens.shapes, ordered, np.arange(len(active))))
