"""A date in one column and a time of day in another, put together as they would be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

ONLY_DATE = 10  # characters of 2010-12-01
HHMM = r"^\d{1,4}$"


def date_and_time(columns: Sequence[pa.Array]) -> pa.Array:
    """No time leaves the date alone, no date leaves nothing; `826` as a time is 08:26.

    >>> date_and_time([pa.array(["1/12/2010", "2/12/2010"]), pa.array(["826", None])]).to_pylist()
    ['1/12/2010 08:26', '2/12/2010']
    """
    date, *times = columns
    joined = _date_text(date)
    for time in times:
        behind = pc.binary_join_element_wise(joined, _time_text(time), " ")
        joined = pc.coalesce(behind, joined)
    return joined


def _date_text(column: pa.Array) -> pa.Array:
    text = _text(column)
    if pa.types.is_timestamp(column.type):
        return pc.utf8_slice_codeunits(text, 0, ONLY_DATE)
    return text


def _time_text(column: pa.Array) -> pa.Array:
    text = _text(column)
    is_digits = pc.match_substring_regex(text, HHMM)
    four = pc.utf8_lpad(text, 4, "0")
    hours, minutes = pc.utf8_slice_codeunits(four, 0, 2), pc.utf8_slice_codeunits(four, 2, 4)
    return pc.if_else(is_digits, pc.binary_join_element_wise(hours, minutes, ":"), text)


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, None).cast(pa.int64(), safe=False)
    return pc.utf8_trim_whitespace(column.cast(pa.string()))
