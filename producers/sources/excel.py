"""A sheet of an Excel file (.xlsx, .xls). It can't be streamed: the whole sheet is held."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from producers.sources.cells import batch_of
from producers.sources.damage import DAMAGE
from producers.sources.excel_size import check_xlsx
from producers.sources.seam import RawBatch
from producers.sources.sniff import unique_names
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from producers.sources.limits import Limits
    from producers.sources.stored import OnDisk

BATCH_ROWS = 16_384
EXCEL_DAMAGE: tuple[type[Exception], ...] = (CalamineError, *DAMAGE)


class ExcelSource:
    """One sheet; see `Source`. The first row that isn't blank has the names."""

    may_use_decimal_comma = False

    def __init__(
        self, name: str, file: OnDisk, limits: Limits, sheet: str | None = None, *, zipped: bool
    ) -> None:
        if zipped:
            check_xlsx(name, file.path, limits)
        self._sheet = _sheet(name, file.path, sheet)
        self.name = f"{name}::{self._sheet.name}"
        limits.check_cells(self.name, self._sheet.height * self._sheet.width)
        header = next(self._rows(), None)
        if header is None:
            raise SourceError(f"{self.name} is an empty sheet")
        self.columns = unique_names([str(cell) for cell in header])

    def described(self) -> str:
        return f"Excel, sheet {self._sheet.name}, held in memory whole"

    def batches(self) -> Iterator[RawBatch]:
        rows = islice(self._rows(), 1, None)
        next_row = 1
        while some := list(islice(rows, BATCH_ROWS)):
            batch = RawBatch(batch_of(self.columns, some), next_row)
            next_row = batch.end_row
            yield batch

    def _rows(self) -> Iterator[list[object]]:
        """Blank rows are no rows, as in a CSV."""
        return (list(row) for row in self._sheet.iter_rows() if any(cell != "" for cell in row))


def _sheet(name: str, path: Path, sheet: str | None) -> CalamineSheet:
    try:
        book = CalamineWorkbook.from_path(path)
        if sheet is not None and sheet not in book.sheet_names:
            raise SourceError(
                f"{name} has no sheet {sheet!r}: it has {', '.join(book.sheet_names)}"
            )
        return book.get_sheet_by_name(sheet or book.sheet_names[0])
    except EXCEL_DAMAGE as error:
        raise SourceError(f"{name} can't be read as Excel: {error}") from error
    except BaseException as error:
        # The loader is Rust: where it gives up altogether, it raises what isn't an Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SourceError(f"{name} is damaged: no sheet can be made out of it") from error
