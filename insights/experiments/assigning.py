"""Who gets what: by a hash of experiment and customer, even within each segment.

The same customers get the same arms on any machine. Within a segment they are put in the order of
their hashes and cut at the shares, so that no segment is uneven by more than one customer; who
comes later is cut by the hash alone, and gets the same arm whenever asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xxhash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from insights.arrays import Floats, Ints
    from insights.experiments.plan import Plan

ALL_HASHES = 2.0**64


def assign(plan: Plan, customers: Sequence[str], segments: Sequence[str]) -> Ints:
    """Each customer's arm by its place in the plan."""
    hashes, of = _hashes(plan, customers), np.asarray(segments)
    arms = np.zeros(len(customers), np.int64)
    for segment in np.unique(of):
        rows = np.flatnonzero(of == segment)
        ordered = rows[np.argsort(hashes[rows], kind="stable")]
        arms[ordered] = _cut(plan, (np.arange(len(rows)) + 0.5) / len(rows))
    return arms


def assign_later(plan: Plan, customers: Sequence[str]) -> Ints:
    """The arms of customers who were not there when the experiment began."""
    return _cut(plan, _hashes(plan, customers) / ALL_HASHES)


def _cut(plan: Plan, places: Floats) -> Ints:
    bounds = np.cumsum([arm.share for arm in plan.arms])[:-1]
    return np.searchsorted(bounds, places, side="right").astype(np.int64)


def _hashes(plan: Plan, customers: Sequence[str]) -> NDArray[np.uint64]:
    start = f"{plan.name}\0".encode()
    return np.fromiter(
        (xxhash.xxh3_64_intdigest(start + customer.encode()) for customer in customers),
        np.uint64,
        len(customers),
    )
