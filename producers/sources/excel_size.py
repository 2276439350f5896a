"""Looks through an .xlsx before it is loaded: two cells in far corners span billions.

The loader keeps every cell between the first and the last one, and takes the archive's
word for how large its parts are. Both are checked here, without holding anything.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from producers.sources.damage import DAMAGE
from stream.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from producers.sources.limits import Limits

CHUNK_BYTES = 1 << 20
LONGEST_REFERENCE_BYTES = 32
CELL_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})?(\d{1,7})["']""")


def check_xlsx(name: str, path: Path, limits: Limits) -> None:
    """A SourceError where the file is damaged, a bomb, or has a sheet above the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            limits.check_unpacked(name, packed=path.stat().st_size, unpacked=unpacked)
            for part in archive.infolist():
                rows, columns = _extent(archive, part)
                limits.check_cells(f"{name} ({part.filename})", rows * columns)
    except DAMAGE as error:
        raise SourceError(f"{name} is damaged: {error}") from error


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """The last row and column that a worksheet names; reading to the end checks the size."""
    is_sheet = "worksheets/" in part.filename.lower()
    rows, letters = 0, {b"A"}
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(CHUNK_BYTES):
            if is_sheet and (found := CELL_REFERENCE.findall(tail + chunk)):
                letters.update(column for column, _ in found)
                rows = max(rows, *(int(row) for _, row in found), 0)
            tail = chunk[-LONGEST_REFERENCE_BYTES:]
    return rows, max(column_number(letter) for letter in letters)


def column_number(letters: bytes) -> int:
    """
    >>> column_number(b"A"), column_number(b"Z"), column_number(b"AA"), column_number(b"XFD")
    (1, 26, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
