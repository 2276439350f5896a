"""Lines as the JSON of `Transaction`, a whole batch at a time.

The contract in `stream/contracts` says what a transaction is; here the same text is
joined from columns, and the tests hold the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from producers.replaying.json_text import inside_quotes, local_time, number
from producers.replaying.survey import instants

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = ("order_id", "product_id", "category", "country")
NUMBERS = ("unit_price", "amount")


def encoded(lines: pa.RecordBatch) -> pa.Array:
    """The lines' messages, as a column. What is null, or says nothing new, is left out."""
    return pc.binary_join_element_wise(
        *_parts(lines), "", null_handling="replace", null_replacement=""
    )


def _parts(lines: pa.RecordBatch) -> Iterator[pa.Array | str]:
    """What a message is joined from; nulls stand for nothing."""
    yield '{"schema_version":1,"event_id":"'
    yield inside_quotes(lines["event_id"])
    yield '","customer_id":"'
    yield inside_quotes(lines["customer_id"])
    yield '"'
    for name in TEXTS:
        yield from _member(f',"{name}":"', inside_quotes(lines[name]), '"')
    yield ',"quantity":'
    yield number(lines["quantity"])
    for name in NUMBERS:
        yield from _member(f',"{name}":', number(lines[name]))
    discount = lines["discount"]
    some = pc.if_else(pc.not_equal(discount, 0.0), discount, None)
    yield from _member(',"discount":', number(some))
    offsets = lines["offset_minutes"].to_numpy().astype(np.int64)
    yield ',"occurred_at":"'
    yield local_time(instants(lines), offsets)
    yield '"'
    unknown = pc.if_else(lines["time_known"], None, "false")
    yield from _member(',"time_known":', unknown)
    yield "}"


def _member(before: str, column: pa.Array, after: str = "") -> Iterator[pa.Array | str]:
    """An optional member: nothing at all where the column is null."""
    if column.null_count == len(column):
        return
    if column.null_count == 0:
        yield before
        yield column
        yield after
    else:
        yield pc.binary_join_element_wise(before, column, after, "")
