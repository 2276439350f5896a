"""Notices a quote that is opened and never closed: Arrow takes the rest of the file for a cell.

An odd number of quotes alone proves nothing (`5" nail`), and a cell may well hold a
newline; a text that has both at its very end has lost rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from producers.sources.encoding import Utf8Stream

if TYPE_CHECKING:
    import pyarrow as pa


class QuoteCount(Utf8Stream):
    """A text stream that counts the quotes passing through it."""

    _quotes = 0

    def read(self, size: int = -1) -> bytes:
        text = super().read(size)
        self._quotes += text.count(b'"')
        return text

    @property
    def is_odd(self) -> bool:
        return self._quotes % 2 == 1


def ends_inside_a_cell(rows: pa.RecordBatch) -> bool:
    """Whether the last cell of the last row goes over several lines."""
    if rows.num_rows == 0:
        return False
    last = rows.column(rows.num_columns - 1).slice(rows.num_rows - 1)
    return bool(pc.match_substring(last, "\n").to_pylist() == [True])
