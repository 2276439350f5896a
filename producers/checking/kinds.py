"""What a column of text seems to hold: integers, numbers, dates, or text after all."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from producers.reading.casting import parsed_whole
from producers.reading.numbers import PLAIN_NUMBER

WORTH_SAYING = 0.001
# The first parser that takes a whole batch names it.
PARSED = (("integer", pa.int64()), ("number", pa.float64()), ("date", pa.timestamp("ms")))


class ColumnFactsSoFar:
    """Counts one column's missing cells, and its others by kind."""

    def __init__(self) -> None:
        self.missing = 0
        self._kinds: Counter[str] = Counter()

    def add(self, column: pa.Array) -> None:
        self.missing += column.null_count
        there = column.drop_null()
        if len(there):
            self._kinds.update(_kinds(there))

    def kind(self) -> str:
        """One kind, or text with the share of it that is numbers."""
        kinds = set(self._kinds)
        if kinds == {"integer", "number"}:
            return "number"
        if len(kinds) <= 1:
            return next(iter(kinds), "empty")
        numeric = (self._kinds["integer"] + self._kinds["number"]) / self._kinds.total()
        return f"text ({numeric:.1%} numbers)" if numeric >= WORTH_SAYING else "text"


def _kinds(column: pa.Array) -> Counter[str]:
    if not pa.types.is_string(column.type):
        return Counter({_typed(column.type): len(column)})
    for kind, parser in PARSED:
        if parsed_whole(column, parser) is not None:
            return Counter({kind: len(column)})
    numeric = int(pc.sum(pc.match_substring_regex(column, PLAIN_NUMBER)).as_py())
    kinds = Counter({"number": numeric, "text": len(column) - numeric})
    return +kinds


def _typed(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "date"
    return "text" if pa.types.is_dictionary(kind) else str(kind)
