"""A statement compiled once and handed to the driver as it is: looking up one customer is quick
enough for SQLAlchemy's own way of asking to be most of it.
"""

from __future__ import annotations

import time
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from app.queries.opening import LONGEST_SECONDS
from consumers.sink.schema import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import sqlalchemy as sa


class Prepared:
    """Asked from any thread."""

    def __init__(self, statement: sa.Select[Any], engine: sa.Engine) -> None:
        self._engine, dialect = engine, engine.dialect
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        self._idle: list[Any] = []
        self._readers: list[tuple[int, Callable[[Any], Any]]] = []
        for place, column in enumerate(statement.selected_columns):
            reader = _reader(column.type, dialect)
            if reader is not None:
                self._readers.append((place, reader))

    def rows(self, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        given = parameters if self._order is None else [parameters[one] for one in self._order]
        connection = self._taken()
        try:
            found = self._ask(connection, given)
        except BaseException:
            connection.close()
            raise
        self._give_back(connection)
        return [self._read(row) for row in found]

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _taken(self) -> Any:
        """The one that was kept, or another where somebody else has that."""
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self._engine.raw_connection()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise DBAPIError(self._text, None, error) from None

    def _give_back(self, connection: Any) -> None:
        """One is kept: the pool's way out and in is a third of asking. More go to the pool."""
        if self._idle:
            connection.close()
        else:
            self._idle.append(connection)

    def _ask(self, connection: Any, given: Any) -> Any:
        deadline = connection.info.get("deadline")
        if deadline is not None:
            deadline.until = time.monotonic() + LONGEST_SECONDS
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(self._text, given)
                return cursor.fetchall()
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._as_sqlalchemy_has_it(connection, error) from None

    def _as_sqlalchemy_has_it(self, connection: Any, error: Any) -> DBAPIError:
        """With what is known of the connection; one that was cut off doesn't go back."""
        is_gone = self._engine.dialect.is_disconnect(error, connection.dbapi_connection, None)
        if is_gone:
            connection.invalidate(error)
        return DBAPIError(self._text, None, error, connection_invalidated=is_gone)

    def _read(self, row: Any) -> tuple[Any, ...]:
        read = list(row)
        for place, reader in self._readers:
            read[place] = reader(read[place])
        return tuple(read)


def _reader(kind: Any, dialect: Any) -> Callable[[Any], Any] | None:
    """Drivers tell numbers and texts as they are, and SQLite times as text."""
    if not isinstance(kind, Instant):
        return None
    if dialect.name == "sqlite":
        return _instant
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _instant(text: str | None) -> datetime | None:
    """A seventh of what SQLAlchemy's own way takes, which was a tenth of looking a customer up.

    >>> _instant("2011-06-01 18:00:00.000000").isoformat()
    '2011-06-01T18:00:00+00:00'
    """
    return None if text is None else datetime.fromisoformat(text + "+00:00")
