"""From year, month and day to a day's number, and whether there is such a day; whole columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY_MS = 86_400_000


def days_since_1970(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """
    >>> days_since_1970(np.array([1970, 2011]), np.array([1, 2]), np.array([2, 30]))[1].tolist()
    [True, False]
    """
    is_month = (month >= 1) & (month <= 12)
    months = (year - 1970) * 12 + np.where(is_month, month, 1) - 1
    first = _first_day(months)
    fits = is_month & (day >= 1) & (day <= _first_day(months + 1) - first)
    return first + day - 1, fits


def _first_day(months: NDArray[np.int64]) -> NDArray[np.int64]:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
