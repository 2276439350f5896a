"""Where the sink writes: the seam between it and a database, and what both adapters share.

These docstrings are the contract; `tests/consumers/sink/contract.py` is its proof, run against
SQLite and a real PostgreSQL.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from consumers.sink import schema
from consumers.sink.faults import explain
from stream.errors import DatabaseError
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from consumers.sink.places import Place
    from consumers.sink.rows import Rows

LARGEST_STATEMENT = 500
"""How many keys a statement names at once."""

READING = "shoal_reading"
"""The option of a connection that only reads."""


class Store(ClosingMixin):
    """A database with the sink's tables. `DatabaseUnavailable` from any of it may pass; after
    any error nothing of the transaction under way happened, or all of it: ask for positions."""

    name: str
    """Its address as it may be shown: without user, password and options."""

    def __init__(self, engine: sa.Engine, name: str) -> None:
        self._engine, self.name = engine, name

    def migrate(self) -> None:
        """Makes the tables, or brings those of an older version up to date; a newer version's
        are refused."""
        from consumers.sink.migrating import migrate

        with self._explained(), self._engine.begin() as connection:
            self._alone(connection)
            migrate(connection, self.name)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One state of the database throughout; nobody waits for it."""
        engine = self._engine.execution_options(**{READING: True})
        with self._explained(), engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction: all of the block, or nothing of it."""
        with self._explained(), self._engine.begin() as connection:
            yield Writing(self, connection)

    def forgotten(self) -> bool:
        """Called once a transaction that erased somebody is committed: nothing of them may be
        left where this database keeps it out of sight, as far as that is ours to say. False
        where others are in the way: to be called again."""
        return True

    def close(self) -> None:
        self._engine.dispose()

    @abstractmethod
    def load(
        self, connection: sa.Connection, rows: Rows, *, over: bool, newest: str | None = None
    ) -> None:
        """In bulk; `over` replaces what has the same primary key, else that is kept. It is kept,
        too, where it has more in the column `newest`."""

    def _alone(self, connection: sa.Connection) -> None:
        """Waits until nobody else migrates."""

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise explain(error, self.name) from None
        except Exception as error:
            if _is_drivers(error):
                raise explain(error, self.name) from None
            raise


class Writing:
    """One transaction."""

    def __init__(self, store: Store, connection: sa.Connection) -> None:
        self._store, self._connection = store, connection

    def put(self, rows: Rows) -> None:
        """Inserts rows, or replaces those with their keys; of equal keys the last holds."""
        self._load(rows, over=True)

    def add(self, rows: Rows) -> None:
        """Inserts rows but for those whose keys are there: they came before."""
        self._load(rows, over=False)

    def put_newest(self, rows: Rows, by: str) -> None:
        """As `put`, but for rows in whose place something newer is, by the column of a time."""
        self._load(rows, over=True, newest=by)

    def forget_partition(self, partition: int) -> None:
        """All customers of a partition; what they did stays."""
        theirs = sa.select(schema.customers.c.customer_id).where(
            schema.customers.c.partition == partition
        )
        segments = schema.customer_segments
        self._connection.execute(sa.delete(segments).where(segments.c.customer_id.in_(theirs)))
        self._connection.execute(
            sa.delete(schema.customers).where(schema.customers.c.partition == partition)
        )

    def forget_customers(self, ids: Sequence[str]) -> None:
        """What they are; what they did is forgotten by `forget_changes`."""
        for some in _pieces(ids):
            for table in (schema.customers, schema.customer_segments, schema.customer_insights):
                self._connection.execute(sa.delete(table).where(table.c.customer_id.in_(some)))

    def forget_insights(self, ids: Sequence[str]) -> None:
        """What was expected of customers."""
        table = schema.customer_insights
        for some in _pieces(ids):
            self._connection.execute(sa.delete(table).where(table.c.customer_id.in_(some)))

    def forget_segment_insights(self, instant: datetime) -> None:
        """What was expected of segments by one snapshot."""
        table = schema.segment_insights
        self._connection.execute(sa.delete(table).where(table.c.instant == instant))

    def forget_changes(self, times_erased: dict[str, int]) -> None:
        """What customers did in lives that were erased."""
        changes = schema.changes
        by_times: dict[int, list[str]] = {}
        for customer_id, times in times_erased.items():
            by_times.setdefault(times, []).append(customer_id)
        for times, ids in by_times.items():
            for some in _pieces(ids):
                self._connection.execute(
                    sa.delete(changes).where(
                        changes.c.customer_id.in_(some), changes.c.incarnation <= times
                    )
                )

    def who_changed(self, partition: int) -> Iterator[str]:
        """Everybody of whom there is a change."""
        ids = sa.select(schema.changes.c.customer_id).distinct()
        found = self._connection.execute(ids.where(schema.changes.c.partition == partition))
        yield from found.scalars()

    def expected(self, partition: int) -> Iterator[tuple[str, datetime]]:
        """A partition's customers of whom something is expected, and since which snapshot."""
        table, theirs = schema.customer_insights, schema.customers
        joined = table.join(theirs, theirs.c.customer_id == table.c.customer_id)
        found = sa.select(table.c.customer_id, table.c.instant).select_from(joined)
        for row in self._connection.execute(found.where(theirs.c.partition == partition)):
            yield row.customer_id, row.instant

    def advance(self, topic: str, partition: int, before: int | None, after: Place) -> None:
        """Moves an input position; `DatabaseError` where it is not what it was: another sink."""
        table = schema.positions
        values = {
            "position": after.position,
            "sequence": after.sequence,
            "last_offset": after.last.offset if after.last else None,
            "last_mark": after.last.mark if after.last else None,
        }
        if before is None:
            there = sa.select(table.c.position).where(
                table.c.topic == topic, table.c.partition == partition
            )
            moved = self._connection.execute(there).first() is None
            if moved:
                self._connection.execute(
                    sa.insert(table).values(topic=topic, partition=partition, **values)
                )
        else:
            found = self._connection.execute(
                sa.update(table)
                .where(
                    table.c.topic == topic,
                    table.c.partition == partition,
                    table.c.position == before,
                )
                .values(**values)
            )
            moved = found.rowcount == 1
        if not moved:
            raise DatabaseError(
                f"another sink writes into {self._store.name}: it has moved {topic}[{partition}]. "
                "A database has one; stop one of them"
            )

    def _load(self, rows: Rows, *, over: bool, newest: str | None = None) -> None:
        if len(rows):
            key = [column.name for column in rows.table.primary_key]
            last = rows.named_last(key)
            self._store.load(self._connection, last, over=over, newest=newest)


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), LARGEST_STATEMENT):
        yield ids[start : start + LARGEST_STATEMENT]


def _is_drivers(error: Any) -> bool:
    """Whether a driver raised it outside of SQLAlchemy, as COPY does."""
    return type(error).__module__.partition(".")[0] in {"psycopg", "sqlite3"}
