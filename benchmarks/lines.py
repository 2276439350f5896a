"""Sales as JSON lines, written into the bytes of a template: millions in seconds.

All lines are equally long, so that a batch is a table of bytes and a field some of its columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.log.batch import RecordBatch, Records, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.log.batch import Ints

LINE = (
    b'{"schema_version":1,"customer_id":"c--------","occurred_at":"-----------------------Z",'
    b'"event_id":"e---------","order_id":"o---------","product_id":"p-----","quantity":-.0,'
    b'"unit_price":--.--,"amount":------}'
)
"""Amounts below 100 have a blank before them, as JSON allows."""


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """An entry a line, in order of time; prices are in cents, from 1,000 to 9,999."""

    customer: Ints
    at_ms: Ints
    event: Ints
    order: Ints
    product: Ints
    quantity: Ints
    cents: Ints

    def __len__(self) -> int:
        return len(self.customer)

    def take(self, rows: Ints | slice) -> Sales:
        return Sales(*(getattr(self, name)[rows] for name in self.__slots__))


def records_of(sales: Sales, written_ms: int) -> Records:
    """The lines as records, keyed by their customers' ids: over bytes of their own."""
    count, width = len(sales), len(LINE)
    table = np.tile(np.frombuffer(LINE, np.uint8), (count, 1))
    _digits(table, b'"c--------"', 2, 8, sales.customer)
    _digits(table, b'"e---------"', 2, 9, sales.event)
    _digits(table, b'"o---------"', 2, 9, sales.order)
    _digits(table, b'"p-----"', 2, 5, sales.product)
    _digits(table, b":-.0", 1, 1, sales.quantity)
    _digits(table, b":--.--", 1, 2, sales.cents // 100)
    _digits(table, b".--,", 1, 2, sales.cents)
    _write_amounts(table, sales.cents * sales.quantity)
    _write_times(table, sales.at_ms)
    begins = np.arange(count) * width
    keys = Spans(begins + LINE.index(b'"c-') + 1, np.full(count, 9))
    values, none = Spans(begins, np.full(count, width)), Spans(begins, np.zeros(count, np.int64))
    return Records(table.reshape(-1), keys, values, none, np.full(count, written_ms))


def batch_of(records: Records, first_offset: int, topic: str = "transactions") -> RecordBatch:
    end = first_offset + len(records)
    return RecordBatch(topic, 0, np.arange(first_offset, end), end, records)


def _digits(
    table: NDArray[np.uint8], where: bytes, skipped: int, places: int, numbers: Ints
) -> None:
    last = LINE.index(where) + skipped + places - 1
    for place in range(places):
        table[:, last - place] = ord("0") + numbers // 10**place % 10


def _write_amounts(table: NDArray[np.uint8], cents: Ints) -> None:
    first = LINE.index(b":------}") + 1
    _digits(table, b":------}", 1, 3, cents // 100)
    table[cents < 10_000, first] = ord(" ")
    table[:, first + 3] = ord(".")
    for place in (0, 1):
        table[:, first + 5 - place] = ord("0") + cents // 10**place % 10


def _write_times(table: NDArray[np.uint8], at_ms: Ints) -> None:
    texts = np.datetime_as_string(at_ms.astype("datetime64[ms]"), unit="ms")
    letters = texts.view(np.uint32).reshape(len(texts), -1)  # with room for later years behind
    first = LINE.index(b"-----------------------Z")
    table[:, first : first + 23] = letters[:, :23]
