"""Every record of a replay says in a header which place of which replay it is.

So the log itself knows how far a replay got: going on after a crash reads each
partition's tail, and needs no note of its own that could be lost or stale.

A row is `FINGERPRINT:000000000042`. A tick is `FINGERPRINT:000000000042t03`: the third
in front of row 42. Fingerprint and numbers have a fixed width, so that the headers of a
whole batch are one matrix of bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from stream.log.headers import encode_headers

if TYPE_CHECKING:
    from stream.log.batch import Bytes, Ints, Record

Number = TypeVar("Number", int, "Ints")

HEADER = "shoal-row"
FINGERPRINT_LENGTH = 12
ROW_DIGITS = 12
TICK_DIGITS = 2
# In front of a row there is room for the ticks 0 (a replay's end) to 62; the row comes last.
PLACES_PER_ROW = 64
ROW_ITSELF = PLACES_PER_ROW - 1

_MARK = re.compile(rb"([0-9a-f]{12}):(\d{12})(?:t(\d\d))?")


class Mark(NamedTuple):
    """A place in a replay: rows and their ticks counted as one ascending number."""

    fingerprint: str
    place: int


def place_of_row(row: Number) -> Number:
    return row * PLACES_PER_ROW + ROW_ITSELF


def place_of_tick(row: Number, tick: Number) -> Number:
    return row * PLACES_PER_ROW + tick


def row_headers(fingerprint: str, rows: Ints) -> Bytes:
    """The headers of these rows in wire form, one after the other, all of one length."""
    template = np.frombuffer(encode_headers([(HEADER, _text(fingerprint, 0))]), np.uint8)
    headers = np.tile(template, (len(rows), 1))
    rest = rows.copy()
    for digit in range(1, ROW_DIGITS + 1):
        rest, last = np.divmod(rest, 10)
        headers[:, -digit] = last + ord("0")
    return headers.reshape(-1)


def tick_headers(fingerprint: str, row: int, tick: int) -> tuple[tuple[str, bytes], ...]:
    return ((HEADER, _text(fingerprint, row) + f"t{tick:0{TICK_DIGITS}}".encode()),)


def mark_of(record: Record) -> Mark | None:
    """The record's place in the replay that sent it; null where none did.

    >>> from stream.log.batch import Record
    >>> mark_of(Record(None, None, 0, tick_headers("0123456789ab", 42, 3)))
    Mark(fingerprint='0123456789ab', place=2691)
    """
    value = dict(record.headers).get(HEADER)
    match = _MARK.fullmatch(value or b"")
    if match is None:
        return None
    fingerprint, row, tick = match.groups()
    place = place_of_row(int(row)) if tick is None else place_of_tick(int(row), int(tick))
    return Mark(fingerprint.decode(), place)


def _text(fingerprint: str, row: int) -> bytes:
    assert len(fingerprint) == FINGERPRINT_LENGTH
    return f"{fingerprint}:{row:0{ROW_DIGITS}}".encode()
