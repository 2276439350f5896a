"""A batch of columns as events, column by column: what `events_of` makes of single lines.

No text becomes a Python object here but those that were not met before: a product that is to
be judged, a category or country that is to be named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.log.batch import NULL, Spans
from stream.profile.events import CODE_BITS, EVENT, PRODUCT, TIME_KNOWN, Batch, ten_thousandths
from stream.profile.products import NonProducts
from stream.profile.sightings import Sightings
from stream.profile.span_hashes import hashes_of, pair_hashes_of
from stream.profile.span_texts import SpanTexts

if TYPE_CHECKING:
    from stream.contracts.columns import Columns
    from stream.log.batch import Records
    from stream.profile.layout import Codes, Hashes, Rows


class EventReader:
    """Reads one batch after the other.

    A category or country is named by the batch that has it first, and not again but after so
    many others that it was forgotten. So a reader's batches go to one `Profiles`, which keeps
    the names, and a new reader is for whoever begins anew.
    """

    def __init__(self, non_products: NonProducts | None = None) -> None:
        rule = non_products or NonProducts()
        self._products = Sightings(lambda _, text: rule.is_product(text))
        self._words = Sightings(self._name)
        self._named: dict[int, str] = {}

    def read(self, records: Records, columns: Columns) -> Batch:
        """Row i is record i; one that is no line is all zero, and its customer's id empty."""
        self._named = {}
        events = np.zeros(len(columns), EVENT)
        events["recorded_ms"] = records.timestamps
        events["occurred_ms"] = columns.occurred_ms
        events["offset_minutes"] = columns.offset_minutes
        events["category"] = self._codes(columns, "category")
        events["country"] = self._codes(columns, "country")
        spans = _spans(columns, "product_id")
        events["product"] = products = hashes_of(columns.buffer, *spans)
        counts = self._products.answers(products, columns.buffer, spans)
        events["flags"] = TIME_KNOWN * columns.time_known + PRODUCT * counts
        _take_amounts(columns, events)
        _take_ids(columns, events)
        if not columns.is_line.all():
            events[~columns.is_line] = 0
        return Batch(events, SpanTexts(columns.buffer, _spans(columns, "customer_id")), self._named)

    def _codes(self, columns: Columns, field: str) -> Codes:
        spans = _spans(columns, field)
        hashes = hashes_of(columns.buffer, *spans)
        codes: Hashes = np.maximum(hashes & np.uint64(CODE_BITS), hashes != 0)
        self._words.answers(codes, columns.buffer, spans)
        return codes.astype(np.uint32)

    def _name(self, code: int, word: str) -> bool:
        self._named[code] = word
        return True


def _take_amounts(columns: Columns, events: Rows) -> None:
    for name in ("amount", "discount", "quantity"):
        numbers = np.where(columns.is_line, getattr(columns, name), 0.0)
        events[f"{name}_e4"] = ten_thousandths(numbers)


def _take_ids(columns: Columns, events: Rows) -> None:
    customer, order = _spans(columns, "customer_id"), _spans(columns, "order_id")
    events["customer"] = hashes_of(columns.buffer, *customer)
    events["order"] = pair_hashes_of(columns.buffer, *customer, *order)
    events["event"] = hashes_of(columns.buffer, *_spans(columns, "event_id"))


def _spans(columns: Columns, field: str) -> Spans:
    """Where the texts lie; what a row says that is no line is none."""
    starts, lengths = getattr(columns, field)
    return Spans(starts, np.where(columns.is_line, lengths, NULL))
