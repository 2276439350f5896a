"""Times that are numbers: `20101201`, epochs in seconds to nanoseconds, Excel's day count.

Their ranges don't overlap for any time a shop may mean, so the size says which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from producers.reading.calendar_days import DAY_MS, days_since_1970
from producers.reading.moments import Moments, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXCEL_DAY_ZERO = 25_569  # 1970-01-01
EXCEL_FIRST, EXCEL_END = 18_264.0, 100_000.0  # 1950 to 2173
DATE_FIRST, DATE_END = 19_000_101, 22_000_101  # YYYYMMDD
STAMP_FIRST, STAMP_END = DATE_FIRST * 10**6, DATE_END * 10**6  # YYYYMMDDhhmmss
SECONDS_FIRST = 1e8  # 1973; smaller numbers are more likely a count of something
EPOCH_UNITS_PER_MS = ((1e17, 1e6), (1e14, 1e3), (1e11, 1.0), (SECONDS_FIRST, 1e-3))


def from_numbers(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> Moments:
    """
    >>> values = np.array([20101201, 1291191960, 1291191960000, 40513.351389, 711])
    >>> found = from_numbers(values, np.zeros(5, dtype=bool))
    >>> found.wall_ms.astype("datetime64[ms]").astype("datetime64[m]").astype(str).tolist()[:4]
    ['2010-12-01T00:00', '2010-12-01T08:26', '2010-12-01T08:26', '2010-12-01T08:26']
    >>> found.wrong.tolist()
    [False, False, False, False, True]
    """
    finite = np.where(np.isfinite(values) & (np.abs(values) < 9e18), values, 0.0)
    found = moments(_epoch_ms(finite), missing=missing, wrong=np.abs(finite) < SECONDS_FIRST)
    for other in (_excel(finite), _calendar(finite)):
        found = other.or_else(found)
    return moments(
        found.wall_ms, missing=missing, wrong=found.wrong | (finite == 0), is_timed=found.is_timed
    )


def _epoch_ms(values: NDArray[np.float64]) -> NDArray[np.int64]:
    size = np.abs(values)
    conditions = [size >= least for least, _ in EPOCH_UNITS_PER_MS]
    choices = [np.round(values / units, 3) for _, units in EPOCH_UNITS_PER_MS]
    return np.floor(np.select(conditions, choices, 0.0)).astype(np.int64)


def _excel(values: NDArray[np.float64]) -> Moments:
    is_excel = (values >= EXCEL_FIRST) & (values < EXCEL_END)
    days = np.where(is_excel, values, EXCEL_DAY_ZERO) - EXCEL_DAY_ZERO
    wall_ms = np.round(days * (DAY_MS / 1000)).astype(np.int64) * 1000
    nowhere = np.zeros(len(values), dtype=bool)
    return moments(wall_ms, missing=nowhere, wrong=~is_excel, is_timed=values % 1 != 0)


def _calendar(values: NDArray[np.float64]) -> Moments:
    """YYYYMMDD and YYYYMMDDhhmmss, where the calendar has such a day."""
    whole = np.floor(values).astype(np.int64)
    is_stamp = (whole >= STAMP_FIRST) & (whole < STAMP_END)
    date = np.where(is_stamp, whole // 10**6, whole)
    time = np.where(is_stamp, whole % 10**6, 0)
    hour, minute, second = time // 10_000, time // 100 % 100, time % 100
    is_date = (date >= DATE_FIRST) & (date < DATE_END) & (values == whole)
    date = np.where(is_date, date, DATE_FIRST)
    days, is_day = days_since_1970(date // 10_000, date // 100 % 100, date % 100)
    fits = is_date & is_day & (hour < 24) & (minute < 60) & (second < 60)
    nowhere = np.zeros(len(values), dtype=bool)
    wall_ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000
    return moments(wall_ms, missing=nowhere, wrong=~fits, is_timed=is_stamp)
