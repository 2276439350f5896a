"""Gives every line the ids its source lacks, the same ones each time it is read.

A line without an event id is known by what it says and by how many equal lines came
before it in its own source: equal lines stay several, and a source replayed twice, or
again within another replay of several files, changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from xxhash import xxh3_64_intdigest

from producers.replaying.made_ids import as_ids, event_texts, hashes, order_ids
from producers.replaying.occurrences import Occurrences
from producers.replaying.survey import instants

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from producers.replaying.made_ids import Hashes
    from stream.log.batch import Ints

# Odd numbers that spread source and instant over all bits, so that only equal lines are equal.
SOURCE_SPREAD = np.uint64(0x9E3779B97F4A7C15)
INSTANT_SPREAD = np.uint64(0xC2B2AE3D27D4EB4F)


class Identifier:
    """Follows one stream of `SOURCED` lines in order of time."""

    def __init__(self) -> None:
        self._occurrences = Occurrences()

    def identified(self, lines: pa.RecordBatch) -> tuple[pa.RecordBatch, NDArray[np.bool_]]:
        """The lines with order and event ids, and which of them repeat an earlier line."""
        lines = _with_order_ids(lines)
        texts = event_texts(lines)
        made = hashes(texts)
        given = lines["event_id"]
        known = made if given.null_count == len(given) else _given(made, given)
        before = self._occurrences.of(_distinct(known, lines), instants(lines))
        repeated = before > 0
        _number(made, texts, before)
        ids = as_ids(made) if given.null_count else given
        if 0 < given.null_count < len(given):
            ids = pc.coalesce(given, ids)
        return _with(lines, "event_id", ids), repeated


def _with_order_ids(lines: pa.RecordBatch) -> pa.RecordBatch:
    orders = lines["order_id"]
    if orders.null_count == 0:
        return lines
    return _with(lines, "order_id", pc.coalesce(orders, order_ids(lines)))


def _given(made: Hashes, given: pa.Array) -> Hashes:
    """Lines that bring an id are told apart by it, not by what they say."""
    has_one = given.is_valid().to_numpy(zero_copy_only=False)
    return np.where(has_one, hashes(pc.fill_null(given, "")), made)


def _distinct(known: Hashes, lines: pa.RecordBatch) -> Hashes:
    sources = lines["source"].to_numpy().astype(np.uint64) * SOURCE_SPREAD
    distinct: Hashes = known + sources + instants(lines).view(np.uint64) * INSTANT_SPREAD
    return distinct


def _number(made: Hashes, texts: pa.Array, before: Ints) -> None:
    """The few that have equals before them get the id of their occurrence."""
    for line in np.flatnonzero(before).tolist():
        first = texts[line].as_py().removesuffix("0")
        made[line] = xxh3_64_intdigest(f"{first}{before[line]}".encode())


def _with(lines: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    columns = lines.columns
    columns[lines.schema.get_field_index(name)] = column
    return pa.RecordBatch.from_arrays(columns, schema=lines.schema)
