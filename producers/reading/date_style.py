"""How a source writes its dates: whether `3/4/2011` is in April or in March."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.dates_in_text import day_and_month
from stream.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDERS = {"dmy": True, "mdy": False}
LONGEST_MONTH_NUMBER = 12


@dataclass(frozen=True, slots=True)
class DateStyle:
    """`day_first` None: no slashed date was seen; `format`: told, and then nothing else counts."""

    day_first: bool | None = None
    format: str | None = None


def told_style(date_format: str) -> DateStyle:
    """What `--date-format` says: `dmy`, `mdy`, or a format as Python's strptime takes it.

    >>> told_style("DMY")
    DateStyle(day_first=True, format=None)
    """
    if date_format.lower() in ORDERS:
        return DateStyle(day_first=ORDERS[date_format.lower()])
    try:
        sample = datetime(2010, 12, 31, 23, 58, 59, tzinfo=UTC).strftime(date_format)
        read = datetime.strptime(sample, date_format)  # noqa: DTZ007 - only the day is looked at
    except ValueError as error:
        raise SettingsError(f"--date-format {date_format!r}: {error}") from error
    if (read.year, read.month, read.day) != (2010, 12, 31):
        raise SettingsError(
            f"--date-format {date_format!r} doesn't say year, month and day: "
            "use dmy, mdy, or a format such as '%d-%b-%Y %H:%M'"
        )
    return DateStyle(format=date_format)


def found_style(source: str, columns: Iterable[pa.Array]) -> DateStyle:
    """Reads on until a day above 12 shows which number is the month.

    The first batch decides whether there is a question at all.
    """
    example: str | None = None
    for column in columns:
        if not pa.types.is_string(column.type):
            return DateStyle()
        distinct = pc.unique(column.drop_null())
        if len(distinct) == 0:
            continue
        first, then, is_dotted = day_and_month(distinct)
        if example is None and len(first) == 0:
            return DateStyle()
        day_first, month_first = _above_twelve(first), _above_twelve(then)
        if is_dotted or day_first != month_first:
            return DateStyle(day_first=is_dotted or day_first > month_first)
        example = example or str(distinct[0].as_py())
    if example is None:
        return DateStyle()
    raise SourceError(
        f"{source}: {example!r} may be day or month first, and no date in the file settles it. "
        "Say which: --date-format dmy or --date-format mdy"
    )


def _above_twelve(numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    return int(np.count_nonzero(numbers > LONGEST_MONTH_NUMBER))
