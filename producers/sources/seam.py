"""What every format offers: raw rows in batches, as often as they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not even be cut into cells, by its 1-based number in the source."""

    number: int
    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Some rows of a source, one after another: those that could be cut up, and the others.

    `first_row` is the 1-based number of the first row here, of either kind.
    """

    rows: pa.RecordBatch
    first_row: int
    broken: tuple[BrokenRow, ...] = ()

    @property
    def end_row(self) -> int:
        """The number of the first row that comes after this batch."""
        return self.first_row + int(self.rows.num_rows) + len(self.broken)

    def numbers(self) -> NDArray[np.int64]:
        """The number of each of `rows` in the source: broken ones take a number as well."""
        every = np.arange(self.first_row, self.end_row, dtype=np.int64)
        return np.delete(every, [row.number - self.first_row for row in self.broken])


class Source(Protocol):
    """A dataset as rows of named columns.

    `batches` starts over every time it is called and gives the same rows in the same
    order. Every batch has exactly `columns`; a text format gives strings, so that
    `00123` stays what it is, others the types they have. An empty cell is null. What
    can't be read is a SourceError, a row that can't be cut into cells a BrokenRow.
    """

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def may_use_decimal_comma(self) -> bool:
        """Whether `3,50` can be a number here: only where cells are cut at semicolons."""
        ...

    def batches(self) -> Iterator[RawBatch]: ...

    def described(self) -> str:
        """What was found out about the format: `CSV, UTF-8, delimiter ','`."""
        ...
