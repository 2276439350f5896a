"""Profiles as the tables of a block: all of them, or what changed since the last one.

Nothing is done customer by customer in Python: a commit's share is a few thousand rows, a
checkpoint's a million. `stream.blocks.restored` reads the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from stream.profile import tables
from stream.profile.pending import waiting
from stream.profile.sparse import packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from stream.profile.layout import Ints, Rows
    from stream.profile.pending import Pending
    from stream.profile.state import Profiles

ROWS_A_CHUNK = 32_768
"""Of one Arrow batch: whatever the number of customers, its bytes are counted in 31 bits."""


class LensRows(NamedTuple):
    """Where the customers stand in a lens, row by row as in the profiles."""

    standings: Rows
    """Records of `stream.model.standing.STANDING`."""

    seen: NDArray[np.float32]


def delta_tables(
    profiles: Profiles, pending: Pending, lenses: Mapping[str, LensRows]
) -> dict[str, pa.Table]:
    """What changed since `profiles.blocked()`, which is to be called next; orders that wait to
    be looked at always come whole."""
    return {
        **_rows(profiles, profiles.touched_rows(), lenses),
        tables.IDS: tables.of_ids(profiles.new_ids()),
        tables.ORDERS: tables.of_records(tables.ORDERS, profiles.touched_orders()),
        tables.PENDING_ORDERS: tables.of_records(tables.PENDING_ORDERS, waiting(pending)),
        tables.GRAVES: tables.of_records(tables.GRAVES, profiles.new_graves()),
        tables.WORDS: tables.of_words(profiles.new_words()),
    }


def all_tables(
    profiles: Profiles, pending: Pending, lenses: Mapping[str, LensRows]
) -> dict[str, pa.Table]:
    """Everything; `removed` has the rows of all who were ever erased."""
    return {
        **_rows(profiles, np.arange(len(profiles)), lenses),
        tables.IDS: tables.of_ids(profiles.recent_ids()),
        tables.ORDERS: tables.of_records(tables.ORDERS, profiles.recent_orders()),
        tables.PENDING_ORDERS: tables.of_records(tables.PENDING_ORDERS, waiting(pending)),
        tables.GRAVES: tables.of_records(tables.GRAVES, profiles.state.graves),
        tables.WORDS: tables.of_words(profiles.words),
    }


def _rows(profiles: Profiles, rows: Ints, lenses: Mapping[str, LensRows]) -> dict[str, pa.Table]:
    there = profiles.state.profiles["key"][rows] != 0
    return {
        tables.CUSTOMERS: _customers(profiles, rows[there], lenses),
        tables.REMOVED: tables.of_rows(rows[~there]),
    }


def _customers(profiles: Profiles, rows: Ints, lenses: Mapping[str, LensRows]) -> pa.Table:
    widths = ((name, lens.seen.shape[1]) for name, lens in lenses.items())
    schema = tables.customers_schema(tuple(widths))
    starts = range(0, len(rows), ROWS_A_CHUNK)
    chunks = (
        _chunk(profiles, rows[start : start + ROWS_A_CHUNK], lenses, schema) for start in starts
    )
    return pa.Table.from_batches(chunks, schema)


def _chunk(
    profiles: Profiles, rows: Ints, lenses: Mapping[str, LensRows], schema: pa.Schema
) -> pa.RecordBatch:
    texts, lengths = profiles.texts_of(rows)
    words, offsets = packed(profiles.state.profiles, rows)
    columns = [
        pa.array(rows.astype(np.int32)),
        _spans(pa.string(), texts, np.append(0, np.cumsum(lengths)).astype(np.int32)),
        _spans(pa.binary(), words, offsets),
    ]
    for lens in lenses.values():
        columns += _standings(lens, rows)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _standings(lens: LensRows, rows: Ints) -> list[pa.Array]:
    standings, seen = lens.standings[rows], np.ascontiguousarray(lens.seen[rows])
    kind = pa.list_(pa.field("feature", pa.float32(), nullable=False), seen.shape[1])
    features = pa.array(seen.reshape(-1))
    return [
        *(
            pa.array(np.ascontiguousarray(standings[name]))
            for name in ("segment", "left", "sequence", "left_ms")
        ),
        pa.FixedSizeListArray.from_arrays(features, type=kind),
    ]


def _spans(kind: pa.DataType, data: NDArray[np.generic], offsets: NDArray[np.int32]) -> pa.Array:
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(kind, len(offsets) - 1, buffers)
