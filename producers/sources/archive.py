"""A ZIP of tables: one member, or several of the same columns read after each other.

Nothing is unpacked under a member's own name, so a name that points out of the archive
is only a name.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from producers.sources.damage import DAMAGE
from producers.sources.stored import OnDisk, Stored, unzipped
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from producers.sources.limits import Limits
    from producers.sources.seam import RawBatch, Source
    from producers.sources.stored import Readable

TABLE_SUFFIXES = (
    *(".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson"),
    *(".xlsx", ".xlsm", ".xls", ".parquet", ".db", ".sqlite", ".sqlite3"),
)
ENCRYPTED = 1  # the flag's bit
MOST_NAMED = 20


class ArchiveSource:
    """The members one after another, as one source; see `Source`."""

    def __init__(self, name: str, members: list[Source]) -> None:
        self.name = name
        self._members = members
        self.columns = members[0].columns
        self.may_use_decimal_comma = any(member.may_use_decimal_comma for member in members)

    def described(self) -> str:
        first = self._members[0].described()
        return f"ZIP of {len(self._members)} files, the first: {first}"

    def batches(self) -> Iterator[RawBatch]:
        """Numbers go on from one member to the next."""
        rows_before = 0
        for member in self._members:
            rows_in_member = 0
            for batch in member.batches():
                yield _shifted(batch, rows_before)
                rows_in_member = batch.end_row - 1
            rows_before += rows_in_member


def _shifted(batch: RawBatch, rows: int) -> RawBatch:
    broken = tuple(replace(row, number=row.number + rows) for row in batch.broken)
    return replace(batch, first_row=batch.first_row + rows, broken=broken)


def open_archive(
    name: str,
    file: OnDisk,
    limits: Limits,
    choice: str | None,
    open_member: Callable[[Stored], Source],
) -> Source:
    """The table in the ZIP, or all of them where they have the same columns."""
    infos = _tables(name, file, choice)
    unpacked = sum(info.file_size for info in infos)
    limits.check_unpacked(name, packed=file.path.stat().st_size, unpacked=unpacked)
    sources = [open_member(_member(name, file, info)) for info in infos]
    for source in sources[1:]:
        if source.columns != sources[0].columns:
            raise SourceError(
                f"{name} holds tables of different columns: {sources[0].name} has "
                f"{', '.join(sources[0].columns)}; {source.name} has {', '.join(source.columns)}. "
                f"Name one of the two instead of {name}"
            )
    return sources[0] if len(sources) == 1 else ArchiveSource(name, sources)


def _tables(name: str, file: OnDisk, choice: str | None) -> list[zipfile.ZipInfo]:
    """The chosen member, or every one that looks like a table, by name."""
    infos = _infos(name, file)
    tables = [info for info in infos if _is_table(info) and choice in (None, info.filename)]
    if not tables:
        held = ", ".join(info.filename for info in infos[:MOST_NAMED]) or "nothing"
        missing = f"no table {choice!r}" if choice else "no table that can be read"
        raise SourceError(f"{name} has {missing} in it: it holds {held}")
    for info in tables:
        if info.flag_bits & ENCRYPTED:
            raise SourceError(f"{name}: {info.filename} is encrypted: unpack it first")
    return tables


def _infos(name: str, file: OnDisk) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(file.path) as archive:
            return sorted(archive.infolist(), key=lambda info: info.filename)
    except DAMAGE as error:
        raise SourceError(f"{name} is no whole ZIP: {error}") from error


def _is_table(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename.removesuffix(".gz"))
    is_debris = info.filename.startswith("__MACOSX/") or path.name.startswith(".")
    is_table = path.suffix.lower() in TABLE_SUFFIXES  # which no name without letters has
    return is_table and not is_debris and not info.is_dir()


def _member(name: str, file: OnDisk, info: zipfile.ZipInfo) -> Stored:
    def opened() -> Readable:
        return MemberStream(file, info)

    return unzipped(Stored(f"{name}::{info.filename}", opened, info.compress_size))


class MemberStream:
    """One member's bytes. What zipfile and zlib raise for damage becomes an OSError."""

    closed = False

    def __init__(self, file: OnDisk, info: zipfile.ZipInfo) -> None:
        self._archive = zipfile.ZipFile(file.path)
        try:
            self._stream = self._archive.open(info)
        except DAMAGE as error:
            self._archive.close()
            raise OSError(str(error)) from error

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._stream.read(size)
        except DAMAGE as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        self.closed = True
        self._stream.close()
        self._archive.close()

    def readable(self) -> bool:
        return True
