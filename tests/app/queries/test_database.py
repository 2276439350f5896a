"""Reading only, whatever becomes of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.queries import opening
from app.queries.customers import customer
from app.queries.database import open_database
from consumers.sink import schema
from consumers.sink.open import open_store
from consumers.sink.places import Place
from stream.errors import DatabaseError, DatabaseUnavailable, SettingsError
from tests.postgres.find import fresh_database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.queries.read_shop import ReadShop
    from tests.postgres import Server


def test_it_has_the_sinks_tables(read_shop: ReadShop) -> None:
    read_shop.db.check()


def test_nothing_can_be_written(read_shop: ReadShop) -> None:
    """Whatever a query were made to say."""
    engine = read_shop.db._opened.engine
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        connection.execute(sa.delete(schema.customers))
    with read_shop.db.reading() as reading:
        assert len(reading.rows(sa.select(schema.customers))) == len(read_shop.customers)


def test_no_query_leaves_a_transaction_open(read_shop: ReadShop) -> None:
    """What was erased would stay in SQLite's log, and in PostgreSQL's tables, until it ends."""
    customer(read_shop.db, "c1")
    read_shop.db.check()
    with read_shop.db.reading() as reading:
        reading.rows(sa.select(schema.positions))
    with pytest.raises(DatabaseError), read_shop.db.reading() as reading:
        reading.rows(sa.select(sa.column("nothing")).select_from(schema.positions))
    connection: Any = read_shop.db._opened.engine.raw_connection().dbapi_connection
    if read_shop.db.is_postgres:
        assert connection.info.transaction_status.name == "IDLE"
    else:
        assert not connection.in_transaction


def test_several_queries_see_one_state(tmp_path: Path, postgres: Server) -> None:
    with fresh_database(postgres) as elsewhere:
        for url in (f"sqlite:///{tmp_path / 'sink.db'}", elsewhere):
            with open_store(url) as store, open_database(url) as db:
                store.migrate()
                statement = sa.select(sa.func.count()).select_from(schema.positions)
                with db.reading() as reading:
                    assert reading.rows(statement)[0][0] == 0
                    with store.writing() as writing:
                        writing.advance("t", 0, None, Place(1))
                    assert reading.rows(statement)[0][0] == 0
                assert db.rows(statement)[0][0] == 1


def test_a_file_that_is_not_there_says_what_makes_it(tmp_path: Path) -> None:
    with (
        open_database(f"sqlite:///{tmp_path / 'none.db'}") as db,
        pytest.raises(DatabaseUnavailable, match="no such file: run `shoal sink`"),
    ):
        db.check()
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_says_what_makes_them(tmp_path: Path, postgres: Server) -> None:
    (tmp_path / "empty.db").touch()
    with fresh_database(postgres) as elsewhere:
        for url in (f"sqlite:///{tmp_path / 'empty.db'}", elsewhere):
            with (
                open_database(url) as db,
                pytest.raises(DatabaseUnavailable, match="none of Shoal's tables"),
            ):
                db.check()


def test_what_the_sink_makes_later_is_found_without_opening_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sink.db'}"
    with open_database(url) as db:
        with pytest.raises(DatabaseUnavailable):
            customer(db, "c1")
        with open_store(url) as store:
            store.migrate()
        assert customer(db, "c1") is None


def test_a_connection_that_was_cut_off_is_made_anew(postgres: Server) -> None:
    with fresh_database(postgres) as url, open_store(url) as store, open_database(url) as db:
        store.migrate()
        assert customer(db, "c1") is None
        _cut_off(url)
        assert customer(db, "c1") is None
        _cut_off(url)
        with db.reading() as reading:
            assert reading.rows(sa.select(schema.customers)) == []


def test_a_query_that_lasts_too_long_is_given_up(
    read_shop: ReadShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LONGEST_SECONDS", 1)
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < 2_000_000_000))
    with (
        open_database(read_shop.url) as db,
        pytest.raises(DatabaseUnavailable, match="given up after"),
    ):
        db.rows(sa.select(sa.func.count()).select_from(numbers))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no database's URL"),
        ("mysql://someone:secret@host/shop", "for mysql"),
        ("sqlite://", "nothing to read in memory"),
    ],
)
def test_a_url_that_is_none_is_refused_and_never_told(url: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        open_database(url)
    assert "secret" not in str(refused.value)


def test_nobody_there_is_told_without_the_password() -> None:
    with (
        open_database("postgresql+psycopg://someone:secret@127.0.0.1:1/shop") as db,
        pytest.raises(DatabaseError) as refused,
    ):
        db.check()
    assert "secret" not in str(refused.value)
    assert db.name == "postgresql://127.0.0.1:1/shop"


def _cut_off(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    engine.dispose()


def test_a_prepared_statement_answers_as_any_other(read_shop: ReadShop) -> None:
    columns = (*schema.customer_segments.columns, *schema.customers.columns)
    joined = schema.customer_segments.join(
        schema.customers,
        schema.customers.c.customer_id == schema.customer_segments.c.customer_id,
    )
    statement = sa.select(*columns).select_from(joined).order_by(schema.customers.c.customer_id)
    statement = statement.where(schema.customer_segments.c.lens == sa.bindparam("lens"))
    wanted = [tuple(row) for row in read_shop.db.rows(statement, {"lens": "value"})]
    assert len(wanted) > 10
    assert list(read_shop.db.prepared_rows(statement, {"lens": "value"})) == wanted
    assert list(read_shop.db.prepared_rows(statement, {"lens": "other"})) == []
