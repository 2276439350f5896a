"""Numbers as JSON has them, by the thousand: rounded to some digits, and without the interpreter.

What is computed has fifteen digits and a noise of two more; nobody reads past a dozen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled

if TYPE_CHECKING:
    from stream.log.batch import Bytes
    from stream.model.arrays import Floats, Ints

DIGITS, FEW_DIGITS = 12, 7
"""Few are what 32 bits have."""

MOST_LETTERS = 24
"""Of any number: a sign, the digits, a point and zeros beside it, or an exponent."""

LEAST = 1e-280
"""Less than this is 0: what it is multiplied by would be more than a float can hold."""

TEN = np.uint64(10)
TENS = np.array([10.0**power for power in range(309)])
"""All that floats have. Compiled code comes to others where powers are large."""

NULL = np.frombuffer(b"null", np.uint8)
ZERO, POINT, MINUS, EXPONENT = b"0.-e"
FIRST_WITH_ZEROS, LAST_WITH_ZEROS = -4, 16
"""Where the point may lie and zeros still stand for its place: 0.000001 is 1e-6 instead."""


def in_digits(numbers: Floats, most: int = DIGITS) -> tuple[Bytes, Ints, Ints]:
    """Their texts, and where each begins and how long it is; null for what isn't finite.

    >>> texts, starts, lengths = in_digits(np.array([0.1 + 0.2, -1.0, np.nan, 2e-7]))
    >>> [texts[at : at + long].tobytes() for at, long in zip(starts, lengths)]
    [b'0.3', b'-1.0', b'null', b'2e-7']
    """
    texts = np.empty(len(numbers) * MOST_LETTERS, np.uint8)
    ends = np.empty(len(numbers) + 1, np.int64)
    _write_all(numbers, most, texts, ends)
    return texts[: ends[-1]], ends[:-1], np.diff(ends)


def whole_numbers(numbers: Ints) -> tuple[Bytes, Ints, Ints]:
    """The same for whole numbers, none below zero, and with every digit.

    >>> texts, starts, lengths = whole_numbers(np.array([0, 1024]))
    >>> [texts[at : at + long].tobytes() for at, long in zip(starts, lengths)]
    [b'0', b'1024']
    """
    texts = np.empty(len(numbers) * MOST_LETTERS, np.uint8)
    ends = np.empty(len(numbers) + 1, np.int64)
    _write_wholes(numbers, texts, ends)
    return texts[: ends[-1]], ends[:-1], np.diff(ends)


@compiled
def _write_wholes(numbers: Ints, texts: Bytes, ends: Ints) -> None:
    ends[0] = 0
    into = bare(texts)
    for place in range(len(numbers)):
        ends[place + 1] = _write_whole(numbers[place], into, ends[place])


@compiled
def _write_all(numbers: Floats, most: int, texts: Bytes, ends: Ints) -> None:
    ends[0] = 0
    into = bare(texts)
    for place in range(len(numbers)):
        ends[place + 1] = _write(numbers[place], most, into, ends[place])


@compiled
def _write(number: float, most: int, into: Bytes, at: int) -> int:
    """Each gives where it ended."""
    if not np.isfinite(number):
        for letter in NULL:
            into[at] = letter
            at += 1
        return at
    if np.signbit(number):
        into[at] = MINUS
        at += 1
    digits, count, point = _rounded(abs(number), most)
    if FIRST_WITH_ZEROS <= point <= LAST_WITH_ZEROS:
        return _with_zeros(digits, count, point, into, at)
    return _with_exponent(digits, count, point, into, at)


@compiled
def _rounded(number: float, most: int) -> tuple[np.uint64, int, int]:
    """Its digits as a whole number without zeros at its end, how many these are, and how many
    of them lie before the point: 0.012 is 12, 2, -1."""
    if number < LEAST:
        return np.uint64(0), 1, 1
    point = int(np.floor(np.log10(number))) + 1
    shift = most - point
    scaled = number * TENS[shift] if shift >= 0 else number / TENS[-shift]
    digits, count = np.uint64(np.rint(scaled)), most
    if digits >= np.uint64(TENS[most]):
        point += 1
        digits //= TEN
    while digits % TEN == 0:
        digits //= TEN
        count -= 1
    return digits, count, point


@compiled
def _with_zeros(digits: np.uint64, count: int, point: int, into: Bytes, at: int) -> int:
    """Zeros before the digits, or behind them, where the point lies outside of them."""
    if point <= 0:
        into[at], into[at + 1] = ZERO, POINT
        return _digits(digits, count, into, _zeros(-point, into, at + 2))
    if point < count:
        return _with_point(digits, count, point, into, at)
    end = _zeros(point - count, into, _digits(digits, count, into, at))
    into[end], into[end + 1] = POINT, ZERO
    return end + 2


@compiled
def _with_exponent(digits: np.uint64, count: int, point: int, into: Bytes, at: int) -> int:
    """The first digit, the others behind a point, and ten to the power of what is left."""
    at = _with_point(digits, count, 1, into, at) if count > 1 else _digits(digits, count, into, at)
    into[at] = EXPONENT
    at, power = at + 1, point - 1
    if power < 0:
        into[at] = MINUS
        at += 1
    return _write_whole(abs(power), into, at)


@compiled
def _write_whole(number: int, into: Bytes, at: int) -> int:
    digits = np.uint64(number)
    count, rest = 1, digits // TEN
    while rest:
        count, rest = count + 1, rest // TEN
    return _digits(digits, count, into, at)


@compiled
def _with_point(digits: np.uint64, count: int, point: int, into: Bytes, at: int) -> int:
    """So many digits, one of them at least, and fewer than all, before the point."""
    end = _digits(digits, count, into, at + 1)
    for place in range(at, at + point):
        into[place] = into[place + 1]
    into[at + point] = POINT
    return end


@compiled
def _digits(digits: np.uint64, count: int, into: Bytes, at: int) -> int:
    for place in range(at + count - 1, at - 1, -1):
        rest = digits // TEN
        into[place] = ZERO + digits - rest * TEN
        digits = rest
    return at + count


@compiled
def _zeros(count: int, into: Bytes, at: int) -> int:
    for place in range(at, at + count):
        into[place] = ZERO
    return at + count
