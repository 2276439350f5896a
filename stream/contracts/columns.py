"""A batch of records as columns of transactions, for those who fold and don't look at each.

Plain lines are read by a compiled loop, the rest one by one; both end in the same columns.
What is no transaction stands aside, by its row: a command, or why it is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.fast import Line, decode
from stream.contracts.instant import milliseconds, offset_minutes
from stream.contracts.plain import TEXTS, scan
from stream.log.batch import NULL, Spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stream.contracts.commands import Command
    from stream.contracts.refusal import Refused
    from stream.log.batch import Bytes, Ints, Records


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Row i is record i of the batch; only rows where `is_line` have values.

    Texts are spans over `buffer`, null where they are missing. `unit_price` is NaN where it
    can't be told. Times are milliseconds since 1970 and the shopper's offset in minutes.
    """

    buffer: Bytes
    customer_id: Spans
    event_id: Spans
    order_id: Spans
    product_id: Spans
    category: Spans
    country: Spans
    quantity: NDArray[np.float64]
    unit_price: NDArray[np.float64]
    discount: NDArray[np.float64]
    amount: NDArray[np.float64]
    occurred_ms: Ints
    offset_minutes: Ints
    time_known: NDArray[np.bool_]
    is_line: NDArray[np.bool_]
    others: Mapping[int, Command | Refused]

    def __len__(self) -> int:
        return len(self.is_line)

    def text(self, field: str, row: int) -> str | None:
        """One text of one line, for messages and tests."""
        starts, lengths = getattr(self, field)
        if lengths[row] == NULL:
            return None
        return str(self.buffer[starts[row] : starts[row] + lengths[row]].tobytes(), "utf-8")


def columns_of(records: Records) -> Columns:
    """Every record of the batch, decoded."""
    rows = len(records)
    texts = np.empty((2 * len(TEXTS), rows), np.int64)
    numbers, times = np.full((4, rows), np.nan), np.zeros((3, rows), np.int64)
    is_line = scan(records.buffer, *records.values, texts, numbers, times)
    reading = _Reading(records, texts, numbers, times)
    for row in np.flatnonzero(~is_line).tolist():
        is_line[row] = reading.read(row)
    customer, event, order, product, category, country = (
        Spans(texts[2 * at], texts[2 * at + 1]) for at in range(len(TEXTS))
    )
    quantity, unit_price, discount, amount = numbers
    return Columns(
        reading.buffer(),
        customer,
        event,
        order,
        product,
        category,
        country,
        quantity,
        unit_price,
        discount,
        amount,
        occurred_ms=times[0],
        offset_minutes=times[1],
        time_known=times[2] == 1,
        is_line=is_line,
        others=reading.others,
    )


class _Reading:
    """Rows that aren't plain; their texts are put behind the buffer."""

    def __init__(
        self, records: Records, texts: Ints, numbers: NDArray[np.float64], times: Ints
    ) -> None:
        self._records, self._texts, self._numbers, self._times = records, texts, numbers, times
        self._added: list[bytes] = []
        self._end = len(records.buffer)
        self.others: dict[int, Command | Refused] = {}

    def read(self, row: int) -> bool:
        decoded = decode(self._records[row].value)
        if not isinstance(decoded, Line):
            self.others[row] = decoded
            return False
        for text, name in enumerate(TEXTS):
            self._texts[2 * text : 2 * text + 2, row] = self._put(getattr(decoded, name))
        price = np.nan if decoded.unit_price is None else decoded.unit_price
        amount = decoded.amount or 0.0
        self._numbers[:, row] = decoded.quantity, price, decoded.discount, amount
        at = decoded.occurred_at
        self._times[:, row] = milliseconds(at), offset_minutes(at), decoded.time_known
        return True

    def _put(self, text: str | None) -> tuple[int, int]:
        if text is None:
            return 0, NULL
        start, encoded = self._end, text.encode()
        self._added.append(encoded)
        self._end += len(encoded)
        return start, len(encoded)

    def buffer(self) -> Bytes:
        if not self._added:
            return self._records.buffer
        return np.concatenate(
            [self._records.buffer, np.frombuffer(b"".join(self._added), np.uint8)]
        )
