"""Ordered runs of lines on disk: written once, read back a chunk at a time.

Kept apart from sorting because only here can a disk be full. Each run is one Arrow file,
compressed, and opened anew for every chunk, so that any number of them holds no handle.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa

from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Of dozens of runs a chunk each is in memory, and once more while they are put in order.
CHUNK_ROWS = 4_096
CHUNK_BYTES = 1 << 19


class Run:
    """One run: `append` while it is written, `close`, then iterate, as often as wanted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._chunks = 0
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def append(self, lines: pa.RecordBatch) -> None:
        with _on_disk(self._path):
            if self._writer is None:
                options = pa.ipc.IpcWriteOptions(compression="lz4")
                self._writer = pa.ipc.new_file(str(self._path), lines.schema, options=options)
            for chunk in chunked(lines):
                self._writer.write_batch(chunk)
                self._chunks += 1

    def close(self) -> None:
        if self._writer is not None:
            with _on_disk(self._path):
                self._writer.close()
            self._writer = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return (self._load(chunk) for chunk in range(self._chunks))

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def _load(self, chunk: int) -> pa.RecordBatch:
        with _on_disk(self._path), pa.OSFile(str(self._path)) as file:
            return pa.ipc.open_file(file).get_batch(chunk)


def chunked(lines: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Slices that are bounded in rows and, as far as rows are of a size, in bytes.

    >>> [len(chunk) for chunk in chunked(pa.record_batch({"n": range(20_000)}))]
    [4096, 4096, 4096, 4096, 3616]
    """
    row_bytes = max(1, lines.nbytes // max(1, lines.num_rows))
    rows = max(1, min(CHUNK_ROWS, CHUNK_BYTES // row_bytes))
    return (lines.slice(start, rows) for start in range(0, lines.num_rows, rows))


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceError(
            f"can't sort on disk in {path.parent.parent}: {_said(error)}. "
            "Name a folder with more room with --temp-folder."
        ) from error


def _said(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
