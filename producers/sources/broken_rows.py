"""Rows with another number of cells than the header, put back where they were.

Arrow reads ahead and leaves such rows out; it tells each one's number while it does.
"""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING

import pyarrow as pa

from producers.sources.seam import BrokenRow, RawBatch
from stream.errors import SourceError

if TYPE_CHECKING:
    from pyarrow.csv import InvalidRow

    from producers.sources.sniff import Dialect

MOST_WAITING = 50_000


class BrokenRows:
    """Collects what Arrow reports, and numbers the batches around it."""

    def __init__(self, name: str, dialect: Dialect) -> None:
        self._name = name
        self._dialect = dialect
        self._waiting: deque[BrokenRow] = deque()
        self.next_row = 1

    def remember(self, row: InvalidRow) -> str:
        """Arrow's handler; it may run in another thread. The header is a row to Arrow."""
        if len(self._waiting) < MOST_WAITING:
            number = row.number - int(self._dialect.has_header)
            self._waiting.append(BrokenRow(number, row.text, self._cells(row.text)))
            return "skip"
        return "error"

    def _cells(self, text: str) -> tuple[str, ...]:
        try:
            reader = csv.reader(text.splitlines(keepends=True), delimiter=self._dialect.delimiter)
            return tuple(next(reader, []))
        except csv.Error:
            return (text,)

    def place(self, rows: pa.RecordBatch) -> RawBatch:
        """`rows` with the broken ones that stand before and between them."""
        end = self.next_row + rows.num_rows
        between: list[BrokenRow] = []
        while self._waiting and self._waiting[0].number < end:
            between.append(self._waiting.popleft())
            end += 1
        batch = RawBatch(rows, self.next_row, tuple(between))
        self.next_row = batch.end_row
        return batch

    def remaining(self, columns: tuple[str, ...]) -> RawBatch | None:
        """The broken rows behind the last good one."""
        if not self._waiting:
            return None
        nothing = pa.RecordBatch.from_pydict({name: pa.array([], pa.string()) for name in columns})
        return RawBatch(nothing, self.next_row, tuple(self._waiting))

    def check_not_flooded(self) -> None:
        if len(self._waiting) >= MOST_WAITING:
            raise SourceError(
                f"{self._name}: {MOST_WAITING:,} rows one after another have another number of "
                f"cells than the {len(self._dialect.columns)} of the first row, cut at "
                f"{self._dialect.delimiter!r}: is this one table?"
            )
