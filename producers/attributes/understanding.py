"""What a table's text says that isn't plain: numbers with decimal commas or slips among them, and
dates as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.date_style import found_style, told_style
from producers.reading.dates import moments_of
from producers.reading.numbers import COMMA_NUMBER, PLAIN_NUMBER, numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEARLY_ALL = 0.95
"""The share of known cells that have to be numbers, or dates, for the others to be slips."""

DATE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ,]|$)"
COMPACT_DATE = r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$"
SAYS_DATE = re.compile(r"date|birth|_at$|since", re.IGNORECASE)
LEADING_ZERO = r"^[+-]?0\d"
NOTHING = ("?", "-", "n/a", "na", "NA", "none", "null", "")


def understood(
    source: str, table: pa.Table, date_format: str | None, *, decimal_comma: bool
) -> tuple[pa.Table, list[str]]:
    """The table with those columns as numbers or times; and what was taken as missing."""
    remarks: list[str] = []
    for place, name in enumerate(table.column_names):
        column = table.column(place).combine_chunks()
        if not pa.types.is_string(column.type) or column.null_count == len(column):
            continue
        made, said = _understood(source, name, column, date_format, decimal_comma=decimal_comma)
        if made is not None:
            table = table.set_column(place, name, made)
            remarks += said
    return table, remarks


def _understood(
    source: str, name: str, column: pa.Array, date_format: str | None, *, decimal_comma: bool
) -> tuple[pa.Array | None, list[str]]:
    """None where the text says what it says: a category, an id, or plain numbers."""
    texts = pc.utf8_trim_whitespace(column)
    known = pc.if_else(pc.is_in(texts, pa.array(NOTHING)), None, texts)
    if known.null_count == len(known):
        return None, []
    if _share(known, DATE) >= NEARLY_ALL or (
        SAYS_DATE.search(name) and _share(known, COMPACT_DATE) >= NEARLY_ALL
    ):
        return _dates(f"{source}, column {name!r}", name, known, date_format)
    if _share(known, LEADING_ZERO) > 0.0:
        return None, []
    with_commas = decimal_comma and _share(known, COMMA_NUMBER) > 0.0
    plain = _share(known, PLAIN_NUMBER)
    if not with_commas and (plain == 1.0 or plain < NEARLY_ALL):
        return None, []
    found = numbers(known, decimal_comma=with_commas)
    if found.wrong.sum() > (1 - NEARLY_ALL) * (len(known) - known.null_count):
        return None, []
    values = pa.array(found.values, mask=found.missing | found.wrong)
    return values, _said(name, found.wrong, "numbers")


def _dates(
    where: str, name: str, known: pa.Array, date_format: str | None
) -> tuple[pa.Array, list[str]]:
    style = told_style(date_format) if date_format else found_style(where, [known])
    found = moments_of(known, style)
    times = pa.array(found.wall_ms, mask=found.missing | found.wrong).cast(pa.timestamp("ms"))
    return times, _said(name, found.wrong & ~found.missing, "dates")


def _said(name: str, wrong: NDArray[np.bool_], what: str) -> list[str]:
    count = int(np.count_nonzero(wrong))
    return [f"{count:,} cells of {name!r} are no {what} and count as missing"] if count else []


def _share(known: pa.Array, pattern: str) -> float:
    """Of the cells that say something."""
    found = int(pc.sum(pc.match_substring_regex(known, pattern)).as_py() or 0)
    return found / int(len(known) - known.null_count)
