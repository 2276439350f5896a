"""The tables of a block: which columns each has, and records written to such columns and back.

What is read is checked before it is used: names, types and that nothing is missing.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from stream.errors import BlockError
from stream.profile.graves import GRAVE
from stream.profile.pending import PENDING
from stream.profile.recent import ID, ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stream.profile.layout import Rows

CUSTOMERS, REMOVED, IDS, ORDERS = "customers", "removed", "ids", "orders"
PENDING_ORDERS, GRAVES, WORDS = "pending", "graves", "words"

RECORDS = {
    ORDERS: (
        ORDER,
        ("key", "first_ms", "net_e4", "serial", "row", "day", "offset_minutes", "bits"),
    ),
    PENDING_ORDERS: (PENDING, ("key", "newest_ms", "serial", "row", "bypass")),
    GRAVES: (GRAVE, ("key", "erased_ms", "times")),
}
"""Tables that are records of such a type, and which of its fields are stored."""

IDS_SCHEMA = pa.schema(
    [
        pa.field("day", pa.int32(), nullable=False),
        pa.field("keys", pa.list_(pa.field("key", pa.uint64(), nullable=False)), nullable=False),
    ]
)
IDS_A_ROW = 256
"""A row has ids that came one after the other and are of one day, so many at most: days are
nearly always equal, and a row has to go into a record."""

REMOVED_SCHEMA = pa.schema([pa.field("row", pa.int32(), nullable=False)])
WORDS_SCHEMA = pa.schema(
    [
        pa.field("code", pa.uint32(), nullable=False),
        pa.field("word", pa.string(), nullable=False),
    ]
)


@cache
def records_schema(table: str) -> pa.Schema:
    kind, names = RECORDS[table]
    return pa.schema(
        [pa.field(name, pa.from_numpy_dtype(kind[name]), nullable=False) for name in names]
    )


@lru_cache(maxsize=16)  # bounded: of blocks that are read, the names come from the log
def customers_schema(lenses: tuple[tuple[str, int], ...]) -> pa.Schema:
    """With the columns of these lenses, each by its name and how many features it looks at."""
    fields = [("row", pa.int32()), ("customer_id", pa.string()), ("profile", pa.binary())]
    for name, columns in lenses:
        fields += [
            (f"{name}.segment", pa.int16()),
            (f"{name}.left", pa.int16()),
            (f"{name}.sequence", pa.uint32()),
            (f"{name}.left_ms", pa.int64()),
            (f"{name}.seen", pa.list_(pa.field("feature", pa.float32(), nullable=False), columns)),
        ]
    return pa.schema([pa.field(name, kind, nullable=False) for name, kind in fields])


def of_records(table: str, records: Rows) -> pa.Table:
    schema = records_schema(table)
    columns = [pa.array(np.ascontiguousarray(records[name])) for name in schema.names]
    return pa.Table.from_arrays(columns, schema=schema)


def to_records(table: str, found: pa.Table | None) -> Rows:
    """The records of a table; fields that are not stored are 0."""
    kind, names = RECORDS[table]
    if found is None:
        return np.zeros(0, kind)
    checked(table, found, records_schema(table))
    records = np.zeros(len(found), kind)
    for name in names:
        records[name] = numbers(found, name)
    return records


def of_ids(ids: Rows) -> pa.Table:
    """Records of `recent.ID`, in their order."""
    days, count = ids["day"], len(ids)
    changes = np.flatnonzero(days[1:] != days[:-1]) + 1
    begins = np.union1d(changes, np.arange(0, count, IDS_A_ROW)).astype(np.int32)
    keys = pa.array(np.ascontiguousarray(ids["key"]))
    offsets = pa.array(np.append(begins, np.int32(count)))
    lists = pa.ListArray.from_arrays(offsets, keys, type=IDS_SCHEMA.field("keys").type)
    return pa.Table.from_arrays([pa.array(days[begins]), lists], schema=IDS_SCHEMA)


def to_ids(found: pa.Table | None) -> Rows:
    if found is None:
        return np.zeros(0, ID)
    checked(IDS, found, IDS_SCHEMA)
    lists = found["keys"].combine_chunks()
    keys = lists.flatten()
    if keys.null_count:
        raise BlockError(f"has a table {IDS!r} with gaps")
    ids = np.zeros(len(keys), ID)
    ids["key"] = keys.to_numpy()
    ids["day"] = np.repeat(numbers(found, "day"), lists.value_lengths().to_numpy())
    return ids


def of_words(words: dict[int, str]) -> pa.Table:
    columns = [pa.array(list(words), pa.uint32()), pa.array(list(words.values()), pa.string())]
    return pa.Table.from_arrays(columns, schema=WORDS_SCHEMA)


def to_words(found: pa.Table | None) -> dict[int, str]:
    if found is None:
        return {}
    checked(WORDS, found, WORDS_SCHEMA)
    return dict(zip(found["code"].to_pylist(), found["word"].to_pylist(), strict=True))


def of_rows(rows: NDArray[np.int64]) -> pa.Table:
    return pa.Table.from_arrays([pa.array(rows.astype(np.int32))], schema=REMOVED_SCHEMA)


def to_rows(found: pa.Table | None) -> NDArray[np.int64]:
    if found is None:
        return np.zeros(0, np.int64)
    return numbers(checked(REMOVED, found, REMOVED_SCHEMA), "row").astype(np.int64)


def checked(table: str, found: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table, if it has this schema and says nothing of nothing."""
    if not found.schema.equals(schema):
        differing = _differing(found.schema.names, schema.names)
        raise BlockError(f"has a table {table!r} with other columns than expected{differing}")
    for column in found.columns:
        if column.null_count:
            raise BlockError(f"has a table {table!r} with gaps")
    return found


def numbers(found: pa.Table | pa.RecordBatch, name: str) -> NDArray[np.generic]:
    """A column as an array."""
    column = found.column(name)
    array: NDArray[np.generic] = (
        column.to_numpy()
        if isinstance(column, pa.ChunkedArray)
        else column.to_numpy(zero_copy_only=False)
    )
    return array


def _differing(found: Sequence[str], expected: Sequence[str]) -> str:
    names = sorted(set(found) ^ set(expected))
    return f" ({', '.join(names[:5])})" if names else ""
