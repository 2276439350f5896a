"""Bytes that can be read from the start again and again, wherever they are kept.

A plain file, a gzip and a member of a ZIP look the same from here on; formats that
need to jump about (Parquet, SQLite, Excel) get them as a file on disk.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import pyarrow as pa

from producers.sources.damage import DAMAGE
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from producers.sources.limits import Limits

CHUNK_BYTES = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, weakref_slot=True)
class OnDisk:
    """A file; where it was unpacked to, it goes when nothing refers to this any more."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Stored:
    """`file` is set where these bytes are a file as they are."""

    name: str
    open: Callable[[], Readable]
    packed_bytes: int
    file: OnDisk | None = None

    def head(self, size: int) -> bytes:
        """The first bytes, fewer where there are fewer."""
        try:
            with closing(self.open()) as stream:
                return read_fully(stream, size)
        except DAMAGE as error:
            raise SourceError(f"{self.name} can't be read: {error}") from error


def stored_file(path: Path) -> Stored:
    """The file as it is, or what is in it where it is a gzip."""
    try:
        file = OnDisk(path.name, path)
        return unzipped(Stored(path.name, lambda: path.open("rb"), path.stat().st_size, file))
    except FileNotFoundError as error:
        raise SourceError(f"{path} doesn't exist: check the name") from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror or error}") from error


def unzipped(stored: Stored) -> Stored:
    """The same, gunzipped on the way where it is a gzip."""
    if not stored.head(2).startswith(GZIP_MAGIC):
        return stored
    return Stored(
        stored.name,
        lambda: pa.CompressedInputStream(stored.open(), "gzip"),
        stored.packed_bytes,
    )


def on_disk(stored: Stored, limits: Limits) -> OnDisk:
    """These bytes as a file, unpacked within `limits` where they aren't one."""
    if stored.file is not None:
        return stored.file
    handle, name = tempfile.mkstemp(prefix="shoal-unpacked-")
    file = OnDisk(stored.name, Path(name))
    weakref.finalize(file, file.path.unlink, missing_ok=True)
    try:
        with os.fdopen(handle, "wb") as unpacked, closing(stored.open()) as stream:
            _copy(stored, stream, unpacked, limits)
    except DAMAGE as error:
        raise SourceError(f"{stored.name} can't be unpacked: {error}") from error
    return file


def _copy(stored: Stored, stream: Readable, to: BinaryIO, limits: Limits) -> None:
    unpacked = 0
    while chunk := stream.read(CHUNK_BYTES):
        unpacked += len(chunk)
        limits.check_unpacked(stored.name, packed=stored.packed_bytes, unpacked=unpacked)
        to.write(chunk)


def read_fully(stream: Readable, size: int) -> bytes:
    """`size` bytes unless the stream ends first: a single read may return fewer."""
    chunks: list[bytes] = []
    while size > 0 and (chunk := stream.read(size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
