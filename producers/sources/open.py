"""From a path to a source. What a file is, is read off its first bytes, not its name."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from producers.sources.archive import open_archive
from producers.sources.damage import DAMAGE
from producers.sources.delimited import DelimitedSource
from producers.sources.download import SCHEMES, downloaded
from producers.sources.encoding import Utf8Stream
from producers.sources.jsonlines import JsonLinesSource
from producers.sources.limits import Limits
from producers.sources.stored import OnDisk, Stored, on_disk, stored_file
from stream.errors import SourceError

if TYPE_CHECKING:
    from producers.sources.seam import Source

HEAD_BYTES = 4096
CHOICE = "::"  # shop.db::sales, book.xlsx::Sheet2, sales.zip::2011.csv
PARTS_OF_XLSX = {"[Content_Types].xml", "xl/workbook.xml"}


def open_source(path_or_url: str | Path, limits: Limits | None = None) -> Source:
    """The dataset there, where `FILE::NAME` chooses a table, sheet or member.

    Raises SourceError where there is none that can be read.
    """
    limits = limits or Limits()
    place, choice = _place_and_choice(path_or_url)
    stored = downloaded(place, limits) if place.startswith(SCHEMES) else stored_file(Path(place))
    if stored.head(2).startswith(b"PK") and not _is_xlsx(file := on_disk(stored, limits)):
        return open_archive(
            stored.name, file, limits, choice, lambda member: _open(member, limits, None)
        )
    return _open(stored, limits, choice)


def _place_and_choice(path_or_url: str | Path) -> tuple[str, str | None]:
    text = str(path_or_url)
    if CHOICE not in text or Path(text).exists():
        return text, None
    place, _, choice = text.rpartition(CHOICE)
    return place, choice


def _open(stored: Stored, limits: Limits, choice: str | None) -> Source:
    head = stored.head(HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return _without_choice(choice, stored, _parquet(stored, limits))
    if head.startswith(b"SQLite format 3\0"):
        return _sqlite(stored, limits, choice)
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return _excel(stored, limits, choice, zipped=head.startswith(b"PK"))
    is_json = Utf8Stream(BytesIO(head)).read().lstrip().startswith((b"{", b"["))
    return _without_choice(
        choice, stored, JsonLinesSource(stored) if is_json else DelimitedSource(stored)
    )


def _without_choice(choice: str | None, stored: Stored, source: Source) -> Source:
    if choice is not None:
        raise SourceError(f"{stored.name} is one table: leave {CHOICE}{choice} away")
    return source


def _parquet(stored: Stored, limits: Limits) -> Source:
    from producers.sources.parquet import ParquetSource

    return ParquetSource(stored.name, on_disk(stored, limits))


def _sqlite(stored: Stored, limits: Limits, table: str | None) -> Source:
    from producers.sources.sqlite import SqliteSource

    return SqliteSource(stored.name, on_disk(stored, limits), table)


def _excel(stored: Stored, limits: Limits, sheet: str | None, *, zipped: bool) -> Source:
    from producers.sources.excel import ExcelSource

    file = on_disk(stored, limits)
    if zipped and not _is_xlsx(file):
        raise SourceError(f"{stored.name} is an archive in an archive: unpack the outer one first")
    return ExcelSource(stored.name, file, limits, sheet, zipped=zipped)


def _is_xlsx(file: OnDisk) -> bool:
    try:
        with zipfile.ZipFile(file.path) as archive:
            return set(archive.namelist()) >= PARTS_OF_XLSX
    except DAMAGE as error:
        raise SourceError(f"{file.name} is no whole ZIP or Excel file: {error}") from error
