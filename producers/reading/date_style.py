"""How a source writes its dates: whether `3/4/2011` is in April or in March."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.dates_in_text import from_text, slashed
from stream.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDERS = {"dmy": True, "mdy": False}
STRAY_SHARE = 0.05  # so few open dates among others are slips, no way of writing


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

    The first batch that has dates decides whether there is a question at all. A few open
    ones among dates that leave none, such as ISO's, are mistakes, and stay without an answer.
    """
    seen = _Seen()
    for column in columns:
        if not pa.types.is_string(column.type):
            return DateStyle()
        if (day_first := seen.add(column)) is not None:
            return DateStyle(day_first=day_first)
        if seen.example is None and seen.plain:
            return DateStyle()
    if seen.example is None or seen.open <= STRAY_SHARE * (seen.open + seen.plain):
        return DateStyle()
    raise SourceError(
        f"{source}: {seen.example!r} may be day or month first, and no date in the file settles "
        "it. Say which: --date-format dmy or --date-format mdy"
    )


class _Seen:
    """Rows so far: whose date can be read either way, and whose in one way only."""

    def __init__(self) -> None:
        self.open = self.plain = 0
        self.example: str | None = None

    def add(self, column: pa.Array) -> bool | None:
        """Whether the day comes first, where these rows show it."""
        counted = pc.value_counts(column.drop_null())
        distinct, rows = counted.field("values"), counted.field("counts").to_numpy()
        read = slashed(distinct)
        is_dmy, is_mdy = ~read.day_first.wrong, ~read.month_first.wrong
        day_first = rows[is_dmy & (~is_mdy | read.dotted)].sum()
        month_first = rows[is_mdy & ~is_dmy].sum()
        if day_first != month_first:
            return bool(day_first > month_first)
        is_open = is_dmy & is_mdy
        self.open += int(rows[is_open].sum())
        plain = ~from_text(pc.utf8_trim_whitespace(distinct), day_first=None).wrong
        self.plain += int(rows[plain].sum())
        if self.example is None and is_open.any():
            self.example = str(distinct[int(is_open.argmax())].as_py())
        return None
