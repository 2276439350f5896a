"""Plain transactions read straight from bytes into columns, by a compiled loop.

Plain is what nearly every line is: known fields once each, ASCII text without escapes, ordinary
numbers and times, ids and a price given. Whatever is anything else is left alone, and said to
be, so that the other readers judge it; what is read here is what they would read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY, MAX_TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.log.batch import Bytes, Ints

    Bare = tuple[Ints, NDArray[np.float64], Ints]  # texts, numbers and times, column by column

# Texts come first, numbers after them: a field's place is its column's.
TEXTS = ("customer_id", "event_id", "order_id", "product_id", "category", "country")
NUMBERS = ("quantity", "unit_price", "discount", "amount")
OTHERS = ("occurred_at", "time_known", "type", "schema_version")
FIELDS = (*TEXTS, *NUMBERS, *OTHERS)
LONGEST = max(map(len, FIELDS))

CUSTOMER, EVENT, ORDER = 0, 1, 2
QUANTITY, PRICE, DISCOUNT, AMOUNT = 6, 7, 8, 9
OCCURRED, TIME_KNOWN, TYPE, VERSION = 10, 11, 12, 13
NEEDED = 1 << CUSTOMER | 1 << EVENT | 1 << ORDER | 1 << OCCURRED

# Whole numbers up to here are floats exactly, and so is their quotient by 10, 100 … rounded once.
EXACT_DIGITS = 15
LOWEST = np.array([-MAX_QUANTITY, 0.0, 0.0, -MAX_MONEY])
HIGHEST = np.array([MAX_QUANTITY, MAX_MONEY, MAX_MONEY, MAX_MONEY])

NAMES = np.zeros((len(FIELDS), LONGEST), np.uint8)
for place, name in enumerate(FIELDS):
    NAMES[place, : len(name)] = np.frombuffer(name.encode(), np.uint8)

# A name's length and first letter tell which it can be; no two fields agree in both.
BY_SHAPE = np.full((256, 256), -1, np.int8)
for place, name in enumerate(FIELDS):
    BY_SHAPE[len(name), ord(name[0])] = place

# Printable ASCII, but for the quote and the backslash.
IN_TEXT = np.zeros(256, np.bool_)
IN_TEXT[0x20:0x7F] = True
IN_TEXT[[0x22, 0x5C]] = False
TRANSACTION = np.frombuffer(b"transaction", np.uint8)
TRUE, FALSE = np.frombuffer(b"true", np.uint8), np.frombuffer(b"false", np.uint8)

NOT_PLAIN = -1


@compiled
def scan(
    data: Bytes,
    starts: Ints,
    lengths: Ints,
    texts: Ints,
    numbers: NDArray[np.float64],
    times: Ints,
) -> NDArray[np.bool_]:
    """Fills the columns of every plain line, and says which lines are.

    `texts` is (12, n): start and length of each text, length -1 for none. `numbers` is (4, n):
    quantity, price, discount, amount. `times` is (3, n): milliseconds, offset, time known.
    """
    rows = len(starts)
    plain = np.empty(rows, np.bool_)
    columns = bare(texts), bare(numbers), bare(times)
    for i in range(rows):
        end = starts[i] + lengths[i]
        plain[i] = lengths[i] > 0 and _line(bare(data), starts[i], end, i, rows, columns)
    return plain


@compiled
def _line(data: Bytes, at: int, end: int, i: int, rows: int, columns: Bare) -> bool:
    texts, numbers, times = columns
    for text in range(6):
        texts[2 * text * rows + i], texts[(2 * text + 1) * rows + i] = at, -1
    numbers[i], numbers[2 * rows + i] = 1.0, 0.0
    times[2 * rows + i] = 1
    seen = 0
    at = _after(data, _space(data, at, end), end, 0x7B)
    while 0 <= at < end:
        field, at = _name(data, _space(data, at, end), end)
        if at < 0 or seen >> field & 1:
            return False
        seen |= 1 << field
        at = _space(data, _after(data, _space(data, at, end), end, 0x3A), end)
        at = _space(data, _value(data, at, end, field, i, rows, columns), end)
        if 0 <= at < end and data[at] == 0x2C:
            at += 1
        else:
            at = _space(data, _after(data, at, end, 0x7D), end)
            break
    return at == end and seen & NEEDED == NEEDED and _settled(numbers, i, rows, seen)


@compiled
def _value(data: Bytes, at: int, end: int, field: int, i: int, rows: int, columns: Bare) -> int:
    """Where the value ends, or a number below zero where it isn't plain."""
    texts, numbers, times = columns
    if field < QUANTITY:
        stop = _text(data, at, end)
        texts[2 * field * rows + i], texts[(2 * field + 1) * rows + i] = at + 1, stop - at - 2
    elif field <= AMOUNT:
        number, stop = _number(data, at, end)
        place = field - QUANTITY
        numbers[place * rows + i] = number
        stop = stop if LOWEST[place] <= number <= HIGHEST[place] else NOT_PLAIN
    elif field == OCCURRED:
        stop = _text(data, at, end)
        read, thousandths, offset = _instant(data, at + 1, stop - at - 2)
        times[i], times[rows + i] = thousandths, offset
        stop = stop if read else NOT_PLAIN
    elif field == TIME_KNOWN:
        known = at < end and data[at] == TRUE[0]
        times[2 * rows + i] = 1 if known else 0
        stop = _word(data, at, end, TRUE) if known else _word(data, at, end, FALSE)
    elif field == TYPE:
        stop = _after(data, _word(data, _after(data, at, end, 0x22), end, TRANSACTION), end, 0x22)
    else:
        number, stop = _number(data, at, end)
        stop = stop if 1 <= number <= 9 and stop == at + 1 else NOT_PLAIN
    return stop


