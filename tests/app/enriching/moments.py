"""Moments of customers with segments, as a snapshot hands them to those who look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snapshot.moment import LensAt, Moment
from snapshot.table import CustomerTable
from stream.contracts.segment import SegmentRef
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

SEGMENTS = (SegmentRef(id="value-1", name="Champions"), SegmentRef(id="value-2", name="Loyal"))


def moment_at(instant_ms: int, ids: Sequence[str], codes: Sequence[int] = ()) -> Moment:
    """`codes` are the places of their segments, -1 for none."""
    count, given = len(ids), sorted(range(len(ids)), key=ids.__getitem__)
    published = np.array([codes[at] for at in given] if codes else [-1] * count, np.int64)
    table = CustomerTable(
        tuple(sorted(ids)),
        (),
        np.empty((count, 0)),
        np.full(count, NEVER),
        instant_ms,
        instant_ms,
    )
    lens = LensAt(1, SEGMENTS, published, ())
    return Moment(table, np.zeros(count, np.int64), 1, {"value": lens})
