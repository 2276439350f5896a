"""Files of customers: so many each that one fits into memory with ease, written and read whole.

Apart from what is in them. In several files an erasure rewrites only the one that it is about.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from snapshot.history.durable import keep
from snapshot.history.manifest import CustomersFile
from stream.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from snapshot.history.manifest import KeptFile

CUSTOMERS_A_FILE = 131_072
SAMPLED = 4096
ZSTD_LEVEL = 1


def keep_customers(folder: Path, number: int, customers: pa.Table) -> CustomersFile:
    """Writes these customers as the file of that number."""
    sink = pa.BufferOutputStream()
    split = _many_valued(customers)
    pq.write_table(
        customers,
        sink,
        row_group_size=max(1, len(customers)),
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        use_dictionary=[_leaf(field) for field in customers.schema if field.name not in split],
        use_byte_stream_split=split,
    )
    kept = keep(folder, f"customers-{number:04}", ".parquet", memoryview(sink.getvalue()))
    return CustomersFile(**kept.model_dump(), rows=len(customers))


def read_customers(
    folder: Path, file: CustomersFile, columns: Sequence[str] | None = None
) -> pa.Table:
    """These columns of a file, or all, if it is what was written."""
    content = pa.BufferReader(read_kept(folder, file))
    try:
        # In this thread: another one that lets go of the content while Python goes down aborts it.
        with pq.ParquetFile(content) as opened:
            table = opened.read(columns=columns, use_threads=False)
    except pa.ArrowException as error:
        raise HistoryError(f"{folder / file.name} can't be read as Parquet: {error}") from None
    missing = set(columns or ()) - set(table.column_names)
    if missing or len(table) != file.rows:
        raise HistoryError(
            f"{folder / file.name} is not what the manifest beside it says: one of them was "
            f"changed. Take both from a copy, or remove the folder {folder}"
        )
    return table


def read_kept(folder: Path, file: KeptFile) -> bytes:
    """A file's content. `FileNotFoundError` where it has gone."""
    path = folder / file.name
    try:
        content = path.read_bytes() if path.stat().st_size == file.bytes else b""
    except FileNotFoundError:
        raise
    except OSError as error:
        raise HistoryError(f"{path} can't be read: {error.strerror}") from None
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise HistoryError(
            f"{path} is not what was written: its SHA-256 is another one than the manifest has. "
            f"Take it from a copy, or remove the folder {folder}"
        )
    return content


def _leaf(field: pa.Field) -> str:
    """As Parquet calls the one column that it is kept in."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else str(field.name)


def _many_valued(customers: pa.Table) -> list[str]:
    """Columns of numbers that a dictionary would only lengthen: their bytes are better apart."""
    sample = customers.slice(0, SAMPLED)
    return [
        field.name
        for field in customers.schema
        if pa.types.is_floating(field.type)
        and 2 * len(np.unique(sample[field.name].to_numpy())) > len(sample)
    ]
