"""Parquet: columns with types, read a few rows at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from producers.sources.damage import DAMAGE
from producers.sources.seam import RawBatch
from producers.sources.sniff import unique_names
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from producers.sources.stored import OnDisk

BATCH_ROWS = 16_384


class ParquetSource:
    """One Parquet file; see `Source`. Nested columns can't be mapped, and are left out."""

    may_use_decimal_comma = False

    def __init__(self, name: str, file: OnDisk) -> None:
        self.name = name
        self._file = file
        try:
            with self._open() as parquet:
                schema = parquet.schema_arrow
                self._row_count = parquet.metadata.num_rows
        except DAMAGE as error:
            raise SourceError(f"{name} is no whole Parquet file: {error}") from error
        self._read = [field.name for field in schema if not pa.types.is_nested(field.type)]
        self.columns = unique_names(self._read)

    def described(self) -> str:
        return f"Parquet, {self._row_count:,} rows"

    def batches(self) -> Iterator[RawBatch]:
        next_row = 1
        try:
            with self._open() as parquet:
                for rows in parquet.iter_batches(BATCH_ROWS, columns=self._read):
                    rows.validate(full=True)  # text that isn't UTF-8 would only fail later
                    renamed = pa.RecordBatch.from_arrays(rows.columns, names=list(self.columns))
                    batch = RawBatch(renamed, next_row)
                    next_row = batch.end_row
                    yield batch
        except DAMAGE as error:
            raise SourceError(
                f"{self.name} can't be read after row {next_row - 1}: {error}"
            ) from error

    def _open(self) -> pq.ParquetFile:
        return pq.ParquetFile(self._file.path, pre_buffer=False, buffer_size=1 << 20)
