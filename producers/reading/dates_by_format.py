"""Times in a format that somebody wrote down: `--date-format '%d-%b-%Y %H:%M'`.

Python's own parser, value by value: exact about days that don't exist, and offsets are
kept. It sees each distinct value of a batch once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from producers.reading.moments import NO_OFFSET, Moments, moments

if TYPE_CHECKING:
    import pyarrow as pa

TIME_DIRECTIVES = ("%H", "%I", "%c", "%X")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def by_format(column: pa.Array, date_format: str) -> Moments:
    """
    >>> import pyarrow as pa
    >>> found = by_format(pa.array(["01-Dec-2010", "31-Feb-2011"]), "%d-%b-%Y")
    >>> found.wrong.tolist(), found.is_timed.tolist()
    ([False, True], [False, False])
    """
    parsed = [_parsed(cell, date_format) for cell in column.to_pylist()]
    walls = [0 if time is None else _wall_ms(time) for time in parsed]
    return moments(
        np.array(walls, dtype=np.int64),
        missing=np.zeros(len(parsed), dtype=bool),
        wrong=np.array([time is None for time in parsed], dtype=bool),
        is_timed=np.full(len(parsed), any(part in date_format for part in TIME_DIRECTIVES)),
        offset_minutes=np.array([_offset(time) for time in parsed], dtype=np.int32),
    )


def _parsed(cell: str | None, date_format: str) -> datetime | None:
    try:
        return datetime.strptime(cell or "", date_format)  # noqa: DTZ007 - offsets stay as given
    except (ValueError, OverflowError):
        return None


def _wall_ms(time: datetime) -> int:
    return (time.replace(tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


def _offset(time: datetime | None) -> int:
    ahead = None if time is None else time.utcoffset()
    return int(NO_OFFSET) if ahead is None else ahead // timedelta(minutes=1)
