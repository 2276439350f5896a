"""Plain transactions read straight from bytes into columns, by a compiled loop.

Plain is what nearly every line is: known fields once each, ASCII text without escapes, ordinary
numbers and times, ids and a price given. Whatever is anything else is left alone, and said to
be, so that the other readers judge it; what is read here is what they would read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled
from stream.contracts.bounds import MAX_MONEY, MAX_QUANTITY
from stream.contracts.plain_pieces import (
    NOT_PLAIN,
    instant,
    number,
    skip_byte,
    skip_space,
    text_end,
    word_end,
)

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

LOWEST = np.array([-MAX_QUANTITY, 0.0, 0.0, -MAX_MONEY])
HIGHEST = np.array([MAX_QUANTITY, MAX_MONEY, MAX_MONEY, MAX_MONEY])

NAMES = np.zeros((len(FIELDS), LONGEST), np.uint8)
for place, name in enumerate(FIELDS):
    NAMES[place, : len(name)] = np.frombuffer(name.encode(), np.uint8)

# A name's length and first letter tell which it can be; no two fields agree in both.
BY_SHAPE = np.full((256, 256), -1, np.int8)
for place, name in enumerate(FIELDS):
    BY_SHAPE[len(name), ord(name[0])] = place

TRANSACTION = np.frombuffer(b"transaction", np.uint8)
TRUE, FALSE = np.frombuffer(b"true", np.uint8), np.frombuffer(b"false", np.uint8)


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
    at = skip_byte(data, skip_space(data, at, end), end, 0x7B)
    while 0 <= at < end:
        field, at = _name(data, skip_space(data, at, end), end)
        if at < 0 or seen >> field & 1:
            return False
        seen |= 1 << field
        at = skip_space(data, skip_byte(data, skip_space(data, at, end), end, 0x3A), end)
        at = skip_space(data, _value(data, at, end, field, i, rows, columns), end)
        if 0 <= at < end and data[at] == 0x2C:
            at += 1
        else:
            at = skip_space(data, skip_byte(data, at, end, 0x7D), end)
            return at == end and seen & NEEDED == NEEDED and _settled(numbers, i, rows, seen)
    return False  # nothing at all, or cut off after a comma


@compiled
def _value(data: Bytes, at: int, end: int, field: int, i: int, rows: int, columns: Bare) -> int:
    """Where the value ends, or a number below zero where it isn't plain."""
    texts, numbers, times = columns
    if field < QUANTITY:
        stop = text_end(data, at, end)
        texts[2 * field * rows + i], texts[(2 * field + 1) * rows + i] = at + 1, stop - at - 2
    elif field <= AMOUNT:
        read, stop = number(data, at, end)
        place = field - QUANTITY
        numbers[place * rows + i] = read
        stop = stop if LOWEST[place] <= read <= HIGHEST[place] else NOT_PLAIN
    elif field == OCCURRED:
        stop = text_end(data, at, end)
        fine, thousandths, offset = instant(data, at + 1, stop - at - 2)
        times[i], times[rows + i] = thousandths, offset
        stop = stop if fine else NOT_PLAIN
    elif field == TIME_KNOWN:
        known = at < end and data[at] == TRUE[0]
        times[2 * rows + i] = 1 if known else 0
        stop = word_end(data, at, end, TRUE) if known else word_end(data, at, end, FALSE)
    elif field == TYPE:
        stop = skip_byte(
            data, word_end(data, skip_byte(data, at, end, 0x22), end, TRANSACTION), end, 0x22
        )
    else:
        read, stop = number(data, at, end)
        stop = stop if 1 <= read <= 9 and stop == at + 1 else NOT_PLAIN
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
def _name(data: Bytes, at: int, end: int) -> tuple[int, int]:
    stop = text_end(data, at, end)
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
