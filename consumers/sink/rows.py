"""Rows of one table on their way into a database: a column each, no object a row.

Numbers are numpy arrays (NaN is null), times microseconds since 1970 (`NaT` is null), all else
lists. Each adapter turns them into what its driver takes fastest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stream.contracts.bounds import FIRST_INSTANT
from stream.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

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
        return self.only(sorted(last.values()))

    def only(self, places: Sequence[int]) -> Rows:
        """Some of them."""
        if len(places) == len(self):
            return self
        return Rows(self.table, {name: _take(of, places) for name, of in self.columns.items()})


def joined(parts: Sequence[Rows]) -> Rows:
    """Rows of the same table, one after the other."""
    first, *others = parts
    if not others:
        return first
    columns = {name: _chained([one.columns[name] for one in parts]) for name in first.columns}
    return Rows(first.table, columns)


def times(ms: NDArray[np.int64]) -> NDArray[Any]:
    """Milliseconds since 1970 as a column; `NEVER` is null.

    >>> times(np.array([1500])).tolist()
    [datetime.datetime(1970, 1, 1, 0, 0, 1, 500000)]
    """
    known = np.where(ms == NEVER, 0, ms).astype("datetime64[ms]").astype(TIMES)
    known[ms == NEVER] = np.datetime64("NaT")
    return known


def instants(values: Iterable[datetime]) -> NDArray[Any]:
    """The same of times as messages have them."""
    micros = [round((value - FIRST_INSTANT).total_seconds() * 1_000_000) for value in values]
    return np.array(micros, np.int64).astype(TIMES)


def floats(values: Iterable[float | None]) -> NDArray[np.float64]:
    """Numbers as a column; None is null."""
    return np.array([np.nan if value is None else value for value in values], np.float64)


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


def _chained(columns: Sequence[Column]) -> Column:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    return [value for column in columns for value in column]


def _take(column: Column, places: Sequence[int]) -> Column:
    if isinstance(column, np.ndarray):
        taken: NDArray[Any] = column[places]
        return taken
    return [column[place] for place in places]
