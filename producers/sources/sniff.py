"""What the beginning of a text says about the rest: its delimiter, and whether it has a header."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_NAMES = {"\t": "tab"}
LOOKED_AT_ROWS = 200
# A header says what is below it; a cell that is itself a number or a date says nothing.
DATA_CELL = re.compile(
    r"\s*(?:[-+]?[\d.,]*\d[\d.,]*"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?)\s*"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is cut up, and the names of its columns, each of them once."""

    delimiter: str
    columns: tuple[str, ...]
    has_header: bool

    def described(self) -> str:
        kind = "TSV" if self.delimiter == "\t" else "CSV"
        delimiter = DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))
        return f"{kind}, delimiter {delimiter}" + ("" if self.has_header else ", no header")


def dialect_of(text: str) -> Dialect:
    r"""The delimiter that cuts the most rows alike into the most cells.

    >>> dialect_of("sku;price\nA1;3,50\nB2;4,25\n")
    Dialect(delimiter=';', columns=('sku', 'price'), has_header=True)
    >>> dialect_of("17850|2010-12-01|2.55\n").columns
    ('column_1', 'column_2', 'column_3')
    """
    delimiter = max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))
    first = next(iter(_rows(text, delimiter)), [])
    has_header = not any(DATA_CELL.fullmatch(cell) for cell in first)
    names = first if has_header else [""] * len(first)
    return Dialect(delimiter, unique_names(names), has_header)


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Blank names are numbered by place, repeated ones get a number behind them.

    >>> unique_names(["price", "", "price"])
    ('price', 'column_2', 'price_2')
    """
    taken: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        wanted = name.strip() or f"column_{place}"
        candidate, copy = wanted, 1
        while candidate in taken:
            copy += 1
            candidate = f"{wanted}_{copy}"
        taken[candidate] = None
    return tuple(taken)


def _fit(text: str, delimiter: str) -> tuple[bool, float, int]:
    rows = _rows(text, delimiter)
    if not rows:
        return False, 0.0, 0
    cells = len(rows[0])
    alike = sum(len(row) == cells for row in rows) / len(rows)
    return cells > 1, alike, cells


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows; the last of them may be cut off, and a wild one ends the look."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in islice(reader, LOOKED_AT_ROWS) if row)
    except csv.Error:
        return rows
    return rows[:-1] if len(rows) > 1 and not text.endswith(("\n", "\r")) else rows
