"""The pieces of a plain line: texts, numbers, words and times, each read from its first byte.

Each takes bare bytes (see `stream.compiled.bare`), a place that may be below zero already, and
the end, and says where its piece ends, or a number below zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import compiled
from stream.contracts.bounds import MAX_TEXT

if TYPE_CHECKING:
    from stream.log.batch import Bytes

NOT_PLAIN = -1

# Whole numbers up to here are floats exactly, and so is their quotient by 10, 100 … rounded once.
EXACT_DIGITS = 15

# Printable ASCII, but for the quote and the backslash.
IN_TEXT = np.zeros(256, np.bool_)
IN_TEXT[0x20:0x7F] = True
IN_TEXT[[0x22, 0x5C]] = False


@compiled
def skip_space(data: Bytes, at: int, end: int) -> int:
    while 0 <= at < end and data[at] <= 0x20:
        if data[at] not in (0x20, 0x09, 0x0A, 0x0D):
            return NOT_PLAIN
        at += 1
    return at


@compiled
def skip_byte(data: Bytes, at: int, end: int, byte: int) -> int:
    return at + 1 if 0 <= at < end and data[at] == byte else NOT_PLAIN


@compiled
def text_end(data: Bytes, at: int, end: int) -> int:
    """After the closing quote of 1 to 256 printable ASCII characters without escapes."""
    start = at = skip_byte(data, at, end, 0x22)
    while 0 <= at < end and IN_TEXT[data[at]]:
        at += 1
    closed = 0 <= at < end and data[at] == 0x22
    return at + 1 if closed and 1 <= at - start <= MAX_TEXT else NOT_PLAIN


@compiled
def word_end(data: Bytes, at: int, end: int, word: Bytes) -> int:
    if at < 0 or at + len(word) > end:
        return NOT_PLAIN
    for k in range(len(word)):
        if data[at + k] != word[k]:
            return NOT_PLAIN
    return at + len(word)


@compiled
def number(data: Bytes, at: int, end: int) -> tuple[float, int]:
    """A decimal number of at most 15 digits without exponent, as near as a float can be."""
    negative = 0 <= at < end and data[at] == 0x2D
    start = at = at + 1 if negative else at
    value, scale, digits = 0, 1.0, 0
    while 0 <= at < end and 0x30 <= data[at] <= 0x39:
        value, digits, at = value * 10 + (data[at] - 0x30), digits + 1, at + 1
    if digits == 0 or (digits > 1 and data[start] == 0x30):
        return 0.0, NOT_PLAIN
    if at < end and data[at] == 0x2E:
        at += 1
        point = at
        while at < end and 0x30 <= data[at] <= 0x39:
            value, digits, at = value * 10 + (data[at] - 0x30), digits + 1, at + 1
            scale *= 10.0
        if at == point:
            return 0.0, NOT_PLAIN
    exponent = at < end and (data[at] == 0x45 or data[at] == 0x65)
    if digits > EXACT_DIGITS or exponent or (negative and value == 0):
        return 0.0, NOT_PLAIN
    return (-value if negative else value) / scale, at


@compiled
def instant(data: Bytes, at: int, length: int) -> tuple[bool, int, int]:
    """`2010-12-01T08:26:00` with up to six digits of a second, and `Z` or an offset."""
    end = at + length
    if length < 20 or not (
        data[at + 4] == data[at + 7] == 0x2D
        and data[at + 10] == 0x54
        and data[at + 13] == data[at + 16] == 0x3A
    ):
        return False, 0, 0
    year = _two(data, at) * 100 + _two(data, at + 2)
    month, day = _two(data, at + 5), _two(data, at + 8)
    hour, minute, second = _two(data, at + 11), _two(data, at + 14), _two(data, at + 17)
    if not (1971 <= year <= 2198 and 1 <= month <= 12 and 1 <= day <= _days(year, month)):
        return False, 0, 0
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return False, 0, 0
    thousandths, at = _fraction(data, at + 19, end)
    offset, at = _offset(data, at, end)
    minutes = (_day_number(year, month, day) * 24 + hour) * 60 + minute - offset
    return at == end, (minutes * 60 + second) * 1000 + thousandths, offset


@compiled
def _two(data: Bytes, at: int) -> int:
    tens, ones = int(data[at]) - 0x30, int(data[at + 1]) - 0x30
    return tens * 10 + ones if 0 <= tens <= 9 and 0 <= ones <= 9 else -10_000


@compiled
def _fraction(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Whole thousandths of a second, the rest cut off."""
    if at >= end or data[at] != 0x2E:
        return 0, at
    at += 1
    start, thousandths = at, 0
    while at < end and 0x30 <= data[at] <= 0x39:
        if at - start < 3:
            thousandths = thousandths * 10 + (data[at] - 0x30)
        at += 1
    for _ in range(at - start, 3):
        thousandths *= 10
    return thousandths, at if 1 <= at - start <= 6 else NOT_PLAIN


@compiled
def _offset(data: Bytes, at: int, end: int) -> tuple[int, int]:
    if 0 <= at < end and data[at] == 0x5A:
        return 0, at + 1
    if at < 0 or at + 6 != end or data[at + 3] != 0x3A:
        return 0, NOT_PLAIN
    hours, minutes = _two(data, at + 1), _two(data, at + 4)
    if not (0 <= hours <= 23 and 0 <= minutes <= 59):
        return 0, NOT_PLAIN
    if data[at] == 0x2B:
        return hours * 60 + minutes, end
    if data[at] == 0x2D:
        return -(hours * 60 + minutes), end
    return 0, NOT_PLAIN


@compiled
def _days(year: int, month: int) -> int:
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


@compiled
def _day_number(year: int, month: int, day: int) -> int:
    """Days since 1970, by counting years from March."""
    shifted = year - 1 if month <= 2 else year
    era_day = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400
    return era_day + (153 * ((month + 9) % 12) + 2) // 5 + day - 1 - 719_468
