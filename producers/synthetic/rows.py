"""One planted line as numbers, before it gets its words: what the days hand to each other.

A row knows when it happens and when it arrives, and its marks say what was planted in it, so
that the truth is counted from the rows that really went out.
"""

from enum import IntFlag

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Mark(IntFlag):
    RETURN = 1
    CANCELLATION = 2
    DUPLICATE = 4
    LATE = 8
    TOO_LATE = 16
    OUT_OF_ORDER = 32
    NO_CUSTOMER = 64
    BAD_DATE = 128
    NOT_A_NUMBER = 256
    NEGATIVE_PRICE = 512


DIRTY = Mark.NO_CUSTOMER | Mark.BAD_DATE | Mark.NOT_A_NUMBER | Mark.NEGATIVE_PRICE
REVERSED = Mark.RETURN | Mark.CANCELLATION

ROW = np.dtype(
    [
        ("arrives_s", np.int64),  # seconds since 1970, UTC
        ("occurred_s", np.int64),
        ("order", np.int64),
        ("line", np.int32),  # from 1, within its order
        ("customer", np.int32),
        ("product", np.int32),
        ("quantity", np.int32),
        ("price_cents", np.int32),
        ("discount_cents", np.int32),  # off the whole line
        ("offset_minutes", np.int16),
        ("marks", np.uint16),
        ("kind", np.uint8),
    ]
)


def no_rows() -> Rows:
    return np.empty(0, dtype=ROW)


def has(rows: Rows, mark: Mark) -> npt.NDArray[np.bool_]:
    marked: npt.NDArray[np.bool_] = (rows["marks"] & int(mark)) != 0
    return marked


def pick(cumulative: Floats, group: npt.NDArray[np.integer], chance: Floats) -> Integers:
    """For each chance the column it falls in, in its group's row of cumulative shares.

    >>> pick(np.array([[0.5, 1.0], [0.1, 1.0]]), np.array([0, 1]), np.array([0.4, 0.4]))
    array([0, 1])
    """
    groups, columns = cumulative.shape
    steps = (cumulative + np.arange(groups)[:, None]).ravel()
    found = np.searchsorted(steps, group + chance, side="right") - group.astype(np.int64) * columns
    places: Integers = np.clip(found, 0, columns - 1)
    return places


def cumulative_shares(weights: Floats) -> Floats:
    """Rows of weights as rows of cumulative shares that end at exactly 1."""
    sums = np.cumsum(weights, axis=-1)
    shares: Floats = sums / sums[..., -1:]
    return shares
