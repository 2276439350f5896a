"""Whether records are addressed as they say: their keys held against their customers, compiled.

Apart because it looks at the records' own keys, which nothing else that reads lines does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.contracts.columns import Columns
    from stream.log.batch import Bytes, Ints, Records


def keys_differ(records: Records, columns: Columns) -> NDArray[np.bool_]:
    """Which lines are by another customer than their record's key says, or have no key."""
    customers, lines = columns.customer_id, columns.is_line
    return _differ(records.buffer, *records.keys, columns.buffer, *customers, lines)


@compiled
def _differ(
    data: Bytes,
    starts: Ints,
    lengths: Ints,
    others: Bytes,
    other_starts: Ints,
    other_lengths: Ints,
    is_line: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    differ = np.zeros(len(starts), np.bool_)
    for i in range(len(starts)):
        if is_line[i]:
            length = other_lengths[i]
            differ[i] = lengths[i] != length or not _are_equal(
                bare(data), starts[i], bare(others), other_starts[i], length
            )
    return differ


@compiled
def _are_equal(data: Bytes, start: int, other: Bytes, other_start: int, length: int) -> bool:
    equal = 0
    while equal < length and data[start + equal] == other[other_start + equal]:
        equal += 1
    return equal == length
