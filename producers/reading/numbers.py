"""Numbers out of cells: what is one, what is none, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.casting import parsed_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLAIN_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
COMMA_NUMBER = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+$"
GROUPED_BY_DOTS = r"^[+-]?\d{1,3}(\.\d{3})+$"


@dataclass(frozen=True, slots=True)
class Numbers:
    """One field of every row: 0 where it is missing or wrong."""

    values: NDArray[np.float64]
    missing: NDArray[np.bool_]
    wrong: NDArray[np.bool_]

    @property
    def usable(self) -> NDArray[np.bool_]:
        return ~(self.missing | self.wrong)

    def magnitude(self) -> Numbers:
        return replace(self, values=np.abs(self.values))

    def signed_like(self, other: Numbers) -> Numbers:
        return replace(self, values=np.where(other.values < 0, -self.values, self.values))


def constant(rows: int, value: float) -> Numbers:
    nowhere = np.zeros(rows, dtype=bool)
    return Numbers(np.full(rows, value), nowhere, nowhere)


def absent(rows: int) -> Numbers:
    return Numbers(np.zeros(rows), np.ones(rows, dtype=bool), np.zeros(rows, dtype=bool))


def summed(parts: list[Numbers]) -> Numbers:
    """A sum has a value where any part has one; a wrong part makes it wrong."""
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # what grows beyond all bounds is judged later
        values = np.sum([part.values for part in parts], axis=0)
    return Numbers(
        values,
        np.logical_and.reduce([part.missing for part in parts]),
        np.logical_or.reduce([part.wrong for part in parts]),
    )


def numbers(column: pa.Array, *, decimal_comma: bool = False) -> Numbers:
    """What each cell says.

    >>> numbers(pa.array(["2.50", None, "free", "1,200.00"])).wrong.tolist()
    [False, False, True, True]
    >>> numbers(pa.array(["1.200,50", "3.500"]), decimal_comma=True).values.tolist()
    [1200.5, 3500.0]
    """
    # A float column writes NaN for nothing.
    missing = column.is_null(nan_is_null=pa.types.is_floating(column.type))
    parsed = _parsed(column, decimal_comma=decimal_comma)
    values = parsed.fill_null(np.nan).to_numpy(zero_copy_only=False)
    is_missing = missing.to_numpy(zero_copy_only=False)
    wrong = ~np.isfinite(values) & ~is_missing
    return Numbers(np.where(wrong | is_missing, 0.0, values), is_missing, wrong)


def has_decimal_commas(column: pa.Array) -> bool:
    """Whether any cell is a number only if its comma is the decimal one."""
    return pa.types.is_string(column.type) and bool(
        pc.any(pc.match_substring_regex(pc.utf8_trim_whitespace(column), COMMA_NUMBER)).as_py()
    )


def _parsed(column: pa.Array, *, decimal_comma: bool) -> pa.Array:
    """Float64, null where a cell is no number."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _parsed(column.dictionary_decode(), decimal_comma=decimal_comma)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _from_text(column, decimal_comma=decimal_comma)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    return pa.nulls(len(column), pa.float64())


def _from_text(column: pa.Array, *, decimal_comma: bool) -> pa.Array:
    """Cell by cell only where something is odd."""
    if not decimal_comma and (parsed := parsed_whole(column, pa.float64())) is not None:
        return parsed
    text = pc.utf8_trim_whitespace(column)
    if decimal_comma:
        text = _with_decimal_points(text)
    return pc.if_else(pc.match_substring_regex(text, PLAIN_NUMBER), text, None).cast(pa.float64())


def _with_decimal_points(text: pa.Array) -> pa.Array:
    has_comma = pc.match_substring_regex(text, COMMA_NUMBER)
    is_grouped = pc.match_substring_regex(text, GROUPED_BY_DOTS)
    ungrouped = pc.replace_substring(text, ".", "")
    pointed = pc.replace_substring(ungrouped, ",", ".")
    return pc.if_else(has_comma, pointed, pc.if_else(is_grouped, ungrouped, text))