@compiled
def _settled(numbers: NDArray[np.float64], i: int, rows: int, seen: int) -> bool:
    """Price and amount, each from the other, as `amounts.settle` has them."""
    quantity, discount = numbers[i], numbers[2 * rows + i]
    has_price, has_amount = seen >> PRICE & 1 == 1, seen >> AMOUNT & 1 == 1
    if has_price and has_amount:
        return True
    if has_price:
        amount = quantity * numbers[rows + i] - discount + 0.0
        numbers[3 * rows + i] = amount
        return bool(abs(amount) <= MAX_MONEY)
    if quantity == 0:
        numbers[rows + i] = np.nan
        return has_amount
    price = (numbers[3 * rows + i] + discount) / quantity + 0.0
    numbers[rows + i] = price
    return has_amount and bool(0 <= price <= MAX_MONEY)


@compiled
def _space(data: Bytes, at: int, end: int) -> int:
    while 0 <= at < end and data[at] <= 0x20:
        if data[at] not in (0x20, 0x09, 0x0A, 0x0D):
            return NOT_PLAIN
        at += 1
    return at


@compiled
def _after(data: Bytes, at: int, end: int, byte: int) -> int:
    return at + 1 if 0 <= at < end and data[at] == byte else NOT_PLAIN


@compiled
def _name(data: Bytes, at: int, end: int) -> tuple[int, int]:
    stop = _text(data, at, end)
    length = stop - at - 2
    if not 0 < length <= LONGEST:
        return 0, NOT_PLAIN
    field = BY_SHAPE[length, data[at + 1]]
    if field < 0:
        return 0, NOT_PLAIN
    for k in range(length):
        if data[at + 1 + k] != NAMES[field, k]:
            return 0, NOT_PLAIN
    return field, stop


@compiled
def _text(data: Bytes, at: int, end: int) -> int:
    """After the closing quote of 1 to 256 printable ASCII characters without escapes."""
    start = at = _after(data, at, end, 0x22)
    while 0 <= at < end and IN_TEXT[data[at]]:
        at += 1
    closed = 0 <= at < end and data[at] == 0x22
    return at + 1 if closed and 1 <= at - start <= MAX_TEXT else NOT_PLAIN


@compiled
def _word(data: Bytes, at: int, end: int, word: Bytes) -> int:
    if at < 0 or at + len(word) > end:
        return NOT_PLAIN
    for k in range(len(word)):
        if data[at + k] != word[k]:
            return NOT_PLAIN
    return at + len(word)


@compiled
def _number(data: Bytes, at: int, end: int) -> tuple[float, int]:
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
def _instant(data: Bytes, at: int, length: int) -> tuple[bool, int, int]:
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
