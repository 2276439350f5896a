"""How a profile lies in memory: which fields a row has, and what each column of them counts.

Apart because kernel, reference, catalogue and blocks all read it. One row a customer, of fixed
size; `rows["sums"][:, SPEND]` is a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stream.profile.borrowing import inlined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]
    Codes = NDArray[np.uint32]
    Floats = NDArray[np.float64]
    Rows = NDArray[np.void]

MINUTE_MS = 60 * 1000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS
NEVER = -(2**63)
"""A time that has not come: no event was accepted, no purchase was made."""

FIRST, LAST = 0, 1
"""`times`: the first line of any kind, the last purchase."""

SPEND, RETURNED, UNITS = 0, 1, 2
"""`sums`: money kept, money given back on returns (negative), units bought."""

LINES, PURCHASES, RETURNS, TIMED, NIGHT, WEEKEND, DISCOUNTED, ORDERS, GAPS = range(9)
"""`counts`: all lines, then purchase lines, return lines, purchase lines whose time of day is
known, and those at night, at the weekend, with a discount; orders; gaps between orders."""

D_ORDERS, D_TIMED, D_NIGHT, D_WEEKEND, D_DISCOUNTED, D_SPEND, D_LINES = range(7)
"""`decayed`: orders (all, of known time, at night, at the weekend, with a discount), money kept
in ten-thousandths, purchase lines."""

WINDOW_WEEKS = {30: 5, 90: 13}
"""How many weekly buckets a window of so many days has, the present week's included."""
WEEKS = 14
"""Buckets kept: the longest window, and a week more for events that are ahead."""

PRODUCT_BITS, CATEGORY_BITS = 128, 64
FAVOURITES = 4
LARGEST_WEEK_E4 = 2**47 - 1
"""A week's money is kept in six bytes: 14 billion either way, and stays there beyond."""
MOST_E4 = 2**62 - 1
"""Sums of money and units stay there beyond: 461 trillion either way."""
MOST_COUNTED = 2**31 - 1
MOST_WEEKLY_ORDERS = 2**8 - 1
MOST_MONTHLY_ORDERS = 2**8 - 1
MOST_FAVOURED = 2**16 - 1


PROFILE = np.dtype(
    [
        ("key", np.uint64),  # xxh3 of the customer's id; 0 for one that was erased
        ("times", np.int64, 2),
        ("sums", np.int64, 3),
        ("decayed", np.float64, 7),
        ("bits", np.uint64, (PRODUCT_BITS + CATEGORY_BITS) // 64),  # two of products, one of
        ("counts", np.int32, 9),  # categories: linear counting
        ("gaps", np.float32, 2),  # hours between orders, and their squares, summed
        ("week_low", np.uint32, WEEKS),  # money kept in a week: its lower 32 bits, and the upper
        ("favourites", np.uint32, FAVOURITES),  # the categories bought most: space saving
        ("country", np.uint32),
        ("newest_order", np.int32),  # the customer's newest among the recent orders, or -1
        ("week_high", np.int16, WEEKS),
        ("favoured", np.uint16, FAVOURITES),  # how many lines of each
        ("newest_week", np.int16),  # with anything in it; week w is in bucket w mod `WEEKS`
        ("week_orders", np.uint8, WEEKS),
        ("months", np.uint8, 12),
        ("touched", np.bool_),  # changed since the last block: its row is in `State.touched`
    ],
    align=True,
)
"""A customer's row. Records, not a column for each field: an event touches most of a row, and
compiled code hands a record on for nothing, while each array costs as much as a line."""

Profile = Any
"""A record of `PROFILE`, in compiled code."""


@inlined
def begin(profile: Profile, customer: np.uint64) -> None:
    """Makes a profile of a row of nothing but zeros.

    Only when its customer comes: room that nobody has written to takes no memory.
    """
    profile.key = customer
    profile.times[FIRST] = profile.times[LAST] = NEVER
    profile.newest_order = -1


def empty_row() -> Rows:
    """A row without a customer."""
    made = np.zeros(1, PROFILE)
    made["times"], made["newest_order"] = NEVER, -1
    return made
