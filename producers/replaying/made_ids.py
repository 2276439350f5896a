"""`stream.contracts.identity` by the column: the same ids, a batch at a time.

The contract says what an id is made of; this only makes many of them quickly, and the
tests hold the two equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_64_intdigest

from producers.replaying.survey import instants
from stream.contracts.bounds import TEN_THOUSANDTHS
from stream.contracts.identity import DAY_MS, MINUTE_MS, SEPARATOR, ten_thousandths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
ID_LENGTH = 16
# Beyond these a float is no 64-bit number of ten-thousandths: Python's own numbers go on.
LARGEST = 2.0**62
NUMBERS = ("quantity", "unit_price", "discount", "amount")


def event_texts(lines: pa.RecordBatch) -> pa.Array:
    """What the event id of each line's first occurrence is made of."""
    return _joined(
        lines["customer_id"],
        lines["order_id"],
        lines["product_id"],
        pa.array(instants(lines)).cast(pa.string()),
        *(_ten_thousandths(lines[name]) for name in NUMBERS),
        "0",
    )


def order_ids(lines: pa.RecordBatch) -> pa.Array:
    """The order that each line belongs to, where its source doesn't say."""
    times = instants(lines)
    offsets = lines["offset_minutes"].to_numpy().astype(np.int64)
    days = pa.array((times + offsets * MINUTE_MS) // DAY_MS).cast(pa.string())
    whens = pc.if_else(
        lines["time_known"],
        pa.array(times).cast(pa.string()),
        pc.binary_join_element_wise("day ", days, ""),
    )
    return as_ids(hashes(_joined(lines["customer_id"], whens)))


def hashes(texts: pa.Array) -> Hashes:
    texts = texts.cast(pa.binary()).to_pylist()
    return np.fromiter(map(xxh3_64_intdigest, texts), np.uint64, len(texts))


def as_ids(made: Hashes) -> pa.Array:
    """Hashes in hexadecimal, as ids are written.

    >>> as_ids(np.array([0x4c7bb1ae0a2a06ba], np.uint64))[0].as_py()
    '4c7bb1ae0a2a06ba'
    """
    halves = made.astype(">u8").view(np.uint8).reshape(-1, 1)
    digits = HEX[np.hstack((halves >> 4, halves & 0xF))]
    ends = np.arange(len(made) + 1, dtype=np.int32) * ID_LENGTH
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(digits))]
    return pa.Array.from_buffers(pa.string(), len(made), buffers)


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(
        *parts, SEPARATOR, null_handling="replace", null_replacement=""
    )


def _ten_thousandths(column: pa.Array) -> pa.Array | str:
    if column.null_count == len(column):
        return ""
    scaled = pc.multiply(column, float(TEN_THOUSANDTHS))
    if pc.max(pc.abs(scaled)).as_py() < LARGEST:
        whole = pc.round(scaled, round_mode="half_to_even")
        return whole.cast(pa.int64()).cast(pa.string())
    return pa.array([None if n is None else ten_thousandths(n) for n in column.to_pylist()])
