"""A table or view of a SQLite file, opened read-only."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from producers.sources.cells import batch_of
from producers.sources.damage import DAMAGE
from producers.sources.seam import RawBatch
from producers.sources.sniff import unique_names
from stream.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from producers.sources.stored import OnDisk

BATCH_ROWS = 16_384
SQLITE_DAMAGE: tuple[type[Exception], ...] = (sqlite3.Error, *DAMAGE)
TABLES = """
    SELECT name FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""


class SqliteSource:
    """One table; see `Source`. Rows come in the table's own order."""

    may_use_decimal_comma = False

    def __init__(self, name: str, file: OnDisk, table: str | None = None) -> None:
        self._file = file
        self._name_of_file = name
        self._table = self._chosen(table)
        self.name = f"{name}::{self._table}"
        with self._connection() as connection:
            cursor = connection.execute(f"{self._select} LIMIT 0")
            self.columns = unique_names([column[0] for column in cursor.description])

    def described(self) -> str:
        return f"SQLite, table {self._table}"

    def batches(self) -> Iterator[RawBatch]:
        next_row = 1
        with self._connection() as connection:
            cursor = connection.execute(self._select)
            while rows := cursor.fetchmany(BATCH_ROWS):
                batch = RawBatch(batch_of(self.columns, rows), next_row)
                next_row = batch.end_row
                yield batch

    @property
    def _select(self) -> str:
        """A name can't be a parameter: it is one of the file's own, quoted."""
        quoted = self._table.replace('"', '""')
        return f'SELECT * FROM "{quoted}"'  # noqa: S608 - see above

    def _chosen(self, table: str | None) -> str:
        with self._connection() as connection:
            tables = [row[0] for row in connection.execute(TABLES)]
        if table in tables:
            return str(table)
        if table is None and len(tables) == 1:
            return str(tables[0])
        known = ", ".join(tables) or "no table at all"
        missing = f"has no table {table!r}" if table else "needs a table chosen"
        raise SourceError(
            f"{self._name_of_file} {missing}: it has {known}. "
            f"Name one as {self._name_of_file}::{tables[0] if tables else 'TABLE'}"
        )

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Read-only; whatever goes wrong while it is open is the file's fault."""
        try:
            address = f"{self._file.path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
                yield connection
        except SQLITE_DAMAGE as error:
            raise SourceError(f"{self._name_of_file} can't be read: {error}") from error
