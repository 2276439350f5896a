"""The sink's database for those who only read it: opened by URL, asked from any thread.

Nothing is asked until the first query. Each query has one state of the database for itself;
`reading` has one for several. A connection that broke meanwhile is made anew, once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from app.queries.memory import Memory
from app.queries.opening import postgres, sqlite
from app.queries.prepared import Prepared
from app.queries.refusing import fault_of
from consumers.sink.open import FORMS, POSTGRES
from consumers.sink.schema import metadata
from stream.errors import SettingsError
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from app.queries.opening import Opened

    Asked = TypeVar("Asked")
    Parameters = Mapping[str, Any]
    Rows = Sequence[Any]


class Database(ClosingMixin):
    """`DatabaseUnavailable` where it may answer later, `DatabaseError` where it won't."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self.name = opened.name
        """Its address as it may be shown: without user, password and options."""

        self.is_postgres = opened.engine.dialect.name == "postgresql"
        self._statements: dict[sa.Select[Any], Prepared] = {}
        self.memory = Memory()
        """Answers that are too dear to be asked for each time."""

    def rows(self, statement: sa.Select[Any], parameters: Parameters | None = None) -> Rows:
        """All of them at once: the statement says how many at most."""
        with self._explained():
            return self._again(lambda: self._rows(statement, parameters))

    def first(self, statement: sa.Select[Any], parameters: Parameters | None = None) -> Any | None:
        """The first row, if any."""
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def prepared_rows(self, statement: sa.Select[Any], parameters: Parameters) -> Rows:
        """The same as plain tuples, and quicker: for a statement that is asked again and again,
        always the same object, of numbers, texts and times, with texts for parameters."""
        with self._explained():
            return self._again(lambda: self._prepared(statement, parameters))

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One state of the database throughout. To be left soon: what was erased meanwhile stays
        in the file until then."""
        with self._explained():
            connection = self._again(self._begun)
            try:
                yield Reading(connection)
            finally:
                with connection:
                    connection.exec_driver_sql("ROLLBACK")

    def check(self) -> None:
        """That it answers, and has the sink's tables as this version knows them."""
        for table in metadata.sorted_tables:
            self.rows(sa.select(table).limit(0))

    def close(self) -> None:
        for prepared in self._statements.values():
            prepared.close()
        self._opened.engine.dispose()

    def _rows(self, statement: sa.Select[Any], parameters: Parameters | None) -> Rows:
        with self._opened.engine.connect() as connection:
            self._opened.start_clock(connection)
            return connection.execute(statement, parameters).all()

    def _prepared(self, statement: sa.Select[Any], parameters: Parameters) -> Rows:
        prepared = self._statements.get(statement)
        if prepared is None:
            prepared = self._statements[statement] = Prepared(statement, self._opened.engine)
        return prepared.rows(parameters)

    def _begun(self) -> sa.Connection:
        connection = self._opened.engine.connect()
        try:
            self._opened.start_clock(connection)
            connection.exec_driver_sql(self._opened.begin)
        except BaseException:
            connection.close()
            raise
        return connection

    def _again(self, ask: Callable[[], Asked]) -> Asked:
        """Once more on a new connection where the old one was cut off."""
        try:
            return ask()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return ask()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise fault_of(error, self.name) from None


class Reading:
    """Several queries of one state."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rows(self, statement: sa.Select[Any], parameters: Parameters | None = None) -> Rows:
        return self._connection.execute(statement, parameters).all()


def open_database(url: str) -> Database:
    """The URL itself, which may hold a password, is never repeated."""
    try:
        made = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(f"sink.db is no database's URL: {FORMS}") from None
    if made.drivername in {"sqlite", "sqlite+pysqlite"}:
        return Database(sqlite(made))
    if made.drivername in POSTGRES:
        return Database(postgres(made))
    raise SettingsError(f"sink.db is for {made.drivername}, which no sink writes to: {FORMS}")
