"""Transactions as the fold takes them: numbers and hashes, no text.

Made without looking at any state, so that a batch can be decoded while another is folded.
Money and quantities are whole ten-thousandths, rounded half to even: sums are then exact in
any order, for fractional quantities (0.75 kg) too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from xxhash import xxh3_64_intdigest

from stream.contracts.bounds import TEN_THOUSANDTHS
from stream.contracts.identity import SEPARATOR
from stream.contracts.instant import milliseconds, offset_minutes
from stream.profile.products import NonProducts
from stream.profile.span_texts import SpanTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from stream.contracts.fast import Line
    from stream.log.batch import Bytes
    from stream.profile.layout import Floats, Ints, Rows

TIME_KNOWN, PRODUCT = 1, 2
"""Bits of `flags`."""

CODE_BITS = 0xFFFF_FFFF


EVENT = np.dtype(
    [
        ("customer", np.uint64),  # xxh3 of the customer's id
        ("order", np.uint64),  # of the customer's and the order's: another's order 7 is another
        ("event", np.uint64),  # of the event's id
        ("product", np.uint64),  # of the product's; 0 where the line doesn't say
        ("occurred_ms", np.int64),
        ("recorded_ms", np.int64),  # the record's timestamp: an event can be ahead of it
        ("amount_e4", np.int64),  # money kept, negative where it was given back
        ("discount_e4", np.int64),
        ("quantity_e4", np.int64),
        ("category", np.uint32),  # codes of their texts; 0 where the line doesn't say
        ("country", np.uint32),
        ("offset_minutes", np.int16),
        ("flags", np.uint8),  # TIME_KNOWN, PRODUCT
    ],
    align=True,
)
"""One transaction. Records, so that compiled code hands an event on for nothing."""

Event = Any
"""A record of `EVENT`, in compiled code."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Events with the few texts that outlive them."""

    events: Rows
    """Records of `EVENT`, in the order of the log."""

    ids: Sequence[str]
    """Each event's customer, for those who turn out to be new."""

    words: Mapping[int, str]
    """The categories and countries that this batch has first, by their codes."""

    def __len__(self) -> int:
        return len(self.ids)

    def slice(self, start: int, stop: int | None = None) -> Batch:
        return Batch(self.events[start:stop], self.ids[start:stop], self.words)

    def take(self, rows: Ints) -> Batch:
        """The events of these rows, in this order."""
        ids = self.ids
        taken = ids.take(rows) if isinstance(ids, SpanTexts) else [ids[row] for row in rows]
        return Batch(self.events[rows], taken, self.words)

    def ids_of(self, rows: Ints) -> tuple[Bytes, Ints]:
        """The customers of these events one after the other, and the length of each id."""
        ids = self.take(rows).ids
        if isinstance(ids, SpanTexts):
            return ids.together()
        texts = [one.encode() for one in ids]
        return np.frombuffer(b"".join(texts), np.uint8), np.array(list(map(len, texts)), np.int64)


def events_of(
    lines: Sequence[Line], recorded_ms: Sequence[int], non_products: NonProducts | None = None
) -> Batch:
    """The lines, each with its record's timestamp."""
    rule = non_products or NonProducts()
    words: dict[int, str] = {}
    products, codes = _Hashed(hash_of), _Codes(words)
    events = np.zeros(len(lines), EVENT)
    events["customer"] = [hash_of(line.customer_id) for line in lines]
    events["order"] = [order_hash(line.customer_id, line.order_id or "") for line in lines]
    events["event"] = [hash_of(line.event_id or "") for line in lines]
    events["product"] = [products[line.product_id] for line in lines]
    events["occurred_ms"] = [milliseconds(line.occurred_at) for line in lines]
    events["recorded_ms"] = recorded_ms
    events["amount_e4"] = ten_thousandths([line.amount or 0.0 for line in lines])
    events["discount_e4"] = ten_thousandths([line.discount for line in lines])
    events["quantity_e4"] = ten_thousandths([line.quantity for line in lines])
    events["category"] = [codes[line.category] for line in lines]
    events["country"] = [codes[line.country] for line in lines]
    events["offset_minutes"] = [offset_minutes(line.occurred_at) for line in lines]
    events["flags"] = [_flags(line, rule) for line in lines]
    return Batch(events, [line.customer_id for line in lines], words)


def hash_of(text: str) -> int:
    """The 64-bit xxh3 of a text, never 0.

    >>> hash_of("17850") == hash_of("17850") != hash_of("17851")
    True
    """
    return xxh3_64_intdigest(text.encode()) or 1


def order_hash(customer_id: str, order_id: str) -> int:
    return hash_of(f"{customer_id}{SEPARATOR}{order_id}")


def code_of(text: str) -> int:
    """The 32-bit code of a category or country: the same in every process, never 0."""
    return hash_of(text) & CODE_BITS or 1


def ten_thousandths(numbers: Sequence[float] | Floats) -> Ints:
    """Whole ten-thousandths of each.

    >>> ten_thousandths([2.55, -0.75])
    array([25500, -7500])
    """
    return np.rint(np.asarray(numbers, np.float64) * TEN_THOUSANDTHS).astype(np.int64)


def _flags(line: Line, rule: NonProducts) -> int:
    known = TIME_KNOWN if line.time_known else 0
    return known | PRODUCT if rule.is_product(line.product_id) else known


class _Hashed(dict[str | None, int]):
    """Each text is hashed once a batch; none is 0."""

    def __init__(self, made: Callable[[str], int]) -> None:
        super().__init__({None: 0})
        self._made = made

    def __missing__(self, text: str | None) -> int:
        self[text] = found = self._made(text or "")
        return found


class _Codes(_Hashed):
    """The same for codes, whose texts are kept."""

    def __init__(self, words: dict[int, str]) -> None:
        super().__init__(code_of)
        self._words = words

    def __missing__(self, text: str | None) -> int:
        code = super().__missing__(text)
        self._words[code] = text or ""
        return code
