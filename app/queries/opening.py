"""Connections that can only read: no statement of theirs writes, none lasts for ever."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from stream.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

CONNECTIONS = 8
MORE_CONNECTIONS = 32
CONNECT_SECONDS = 10
LONGEST_SECONDS = 30
"""A query that lasts longer is given up."""

BUSY_SECONDS = 10.0
CACHE_KIB = 32_768
MAPPED_BYTES = 2**33
"""Of the file, read where the system has it in memory already: copying pages was a fifth of looking
a customer up. Nobody shortens the file meanwhile, as a sink never vacuums it."""

OPERATIONS_A_LOOK = 500_000
"""How often SQLite looks whether a query has lasted too long: every few hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An engine each of whose statements is a transaction of its own."""

    engine: sa.Engine
    name: str
    begin: str
    """What begins a transaction of several that see one state."""

    def start_clock(self, connection: sa.Connection) -> None:
        """From now on the connection has `LONGEST_SECONDS`. PostgreSQL counts for itself."""
        deadline = connection.info.get("deadline")
        if deadline is not None:
            deadline.until = time.monotonic() + LONGEST_SECONDS


def sqlite(url: URL) -> Opened:
    """A file that has to be there already."""
    if not url.database or url.database == ":memory:":
        raise SettingsError("there is nothing to read in memory: give sink.db as sqlite:///FILE")
    address = f"file:{quote(str(Path(url.database).absolute()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=QueuePool, **_shared())
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return Opened(engine, f"sqlite:///{url.database}", "BEGIN")


def postgres(url: URL) -> Opened:
    """One database, or one schema of it (`?options=-csearch_path%3DNAME`)."""
    name = str(sa.URL.create("postgresql", None, None, url.host, url.port, url.database))
    arguments = {"connect_timeout": CONNECT_SECONDS, "application_name": "shoal-reader"}
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={key: value for key, value in arguments.items() if key not in url.query},
        **_shared(),
    )
    sa.event.listen(engine, "connect", _prepare_postgres)
    return Opened(engine, name, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _shared() -> dict[str, Any]:
    return {
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
        "pool_size": CONNECTIONS,
        "max_overflow": MORE_CONNECTIONS,
        "pool_reset_on_return": None,  # every statement ended, and `reading` rolls back itself
    }


class _Deadline:
    until = float("inf")

    def __call__(self) -> bool:
        return time.monotonic() > self.until


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
    deadline = record.info["deadline"] = _Deadline()
    connection.set_progress_handler(deadline, OPERATIONS_A_LOOK)


def _prepare_postgres(connection: Any, _: object) -> None:
    connection.execute(
        "SELECT set_config('default_transaction_read_only', 'on', false), "
        "set_config('TimeZone', 'UTC', false), set_config('statement_timeout', %s, false)",
        [f"{LONGEST_SECONDS}s"],
    )
    connection.commit()
