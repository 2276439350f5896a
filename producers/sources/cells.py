"""Columns out of rows whose cells have types of their own: Excel, SQLite, JSON.

A column keeps its type where all its cells agree; otherwise it becomes text, the way a
person would write the cells down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEPT = (pa.types.is_integer, pa.types.is_floating, pa.types.is_string, pa.types.is_timestamp)


def batch_of(columns: tuple[str, ...], rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
    """Rows of cells, each as long as `columns`, as one batch."""
    cells: Iterable[Sequence[object]] = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pa.RecordBatch.from_arrays([column_of(column) for column in cells], names=list(columns))


def column_of(cells: Sequence[object]) -> pa.Array:
    """Empty strings are null.

    >>> column_of([1, 2, None]).type
    DataType(int64)
    >>> column_of([536365.0, "C536379", ""]).to_pylist()
    ['536365', 'C536379', None]
    """
    try:
        column = pa.array(cells)
    except (pa.ArrowException, TypeError, OverflowError, ValueError, UnicodeError):
        return _as_text(cells)
    if pa.types.is_string(column.type):
        return _as_text(cells) if "" in cells else column
    if pa.types.is_null(column.type):
        return column.cast(pa.string())
    return column if any(kept(column.type) for kept in KEPT) else _as_text(cells)


def _as_text(cells: Sequence[object]) -> pa.Array:
    return pa.array([_written(cell) for cell in cells], pa.string())


def _written(cell: object) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, (dict, list)):
        return msgspec.json.encode(cell).decode()
    return str(cell)
