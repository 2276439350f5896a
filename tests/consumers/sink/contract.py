"""What every store has to do, whatever the database; subclasses say which one it is."""

from __future__ import annotations

from datetime import UTC, datetime
from math import nan
from typing import TYPE_CHECKING

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from consumers.sink import schema
from consumers.sink.migrating import VERSION_TABLE
from consumers.sink.open import open_store
from consumers.sink.places import Place, places_of
from consumers.sink.rows import Rows, times
from stream.errors import DatabaseError
from stream.log.known import LastRead
from stream.times import NEVER
from tests.consumers.sink.shop import table

if TYPE_CHECKING:
    from consumers.sink.store import Store

ODD = ["plain", 'quo"te', "com,ma", "new\nline", "back\\slash", "\\N", "NULL", "Ünïcode ❄", "'; --"]


def standings(ids: list[str], sequence: int, confidence: float = 0.5) -> Rows:
    count = len(ids)
    return Rows(
        schema.customer_segments,
        {
            "customer_id": ids,
            "lens": ["value"] * count,
            "segment_id": ["value-1"] * count,
            "previous_id": [None] * count,
            "sequence": np.full(count, sequence),
            "since": times(np.arange(count) * 1001),
            "confidence": np.full(count, confidence),
            "model_version": np.ones(count, np.int64),
        },
    )


def customers(ids: list[str], partition: int) -> Rows:
    count = len(ids)
    return Rows(
        schema.customers,
        {
            "customer_id": ids,
            "partition": np.full(count, partition),
            "as_of": times(np.full(count, NEVER)),
            "country": [None] * count,
            "preferred_category": [None] * count,
            **{name: np.full(count, 0.1) for name in schema.FEATURES},
        },
    )


class StoreContract:
    """The fixture `store` is an empty one, `database` its URL."""

    def test_migrations_make_the_schema_and_may_run_again(self, store: Store) -> None:
        store.migrate()
        with store.reading() as connection:
            options = {"version_table": VERSION_TABLE, "compare_type": False}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, schema.metadata) == []

    def test_tables_of_a_later_version_are_refused(self, store: Store) -> None:
        with store._engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        with pytest.raises(DatabaseError, match="schema 9999, and this version of Shoal knows"):
            store.migrate()

    def test_what_is_put_replaces_what_is_added_does_not(self, store: Store) -> None:
        with store.writing() as writing:
            writing.put(standings(["a", "b"], 1))
        with store.writing() as writing:
            writing.put(standings(["b", "c"], 2))
            writing.add(standings(["a", "d"], 3))
        found = {
            row["customer_id"]: row["sequence"] for row in table(store, schema.customer_segments)
        }
        assert found == {"a": 1, "b": 2, "c": 2, "d": 3}

    def test_of_equal_keys_the_last_one_holds(self, store: Store) -> None:
        rows = standings(["a", "b", "a"], 1)
        rows.columns["sequence"][2] = 7  # type: ignore[index]  # an array
        with store.writing() as writing:
            writing.put(rows)
        assert [row["sequence"] for row in table(store, schema.customer_segments)] == [7, 1]

    def test_texts_times_and_nulls_come_back_as_they_went(self, store: Store) -> None:
        with store.writing() as writing:
            writing.put(standings(ODD, 1, nan))
            writing.put(customers(ODD, 0))
        found = {row["customer_id"]: row for row in table(store, schema.customer_segments)}
        assert set(found) == set(ODD)
        second = found[ODD[1]]
        assert second["since"] == datetime(1970, 1, 1, 0, 0, 1, 1000, UTC)
        assert (second["confidence"], second["previous_id"]) == (None, None)
        row = table(store, schema.customers)[0]
        assert (row["as_of"], row["country"], row["spend_decayed"]) == (None, None, 0.1)

    def test_a_block_that_raises_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.writing() as writing:
            writing.put(standings(["a"], 1))
            writing.advance("t", 0, None, Place(5))
            raise ZeroDivisionError
        assert table(store, schema.customer_segments) == table(store, schema.positions) == []

    @pytest.mark.parametrize("before", [None, 4, 6])
    def test_a_position_moves_only_from_where_it_was(
        self, store: Store, before: int | None
    ) -> None:
        with store.writing() as writing:
            writing.advance("t", 0, None, Place(5, 2))
        with pytest.raises(DatabaseError, match="another sink"), store.writing() as writing:
            writing.put(standings(["a"], 1))
            writing.advance("t", 0, before, Place(9, 3))
        assert table(store, schema.customer_segments) == []
        (row,) = table(store, schema.positions)
        assert (row["position"], row["sequence"]) == (5, 2)

    def test_the_last_record_of_a_position_goes_along(self, store: Store) -> None:
        places = [Place(5, last=LastRead(4, "a")), Place(9, last=LastRead(7, "b"))]
        for before, place in zip([None, 5], places, strict=True):
            with store.writing() as writing:
                writing.advance("t", 0, before, place)
            assert places_of(store).inputs == {("t", 0): place}

    def test_two_sinks_that_begin_at_once_cannot_both_write(
        self, store: Store, database: str
    ) -> None:
        with open_store(database) as other:
            with store.writing() as writing:
                writing.advance("t", 0, None, Place(5))
            with other.writing() as writing:
                writing.advance("t", 0, 5, Place(6))
            with pytest.raises(DatabaseError, match="another sink"), store.writing() as writing:
                writing.advance("t", 0, 5, Place(7))

    def test_a_partition_is_forgotten_with_where_its_customers_stand(self, store: Store) -> None:
        with store.writing() as writing:
            for partition, ids in enumerate((["a", "b"], ["c"])):
                writing.put(customers(ids, partition))
                writing.put(standings(ids, 1))
        with store.writing() as writing:
            writing.forget_partition(0)
        for one in (schema.customers, schema.customer_segments):
            assert [row["customer_id"] for row in table(store, one)] == ["c"]

    def test_thousands_of_customers_are_forgotten_at_once(self, store: Store) -> None:
        ids = [f"c{number}" for number in range(2_500)]
        with store.writing() as writing:
            writing.put(customers(ids, 0))
            writing.forget_customers(ids[1:])
        assert [row["customer_id"] for row in table(store, schema.customers)] == ["c0"]

    def test_many_rows_in_one_go(self, store: Store) -> None:
        ids = [f"c{number}" for number in range(5_000)]
        with store.writing() as writing:
            writing.put(standings(ids, 1))
            writing.put(standings(ids[::-1], 2))
        rows = table(store, schema.customer_segments)
        assert {row["sequence"] for row in rows} == {2}
        assert len(rows) == 5_000
