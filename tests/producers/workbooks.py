"""The smallest Excel files that Excel's readers take, written by hand: nothing here writes them.

An .xlsx is a ZIP of XML; an .xls a compound file whose one stream has a record for each cell.
"""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Cell = str | int | float
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Cell]]]) -> Path:
    """Cells get references, as every writer gives them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}"/>'
            for n, _ in enumerate(sheets, start=1)
        )
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{BOOK_TYPE}"/>{parts}</Types>',
        )
        book.writestr("_rels/.rels", _relations({"officeDocument": ["xl/workbook.xml"]}))
        names = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in enumerate(sheets, start=1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>',
        )
        files = [f"worksheets/sheet{n}.xml" for n, _ in enumerate(sheets, start=1)]
        book.writestr("xl/_rels/workbook.xml.rels", _relations({"worksheet": files}))
        for file, rows in zip(files, sheets.values(), strict=True):
            book.writestr(f"xl/{file}", sheet_xml(rows))
    return path


def sheet_xml(rows: Sequence[Sequence[Cell]]) -> str:
    lines = [
        f'<row r="{number}">'
        + "".join(_cell(f"{_letters(place)}{number}", cell) for place, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    ]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(reference: str, cell: Cell) -> str:
    if cell == "":
        return ""
    if isinstance(cell, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{reference}"><v>{cell}</v></c>'


def _letters(place: int) -> str:
    return chr(ord("A") + place)


def _relations(targets: dict[str, list[str]]) -> str:
    every = [(kind, target) for kind, files in targets.items() for target in files]
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
            for n, (kind, target) in enumerate(every, start=1)
        )
        + "</Relationships>"
    )


def write_xls(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    """One sheet of BIFF8 records in a compound file."""
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet += _xls_cell(place, column, cell)
    sheet += _record(0x0A, b"")
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    name = b"orders"
    bound_length = 4 + 8 + len(name)
    start = len(begin) + bound_length + 4
    bound = _record(0x85, struct.pack("<IHBB", start, 0, len(name), 0) + name)
    path.write_bytes(_compound_file(begin + bound + _record(0x0A, b"") + sheet))
    return path


def _xls_cell(row: int, column: int, cell: Cell) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if cell == "":
        return b""
    if isinstance(cell, str):
        return _record(0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", cell))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR_BYTES, SMALLEST_STREAM_BYTES = 512, 4096


def _compound_file(stream: bytes) -> bytes:
    """Sector 0 is the allocation table, 1 the directory, the stream fills the rest."""
    size = max(len(stream), SMALLEST_STREAM_BYTES)
    sectors = -(-size // SECTOR_BYTES)
    chain = [FAT, END, *range(3, 2 + sectors), END]
    table = struct.pack("<128I", *(chain + [FREE] * (128 - len(chain))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        SMALLEST_STREAM_BYTES,
        END,
        0,
        END,
        0,
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, END, 0, child=1)
    directory += _entry("Workbook", 2, 2, size) + _entry("", 0, 0, 0) * 2
    return header + table + directory + stream.ljust(sectors * SECTOR_BYTES, b"\0")


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, FREE, FREE, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
