"""The sink's tables in a SQLite file."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from consumers.sink.rows import time_texts
from consumers.sink.store import READING, Store
from stream.errors import DatabaseError, DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import URL

    from consumers.sink.rows import Column, Rows

BUSY_SECONDS = 10.0
WIPING_MS = 250
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "secure_delete=ON",  # what is erased must not be left in free pages
    "journal_size_limit=67108864",
    "cache_size=-65536",
)


class SqliteStore(Store):
    """One file. Others read it while the sink writes."""

    def __init__(self, url: URL) -> None:
        file = url.database or ""
        name = f"sqlite:///{file}"
        if file in {"", ":memory:"}:
            raise DatabaseError("a sink needs a file: give sink.db as sqlite:///FILE")
        if not Path(file).absolute().parent.is_dir():
            raise DatabaseError(f"{name}: there is no folder {Path(file).absolute().parent}")
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=file),
            connect_args={"timeout": BUSY_SECONDS},
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        super().__init__(engine, name)

    def load(
        self, connection: sa.Connection, rows: Rows, *, over: bool, newest: str | None = None
    ) -> None:
        columns = [_values(column) for column in rows.columns.values()]
        statement = _statement(rows.table, list(rows.columns), over=over, newest=newest)
        connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))

    def forgotten(self) -> bool:
        """Empties the write-ahead log, where deleted rows still stand, unless others read them
        just now."""
        with (
            suppress(DatabaseUnavailable),
            self._explained(),
            closing(self._engine.raw_connection()) as connection,
        ):
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={WIPING_MS}").fetchall()
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}").fetchall()
            return not busy
        return False


def _values(column: Column) -> Sequence[Any]:
    if isinstance(column, np.ndarray):
        return time_texts(column) if column.dtype.kind == "M" else list(column.tolist())
    return column


def _statement(table: sa.Table, names: list[str], *, over: bool, newest: str | None) -> str:
    made = insert(table)
    key = [column.name for column in table.primary_key]
    if over:
        news = {name: made.excluded[name] for name in names if name not in key}
        where = None if newest is None else made.excluded[newest] >= table.c[newest]
        made = made.on_conflict_do_update(index_elements=key, set_=news, where=where)
    else:
        made = made.on_conflict_do_nothing(index_elements=key)
    dialect = sa.create_mock_engine("sqlite://", lambda *_: None).dialect
    return str(made.compile(dialect=dialect, column_keys=names))


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, and pysqlite does not
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def _begin(connection: sa.Connection) -> None:
    """Who writes says so at once: two that read first and then want to write both fail."""
    reads = connection.get_execution_options().get(READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
