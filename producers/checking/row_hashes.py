"""64 bits for every cell or row, the same in every process: to count what repeats.

FNV-1a over the bytes with splitmix64's finish; nulls have a value of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stream.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

FNV_BASIS = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)
NULL = np.uint64(0x9E3779B97F4A7C15)


def row_hashes(rows: pa.RecordBatch) -> NDArray[np.uint64]:
    """One for each row; equal rows have equal ones."""
    hashes = np.full(rows.num_rows, FNV_BASIS, dtype=np.uint64)
    for column in rows.columns:
        fold_cells(column, hashes)
    return hashes


def cell_hashes(column: pa.Array) -> NDArray[np.uint64]:
    hashes = np.full(len(column), FNV_BASIS, dtype=np.uint64)
    fold_cells(column, hashes)
    return hashes


def fold_cells(column: pa.Array, hashes: NDArray[np.uint64]) -> None:
    """Every hash takes its row's cell in."""
    text = _as_text(column)
    _, offsets, data = text.buffers()
    spans = np.frombuffer(offsets, dtype=np.int32)[text.offset : text.offset + len(text) + 1]
    content = np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8)
    _fold(spans, content, text.is_null().to_numpy(zero_copy_only=False), hashes)


def _as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


@compiled
def _fold(
    offsets: NDArray[np.int32],
    content: NDArray[np.uint8],
    nulls: NDArray[np.bool_],
    hashes: NDArray[np.uint64],
) -> None:
    for row in range(len(hashes)):
        value = hashes[row]
        if nulls[row]:
            value ^= NULL
        else:
            for place in range(offsets[row], offsets[row + 1]):
                value = (value ^ np.uint64(content[place])) * FNV_PRIME
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        hashes[row] = value ^ (value >> np.uint64(31))
