"""Profiles as tables: what changed and nothing else, in columns that anybody can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from stream.errors import BlockError
from stream.model.standing import no_standings, unseen
from stream.profile import stored
from stream.profile.layout import PROFILE
from stream.profile.pending import nothing_pending
from stream.profile.recent import ID
from stream.profile.sparse import HEADS, LEFT_OUT, WORDS, packed, unpack
from stream.profile.stored import LensRows, all_tables, delta_tables
from stream.profile.tables import (
    IDS_A_ROW,
    IDS_SCHEMA,
    ORDERS,
    of_ids,
    of_records,
    to_ids,
    to_records,
)
from tests.stream.profile.some_events import BEGIN_MS, events, folded

if TYPE_CHECKING:
    from stream.profile.state import Profiles


def some(customers: int) -> Profiles:
    return folded(events({"customer": n, "order": n} for n in range(1, customers + 1)))


def delta(profiles: Profiles, **lenses: LensRows) -> dict[str, list[dict[str, Any]]]:
    found = delta_tables(profiles, nothing_pending(), lenses)
    return {name: table.to_pylist() for name, table in found.items()}


def test_a_delta_has_what_changed_since_the_last_one_and_nothing_else() -> None:
    profiles = some(3)
    first = delta(profiles)
    assert [len(first[name]) for name in ("customers", "orders")] == [3, 3]
    assert [row["keys"] for row in first["ids"]] == [[1, 2, 3]]
    profiles.blocked()
    assert not any(delta(profiles).values())
    folded(events([{"customer": 2, "order": 9, "event": 9}]), profiles=profiles)
    second = delta(profiles)
    assert [row["row"] for row in second["customers"]] == [1]
    assert [row["customer_id"] for row in second["customers"]] == ["customer 2"]
    assert [row["keys"] for row in second["ids"]] == [[9]]
    assert [row["key"] for row in second["orders"]] == [9]


def test_an_erased_customer_is_a_removed_row_and_a_grave() -> None:
    profiles = some(3)
    profiles.blocked()
    profiles.erase_key(2, BEGIN_MS)
    found = delta(profiles)
    assert found["customers"] == []
    assert found["removed"] == [{"row": 1}]
    assert found["graves"] == [{"key": 2, "erased_ms": BEGIN_MS, "times": 1}]
    profiles.blocked()
    whole = all_tables(profiles, nothing_pending(), {})
    assert whole["removed"].to_pylist() == [{"row": 1}]
    assert whole["customers"]["row"].to_pylist() == [0, 2]


def test_where_customers_stand_is_readable_without_shoal() -> None:
    profiles, lens = some(2), LensRows(no_standings(2), unseen(2, 2))
    lens.standings[1] = (BEGIN_MS, 3, 1, 0)
    lens.seen[1] = 0.5, 2
    row = delta(profiles, value=lens)["customers"][1]
    assert row["value.left_ms"] == BEGIN_MS
    assert (row["value.segment"], row["value.left"], row["value.sequence"]) == (1, 0, 3)
    assert row["value.seen"] == [0.5, 2.0]


def test_many_customers_come_in_several_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "ROWS_A_CHUNK", 7)
    table = all_tables(some(30), nothing_pending(), {})["customers"]
    assert table["row"].to_pylist() == list(range(30))
    assert table["customer_id"].to_pylist() == [f"customer {n}" for n in range(1, 31)]
    assert table.column("row").num_chunks == 5


@given(arrays.arrays(np.uint32, (4, WORDS), elements=st.sampled_from([0, 0, 1, 2**32 - 1])))
def test_a_row_packed_and_unpacked_is_the_row(words: np.ndarray[Any, Any]) -> None:
    profiles = words.reshape(-1).view(PROFILE)
    data, offsets = packed(profiles, np.array([2, 0]))
    back = np.zeros(3, PROFILE)
    unpack(data, offsets, np.array([1, 2]), back)
    for name in set(PROFILE.names or ()) - set(LEFT_OUT):
        assert back[name][1:].tobytes() == profiles[name][[2, 0]].tobytes()
    assert not back["newest_order"].any()
    assert not back["touched"].any()
    assert back[0].tobytes() == bytes(PROFILE.itemsize)


def test_zeros_take_no_room() -> None:
    data, offsets = packed(np.zeros(5, PROFILE), np.arange(5))
    assert (np.diff(offsets) == 4 * HEADS).all()
    assert len(data) == 5 * HEADS


NOTHING, FIRST_TWO, ALL = [0] * HEADS, [3, *[0] * (HEADS - 1)], [2**32 - 1] * HEADS
SIZE = 4 * HEADS


@pytest.mark.parametrize(
    ("data", "offsets"),
    [
        (NOTHING, [0, SIZE + 4]),  # beyond the end
        (NOTHING, [0, 0]),  # nothing at all
        (NOTHING, [0, SIZE - 4]),  # not all that says which are there
        ([*NOTHING, 0], [0, SIZE + 4]),  # more words than are said to be there
        ([*FIRST_TWO, 7], [0, SIZE + 4]),  # fewer
        ([*NOTHING[1:], 2 ** (WORDS % 32)], [0, SIZE]),  # a word that no row has
        ([*FIRST_TWO, 7, 7], [0, SIZE + 6]),
        ([*FIRST_TWO, 7, 7], [2, SIZE + 8]),
        ([*FIRST_TWO, 7, 7], [-4, SIZE + 8]),
        ([*FIRST_TWO, 7, 7], [SIZE + 8, 4]),
        ([*ALL, 7], [0, SIZE + 4]),
    ],
)
def test_bytes_that_are_no_row_are_refused(data: list[int], offsets: list[int]) -> None:
    with pytest.raises(BlockError, match="no profile for row 0"):
        unpack(
            np.array(data, np.uint32),
            np.array(offsets, np.int32),
            np.array([0]),
            np.zeros(1, PROFILE),
        )


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(14_970, 14_972)), max_size=30))
def test_ids_come_back_in_their_order_with_their_days(ids: list[tuple[int, int]]) -> None:
    made = np.array(ids, ID)
    table = of_ids(made)
    assert to_ids(table).tobytes() == made.tobytes()
    if len(table) > 1:
        apart = pa.concat_tables([table.slice(0, 1), table.slice(1)])
        assert to_ids(apart).tobytes() == made.tobytes()


def test_a_row_of_ids_is_never_long() -> None:
    made = np.zeros(3 * IDS_A_ROW + 1, ID)
    made["key"] = np.arange(1, len(made) + 1)
    table = of_ids(made)
    assert [len(keys) for keys in table["keys"].to_pylist()] == [*[IDS_A_ROW] * 3, 1]
    assert to_ids(table).tobytes() == made.tobytes()
    assert len(to_ids(None)) == 0


@pytest.mark.parametrize(
    "columns",
    [
        {"day": pa.array([1], pa.int32())},
        {"day": pa.array([1], pa.int64()), "keys": pa.array([[1]], pa.list_(pa.uint64()))},
        {"keys": pa.array([[1]], pa.list_(pa.uint64())), "day": pa.array([1], pa.int32())},
    ],
)
def test_columns_other_than_a_table_has_are_refused(columns: dict[str, pa.Array]) -> None:
    with pytest.raises(BlockError, match="table 'ids' with other columns"):
        to_ids(pa.table(columns))
    with pytest.raises(BlockError, match="table 'orders' with other columns"):
        to_records(ORDERS, pa.table(columns))


def test_a_table_with_gaps_is_refused() -> None:
    schema = of_records(ORDERS, some(1).recent_orders()).schema
    gap = pa.Table.from_arrays([pa.array([None], field.type) for field in schema], schema=schema)
    with pytest.raises(BlockError, match="table 'orders' with gaps"):
        to_records(ORDERS, gap)


@pytest.mark.parametrize("keys", [None, [None]])
def test_ids_with_gaps_are_refused(keys: list[None] | None) -> None:
    columns = [pa.array([1], pa.int32()), pa.array([keys], IDS_SCHEMA.field("keys").type)]
    with pytest.raises(BlockError, match="table 'ids' with gaps"):
        to_ids(pa.Table.from_arrays(columns, schema=IDS_SCHEMA))
