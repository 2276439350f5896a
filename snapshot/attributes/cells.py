"""A column of a table as one of three things: numbers, dates or texts.

Types decide, and of texts what all of them are. Whatever is missing, blank or no finite number is
missing from here on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stream.times import DAY_MS

if TYPE_CHECKING:
    from stream.model.arrays import Floats

LARGEST_NUMBER = 1e15
"""Beyond, a number is a slip: no shop has so many of anything."""

MOST_LETTERS = 100
"""Of a text; what comes behind is cut off, as nobody tells customers apart by it."""

NOTHING = frozenset({"", "nan", "null", "none", "n/a", "#n/a", "na", "?", "-", "nat"})
"""What people write for what they don't know, in small letters."""

CONTROL = r"[\x00-\x1f\x7f-\x{9f}]+"
LEADING_ZERO = r"^[+-]?0\d"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """NaN where there is none."""

    values: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dates:
    """Days since 1970, NaN where there is none."""

    days: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """Trimmed, without control characters; null where there is none."""

    values: pa.Array


Cells = Numbers | Dates | Texts


def cells_of(column: pa.Array | pa.ChunkedArray) -> Cells | None:
    """What the column is; None where cells are lists, bytes and the like, which say nothing here.

    >>> cells_of(pa.array(["1", " 2.5", "n/a"])).values.tolist()
    [1.0, 2.5, nan]
    >>> cells_of(pa.array(["2024-03-01", None])).days.tolist()
    [19783.0, nan]
    >>> cells_of(pa.array([True, None])).values.to_pylist()
    ['yes', None]
    """
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    kind = whole.type
    if pa.types.is_boolean(kind):
        return Texts(pc.if_else(whole, "yes", "no"))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return Numbers(_finite(_floats(whole.cast(pa.float64(), safe=False))))
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return Dates(_days(whole))
    if pa.types.is_null(kind):
        return Numbers(np.full(len(whole), np.nan))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _read(clean(whole.cast(pa.string())))
    return None


def clean(texts: pa.Array) -> pa.Array:
    """As texts are compared everywhere: no blanks around, no control characters, not too long."""
    plain = pc.replace_substring_regex(texts, CONTROL, " ")
    cut = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(plain), 0, MOST_LETTERS)
    trimmed = pc.utf8_trim_whitespace(cut)
    is_nothing = pc.is_in(pc.utf8_lower(trimmed), pa.array(sorted(NOTHING)))
    return pc.if_else(is_nothing, None, trimmed)


def _read(texts: pa.Array) -> Cells:
    """Numbers where all are numbers, dates where all are ISO dates; else what they are. What is
    written with zeros before it, `00123`, is a name and no number."""
    if texts.null_count == len(texts):
        return Numbers(np.full(len(texts), np.nan))
    if not _any(pc.match_substring_regex(texts, LEADING_ZERO)):
        numbers = _cast(texts, pa.float64())
        if numbers is not None:
            return Numbers(_finite(_floats(numbers)))
    times = _cast(texts, pa.timestamp("ms"))
    return Texts(texts) if times is None else Dates(_days(times))


def _cast(texts: pa.Array, kind: pa.DataType) -> pa.Array | None:
    try:
        texts.slice(0, 32).cast(kind)
        return texts.cast(kind)
    except pa.ArrowInvalid:
        return None


def _days(column: pa.Array) -> Floats:
    kind = column.type
    zone = kind.tz if pa.types.is_timestamp(kind) else None
    try:
        times = column.cast(pa.timestamp("ms", zone), safe=False).cast(pa.int64())
    except pa.ArrowInvalid:  # a year that no calendar goes to
        return np.full(len(column), np.nan)
    return _finite(_floats(times.cast(pa.float64(), safe=False)) / DAY_MS)


def _floats(column: pa.Array) -> Floats:
    values: Floats = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
    return values


def _finite(values: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(values) <= LARGEST_NUMBER, values, np.nan)


def _any(mask: pa.Array) -> bool:
    return bool(pc.any(mask).as_py())
