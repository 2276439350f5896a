"""The sink's tables in PostgreSQL: rows arrive by COPY, and are merged there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from consumers.sink.store import Store
from stream.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from consumers.sink.rows import Rows

CONNECT_SECONDS = 10
MIGRATION_LOCK = 5_404_319_552_845_578_339
"""A number of our own among PostgreSQL's advisory locks."""

CSV = pa.csv.WriteOptions(include_header=False)


class PostgresStore(Store):
    """One database, or one schema of it (`?options=-csearch_path%3DNAME`)."""

    def __init__(self, url: URL) -> None:
        name = str(sa.URL.create("postgresql", None, None, url.host, url.port, url.database))
        arguments = {"connect_timeout": CONNECT_SECONDS, "application_name": "shoal-sink"}
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={key: value for key, value in arguments.items() if key not in url.query},
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _prepare)
        super().__init__(engine, name)

    def load(
        self, connection: sa.Connection, rows: Rows, *, over: bool, newest: str | None = None
    ) -> None:
        table, names = rows.table, list(rows.columns)
        into = _loading(table)
        columns = ", ".join(map(_quoted, names))
        connection.exec_driver_sql(
            f"CREATE TEMP TABLE IF NOT EXISTS {_quoted(into.name)} "
            f"(LIKE {_quoted(table.name)}) ON COMMIT DELETE ROWS"
        )
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {_quoted(into.name)} ({columns}) FROM STDIN CSV") as copy:
            copy.write(_csv(rows))
        connection.execute(_merge(table, into, names, over=over, newest=newest))
        connection.exec_driver_sql(f"TRUNCATE {_quoted(into.name)}")

    def _alone(self, connection: sa.Connection) -> None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))


def _csv(rows: Rows) -> bytes:
    table = pa.table(
        {name: pa.array(column, from_pandas=True) for name, column in rows.columns.items()}
    )
    out = io.BytesIO()
    pa.csv.write_csv(table, out, CSV)
    return out.getvalue()


def _loading(table: sa.Table) -> sa.Table:
    return table.to_metadata(sa.MetaData(), name=f"loading_{table.name}")


def _merge(
    table: sa.Table, into: sa.Table, names: list[str], *, over: bool, newest: str | None
) -> sa.Insert:
    key = [column.name for column in table.primary_key]
    made = insert(table).from_select(names, sa.select(*(into.c[name] for name in names)))
    if not over:
        return made.on_conflict_do_nothing(index_elements=key)
    news = {name: made.excluded[name] for name in names if name not in key}
    where = None if newest is None else made.excluded[newest] >= table.c[newest]
    return made.on_conflict_do_update(index_elements=key, set_=news, where=where)


def _quoted(name: str) -> str:
    """Names are this package's own; some are words of SQL."""
    return f'"{name}"'


def _prepare(connection: Any, _: object) -> None:
    """Times are written without their zone, and are UTC."""
    if connection.info.encoding != "utf-8":
        raise DatabaseError(f"the database should be UTF-8, not {connection.info.encoding}")
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()
