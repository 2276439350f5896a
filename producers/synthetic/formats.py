"""How the columns of a shop become bytes: CSV, JSON lines and Parquet, from Arrow to disk.

Same columns, same bytes: no time stamps and no machine's name get into a file.
"""

from __future__ import annotations

import gzip
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, Self, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COLUMNS = (
    "event_id",
    "order_id",
    "customer_id",
    "occurred_at",
    "product_id",
    "category",
    "country",
    "quantity",
    "unit_price",
    "discount",
)
GZIP_LEVEL = 4  # half the time of the usual 6 for 5 % more bytes


class Format(ExitStack):
    """An open file of a shop; what it opened is closed on leaving."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the batch, whose columns are `COLUMNS`."""
        raise NotImplementedError


class Stream(Format):
    """A file of bytes, packed by gzip where asked."""

    def __init__(self, path: Path, *, packed: bool = False) -> None:
        super().__init__()
        self.out: BinaryIO = self.enter_context(path.open("wb"))
        if packed:
            to_gzip = gzip.GzipFile("", "wb", GZIP_LEVEL, self.out, mtime=0)
            self.out = cast("BinaryIO", self.enter_context(to_gzip))


class Csv(Stream):
    """Nothing in a shop needs quoting, and none of it is quoted."""

    def __enter__(self) -> Self:
        self.out.write((",".join(COLUMNS) + "\n").encode())
        return super().__enter__()

    def write(self, batch: pa.RecordBatch) -> None:
        options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
        pa.csv.write_csv(batch, self.out, options)


class JsonLines(Stream):
    """One object a line; a customer that is not there is null."""

    def write(self, batch: pa.RecordBatch) -> None:
        parts: list[pa.Array | str] = []
        for number, name in enumerate(COLUMNS):
            parts += [f'{"," if number else "{"}"{name}":', _json(name, batch[name])]
        lines = pc.binary_join_element_wise(*parts, "}\n", "")
        self.out.write(b"".join(lines.cast(pa.binary()).to_pylist()))


class Parquet(Format):
    """Quantities as whole numbers; the times stay texts, because an offset belongs to each."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        fields = dict.fromkeys(COLUMNS, pa.string())
        fields |= {"quantity": pa.int64(), "unit_price": pa.float64(), "discount": pa.float64()}
        self._schema = pa.schema(list(fields.items()))
        self._writer = self.enter_context(pq.ParquetWriter(path, self._schema, compression="zstd"))

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(batch.cast(self._schema))


FORMATS: dict[str, Callable[[Path], Format]] = {
    ".csv": Csv,
    ".csv.gz": lambda path: Csv(path, packed=True),
    ".jsonl": JsonLines,
    ".jsonl.gz": lambda path: JsonLines(path, packed=True),
    ".parquet": Parquet,
}


def _json(name: str, column: pa.Array) -> pa.Array:
    """Every value as JSON has it. The shop's own texts have nothing to escape."""
    text = column.cast(pa.string())
    quoted = pc.binary_join_element_wise('"', text, '"', "")
    if name == "quantity":  # a word is a text, a number is one
        quoted = pc.if_else(pc.match_substring_regex(text, r"^-?\d+$"), text, quoted)
    elif not pa.types.is_string(column.type):
        quoted = text
    return pc.fill_null(quoted, "null")
