"""Times written down: ISO and its relatives, `1/12/2010 8:26`, `20101201`, epochs as text.

Works on whole columns; a value that fits none of the ways, or names a day or hour that
doesn't exist, is wrong. Nothing here raises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.calendar_days import DAY_MS, days_since_1970
from producers.reading.dates_in_numbers import from_numbers
from producers.reading.moments import NO_OFFSET, Moments, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIME = (
    r"(?:(?:[T,]? *|, *)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<milli>\d{1,3})\d*)?)?"
    r" *(?P<half>[AaPp][Mm])? *(?P<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
ISO = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + TIME + "$"
COMPACT = r"^(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})" + TIME + "$"
SLASHED = r"^(?P<first>\d{1,2})[-/.](?P<then>\d{1,2})[-/.](?P<year>\d{4}|\d{2})" + TIME + "$"
NUMBER = r"^-?\d+(\.\d+)?$"

CENTURY_TURNS_AT = 70  # a year of two digits: 70 is 1970, 69 is 2069


def from_text(column: pa.Array, *, day_first: bool | None) -> Moments:
    """`day_first` None: slashed dates can't be told, and are wrong.

    >>> found = from_text(pa.array(["12/1/2010 8:26", "2010-12-01T08:26Z"]), day_first=False)
    >>> found.wall_ms.astype("datetime64[ms]").astype(str).tolist()
    ['2010-12-01T08:26:00.000', '2010-12-01T08:26:00.000']
    """
    found = _year_first(column, ISO).or_else(_year_first(column, COMPACT))
    if found.wrong.any() and day_first is not None:
        found = found.or_else(_slashed(column, day_first=day_first))
    if found.wrong.any():
        found = found.or_else(_numeric(column))
    return found


class Slashed(NamedTuple):
    """Dates such as `1/12/2010`, read both ways; `dotted`: only the day goes before a dot."""

    day_first: Moments
    month_first: Moments
    dotted: NDArray[np.bool_]


def slashed(column: pa.Array) -> Slashed:
    """Both readings of each cell; those that the calendar or the clock hasn't are wrong."""
    cells = pc.utf8_trim_whitespace(column)
    dotted = pc.match_substring_regex(cells, r"^\d{1,2}\.").to_numpy(zero_copy_only=False)
    return Slashed(_slashed(cells, day_first=True), _slashed(cells, day_first=False), dotted)


def _year_first(column: pa.Array, pattern: str) -> Moments:
    parts = pc.extract_regex(column, pattern)
    return _assembled(parts, _whole(parts, "year"), _whole(parts, "month"), _whole(parts, "day"))


def _slashed(column: pa.Array, *, day_first: bool) -> Moments:
    parts = pc.extract_regex(column, SLASHED)
    year = _whole(parts, "year")
    year = np.where(year < CENTURY_TURNS_AT, year + 2000, np.where(year < 100, year + 1900, year))
    day, month = ("first", "then") if day_first else ("then", "first")
    return _assembled(parts, year, _whole(parts, month), _whole(parts, day))


def _numeric(column: pa.Array) -> Moments:
    digits = pc.if_else(pc.match_substring_regex(column, NUMBER), column, None)
    values = digits.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return from_numbers(values, column.is_null().to_numpy(zero_copy_only=False))


def _assembled(
    parts: pa.StructArray,
    year: NDArray[np.int64],
    month: NDArray[np.int64],
    day: NDArray[np.int64],
) -> Moments:
    """A wall time out of its parts, wrong where the calendar or the clock has no such one."""
    hour, is_hour = _hour(parts)
    minute, second = _whole(parts, "minute"), _whole(parts, "second")
    days, is_day = days_since_1970(year, month, day)
    in_day = ((hour * 60 + minute) * 60 + second) * 1000 + _milliseconds(parts)
    offset, is_offset = _offset(parts)
    fits = is_day & is_hour & is_offset & (minute < 60) & (second < 60)
    missing = np.zeros(len(parts), dtype=bool)
    return moments(
        days * DAY_MS + in_day,
        missing=missing,
        wrong=~fits | parts.is_null().to_numpy(zero_copy_only=False),
        is_timed=_texts(parts, "hour").to_numpy(zero_copy_only=False) != "",
        offset_minutes=offset,
    )


def _hour(parts: pa.StructArray) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    hour = _whole(parts, "hour")
    half = pc.utf8_lower(_texts(parts, "half")).to_numpy(zero_copy_only=False)
    halved = half != ""
    fits = np.where(halved, (hour >= 1) & (hour <= 12), hour < 24)
    return np.where(halved, hour % 12 + 12 * (half == "pm"), hour), fits


def _milliseconds(parts: pa.StructArray) -> NDArray[np.int64]:
    """`.5` is 500: the digits count from the left."""
    return _number(pc.utf8_rpad(_texts(parts, "milli"), 3, "0"))


def _offset(parts: pa.StructArray) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    text = _texts(parts, "offset")
    signed = pc.match_substring_regex(text, "^[+-]").to_numpy(zero_copy_only=False)
    digits = pc.utf8_rpad(pc.replace_substring_regex(text, "[^0-9]", ""), 4, "0")
    hhmm = np.where(signed, _number(digits), 0)
    minutes = hhmm // 100 * 60 + hhmm % 100
    is_west = pc.starts_with(text, "-").to_numpy(zero_copy_only=False)
    said = text.to_numpy(zero_copy_only=False) != ""
    fits = (hhmm % 100 < 60) & (minutes <= 18 * 60)
    return np.where(said, np.where(is_west, -minutes, minutes), NO_OFFSET).astype(np.int32), fits


def _whole(parts: pa.StructArray, name: str) -> NDArray[np.int64]:
    return _number(_texts(parts, name))


def _number(digits: pa.Array) -> NDArray[np.int64]:
    """Nothing is 0."""
    filled = pc.if_else(pc.equal(digits, ""), "0", digits).cast(pa.int64())
    values: NDArray[np.int64] = filled.to_numpy(zero_copy_only=False)
    return values


def _texts(parts: pa.StructArray, name: str) -> pa.Array:
    return pc.struct_field(parts, name).fill_null("")
