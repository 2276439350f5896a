"""Both databases, one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url

from consumers.sink.open import open_store
from stream.errors import DatabaseError, DatabaseUnavailable, SettingsError, ShoalError
from tests.consumers.sink.contract import StoreContract

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres import Server


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestSqlite(StoreContract):
    """A file."""


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
class TestPostgres(StoreContract):
    """A real server."""


def refusal(url: str) -> ShoalError:
    with pytest.raises(ShoalError) as refused, open_store(url) as store:
        store.migrate()
    assert "hush" not in str(refused.value)
    return refused.value


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no database's URL"),
        ("postgresql://me:hush@host:port/db", "no database's URL"),
        ("mysql://me:hush@host/db", "for mysql, which no sink writes to"),
    ],
)
def test_what_is_no_url_of_a_database_is_refused(url: str, words: str) -> None:
    error = refusal(url)
    assert isinstance(error, SettingsError)
    assert words in str(error)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    assert "file is not a database" in str(refusal(f"sqlite:///{tmp_path / 'text.db'}"))
    assert "there is no folder" in str(refusal(f"sqlite:///{tmp_path / 'no' / 'sink.db'}"))
    assert "needs a file" in str(refusal("sqlite://"))


def test_a_server_that_is_not_there_may_come_back() -> None:
    error = refusal("postgresql+psycopg://me:hush@127.0.0.1:1/db?password=hush")
    assert isinstance(error, DatabaseUnavailable)
    assert "127.0.0.1" in str(error)


def test_wrong_credentials_and_databases_are_for_good(postgres: Server) -> None:
    right = make_url(postgres.url)
    for wrong in (right.set(password="hush"), right.set(database="that_is_not_there")):
        error = refusal(wrong.render_as_string(hide_password=False))
        assert type(error) is DatabaseError, wrong
