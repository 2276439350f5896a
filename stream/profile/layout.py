"""How a profile lies in memory: which fields a row has, and what each column of them counts.

Apart because kernel, reference, catalogue and blocks all read it. One row a customer, of fixed
size; `rows["sums"][:, SPEND]` is a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stream.borrowing import inlined
from stream.times import DAY_MS as DAY_MS  # noqa: PLC0414 - some still take it from here
from stream.times import HOUR_MS as HOUR_MS  # noqa: PLC0414 - and this
from stream.times import NEVER as NEVER  # noqa: PLC0414 - and this

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Hashes = NDArray[np.uint64]
    Codes = NDArray[np.uint32]
    Floats = NDArray[np.float64]
    Rows = NDArray[np.void]

FIRST, LAST = 0, 1
"""`times`: the first line of any kind, the last purchase."""

SPEND, RETURNED, UNITS = 0, 1, 2
"""`sums`: money kept, money given back on returns (negative), units bought."""

LINES, PURCHASES, RETURNS, ORDERS = range(4)
"""`counts`: all lines, then purchase lines and return lines; orders."""

NIGHT, WEEKEND, DISCOUNTED, GAPS, TIMED = range(5)
"""`habits`: purchase lines at night, at the weekend, with a discount; gaps between orders;
purchase lines whose time of day is known."""

D_ORDERS, D_TIMED, D_NIGHT, D_WEEKEND, D_DISCOUNTED, D_SPEND, D_LINES = range(7)
"""`decayed`: orders (all, of known time, at night, at the weekend, with a discount), money kept
in ten-thousandths, purchase lines."""

WINDOW_WEEKS = {30: 5, 90: 13}
"""How many weekly buckets a window of so many days has, the present week's included."""
WEEKS = 14
"""Buckets kept: the longest window, and a week more for events that are ahead."""

PRODUCT_BITS, CATEGORY_BITS = 128, 64
FAVOURITES = 4
LARGEST_WEEK_E4 = 2**43 - 1
"""A week's money is kept in 44 bits: 880 million either way, and stays there beyond."""
MOST_E4 = 2**62 - 1
"""Sums of money and units stay there beyond: 461 trillion either way."""
MOST_COUNTED = 2**31 - 1
MOST_HABITS = 2**16 - 1
"""Habits are those of the first so many purchase lines, and of the first so many gaps."""
MOST_WEEKLY_ORDERS = 2**8 - 1
MOST_MONTHLY_ORDERS = 2**8 - 1
MOST_FAVOURED = 2**8 - 1


PROFILE = np.dtype(
    [
        ("key", np.uint64),  # xxh3 of the customer's id; 0 for one that was erased
        ("times", np.int64, 2),
        ("sums", np.int64, 3),
        ("decayed", np.float64, 7),
        ("bits", np.uint64, (PRODUCT_BITS + CATEGORY_BITS) // 64),  # two of products, one of
        ("counts", np.int32, 4),  # categories: linear counting
        ("gaps", np.float32, 2),  # hours between orders, and their squares, summed
        ("week_low", np.uint32, WEEKS),  # money kept in a week: its lower 32 bits
        ("favourites", np.uint32, FAVOURITES),  # the categories bought most: space saving
        ("country", np.uint32),
        ("newest_order", np.int32),  # the customer's newest among the recent orders, or -1
        ("habits", np.uint16, 5),
        ("newest_week", np.int16),  # with anything in it; week w is in bucket w mod `WEEKS`
        ("favoured", np.uint8, FAVOURITES),  # how many lines of each, halved when one is full
        ("week_orders", np.uint8, WEEKS),
        ("months", np.uint8, 12),
        ("week_high", np.uint8, WEEKS * 3 // 2),  # the upper 12 bits, two weeks in three bytes
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
