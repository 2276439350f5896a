"""Ids and other names as text: trimmed, and without the `.0` that spreadsheets put behind them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

FLOAT_LOOKING = r"^(-?\d+)\.0+$"


def identifiers(column: pa.Array) -> pa.Array:
    """Strings; null where there is nothing.

    >>> identifiers(pa.array([" 00123", "17850.0", "  ", None])).to_pylist()
    ['00123', '17850', None, None]
    >>> identifiers(pa.array([17850.0, 12.5])).to_pylist()
    ['17850', '12.5']
    """
    text = pc.utf8_trim_whitespace(_as_text(column))
    if pc.any(pc.ends_with(text, ".0")).as_py():
        text = pc.replace_substring_regex(text, FLOAT_LOOKING, r"\1")
    empty = pc.equal(text, "")
    return pc.if_else(empty, None, text) if pc.any(empty).as_py() else text


def _as_text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind):
        return column
    if pa.types.is_dictionary(kind):
        return _as_text(column.dictionary_decode())
    if pa.types.is_floating(kind):
        return _whole_or_not(column.cast(pa.float64()))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array(
            [cell and cell.decode("utf-8", "backslashreplace") for cell in column.to_pylist()],
            pa.string(),
        )
    return column.cast(pa.string())


def _whole_or_not(column: pa.Array) -> pa.Array:
    """A float that is a whole number was an id before somebody left a cell empty beside it."""
    column = pc.if_else(pc.is_finite(column), column, None)
    is_whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 2.0**53))
    whole = pc.if_else(is_whole, column, None).cast(pa.int64()).cast(pa.string())
    return pc.if_else(is_whole, whole, column.cast(pa.string()))
