"""Rows of one table on their way into a database: a column each, no object a row.

Numbers are numpy arrays (NaN is null), times microseconds since 1970 (`NaT` is null), all else
lists. Each adapter turns them into what its driver takes fastest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa
    from numpy.typing import NDArray

    Column = NDArray[Any] | Sequence[Any]

TIMES = np.dtype("datetime64[us]")
AT_DAY = 10


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """All columns have the same length."""

    table: sa.Table
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def named_last(self, key: Sequence[str]) -> Rows:
        """Of rows with the same key the last one only: a statement takes each key once."""
        keys = list(zip(*(self.columns[name] for name in key), strict=True))
        last = {one: place for place, one in enumerate(keys)}
        if len(last) == len(keys):
            return self
        kept = sorted(last.values())
        return Rows(self.table, {name: _take(of, kept) for name, of in self.columns.items()})


def times(ms: NDArray[np.int64]) -> NDArray[Any]:
    """Milliseconds since 1970 as a column; `NEVER` is null.

    >>> times(np.array([1500])).tolist()
    [datetime.datetime(1970, 1, 1, 0, 0, 1, 500000)]
    """
    known = np.where(ms == NEVER, 0, ms).astype("datetime64[ms]").astype(TIMES)
    known[ms == NEVER] = np.datetime64("NaT")
    return known


def time_texts(column: NDArray[Any]) -> list[str | None]:
    """As SQLite keeps them.

    >>> time_texts(np.array(["1970-01-01T00:00:01.5", "NaT"], TIMES))
    ['1970-01-01 00:00:01.500000', None]
    """
    texts = np.datetime_as_string(column, unit="us").astype("U26")
    texts.view("U1").reshape(-1, 26)[:, AT_DAY] = " "
    absent = np.isnat(column)
    found: list[str | None] = texts.tolist()
    if absent.any():
        return [None if gone else text for text, gone in zip(found, absent, strict=True)]
    return found


def _take(column: Column, places: Sequence[int]) -> Column:
    if isinstance(column, np.ndarray):
        taken: NDArray[Any] = column[places]
        return taken
    return [column[place] for place in places]
