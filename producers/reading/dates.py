"""Times out of cells, whatever type the source gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.casting import parsed_whole
from producers.reading.dates_by_format import by_format
from producers.reading.dates_in_numbers import from_numbers
from producers.reading.dates_in_text import from_text
from producers.reading.moments import Moments, moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.reading.date_style import DateStyle

MINUTE_MS = 60_000
FURTHEST_SECONDS = 10**12  # either side of 1970, further than any calendar goes
DATE_CHARACTERS = 10  # 2010-12-01


def moments_of(column: pa.Array, style: DateStyle) -> Moments:
    """What each cell says, read in the source's style."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        return _from_timestamps(column)
    if pa.types.is_date(kind):
        return _from_dates(column)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _from_numbers(column)
    return _from_text(column.cast(pa.string()), style)


def _from_timestamps(column: pa.Array) -> Moments:
    missing = _nulls(column)
    if column.type.unit == "s":
        column = _without_overflow(column)
    if column.type.tz is None:
        return moments(_milliseconds(column), missing=missing)
    instants = column.cast(pa.timestamp("ms", column.type.tz), safe=False)
    utc_ms = _milliseconds(instants)
    wall_ms = _milliseconds(pc.local_timestamp(instants))
    offsets = ((wall_ms - utc_ms) // MINUTE_MS).astype(np.int32)
    return moments(wall_ms, missing=missing, offset_minutes=offsets)


def _without_overflow(column: pa.Array) -> pa.Array:
    """Seconds that are no 64-bit milliseconds would come around to some other time."""
    seconds = column.cast(pa.int64())
    within = pc.max_element_wise(
        pc.min_element_wise(seconds, FURTHEST_SECONDS, skip_nulls=False),
        -FURTHEST_SECONDS,
        skip_nulls=False,
    )
    return within.cast(column.type)


def _from_dates(column: pa.Array) -> Moments:
    is_timed = np.zeros(len(column), dtype=bool)
    return moments(_milliseconds(column), missing=_nulls(column), is_timed=is_timed)


def _from_numbers(column: pa.Array) -> Moments:
    values = column.cast(pa.float64(), safe=False)
    missing = values.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    return from_numbers(values.fill_null(np.nan).to_numpy(zero_copy_only=False), missing)


def _from_text(column: pa.Array, style: DateStyle) -> Moments:
    if style.format is None and (plain := _from_plain_iso(column)) is not None:
        return plain
    # Times repeat, all lines of an order share one: each is parsed once.
    encoded = column.dictionary_encode()
    distinct = pc.utf8_trim_whitespace(encoded.dictionary)
    parsed = (
        from_text(distinct, day_first=style.day_first)
        if style.format is None
        else by_format(distinct, style.format)
    )
    return _spread(parsed, encoded.indices)


def _from_plain_iso(column: pa.Array) -> Moments | None:
    """Arrow's parser takes nothing but ISO without an offset."""
    times = parsed_whole(column, pa.timestamp("ms"))
    if times is None:
        return None
    characters = pc.binary_length(column).fill_null(0).to_numpy(zero_copy_only=False)
    return moments(
        _milliseconds(times), missing=_nulls(column), is_timed=characters > DATE_CHARACTERS
    )


def _spread(distinct: Moments, indices: pa.Array) -> Moments:
    """From the distinct values back to every row; a null index is a missing time."""
    nothing = moments(np.zeros(1, dtype=np.int64), missing=np.ones(1, dtype=bool))
    padded = Moments(
        *(
            np.concatenate([getattr(distinct, name), getattr(nothing, name)])
            for name in Moments.__slots__
        )
    )
    places = indices.cast(pa.int64()).fill_null(len(distinct.wall_ms))
    return padded.take(places.to_numpy(zero_copy_only=False))


def _milliseconds(column: pa.Array) -> NDArray[np.int64]:
    kind = column.type
    target = pa.timestamp("ms", kind.tz if pa.types.is_timestamp(kind) else None)
    whole = column.cast(target, safe=False).cast(pa.int64()).fill_null(0)
    values: NDArray[np.int64] = whole.to_numpy(zero_copy_only=False)
    return values


def _nulls(column: pa.Array) -> NDArray[np.bool_]:
    nulls: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return nulls
