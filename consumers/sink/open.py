"""A store by its URL, and what is wrong with a URL that names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from stream.errors import SettingsError

if TYPE_CHECKING:
    from consumers.sink.store import Store

POSTGRES = {"postgresql", "postgresql+psycopg", "postgres"}


def open_store(url: str) -> Store:
    """Nothing is asked of the database yet. The URL itself, which may hold a password, is never
    repeated."""
    try:
        made = sa.make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(f"sink.db is no database's URL: {FORMS}") from None
    if made.drivername in {"sqlite", "sqlite+pysqlite"}:
        from consumers.sink.sqlite import SqliteStore

        return SqliteStore(made)
    if made.drivername in POSTGRES:
        from consumers.sink.postgres import PostgresStore

        return PostgresStore(made)
    raise SettingsError(f"sink.db is for {made.drivername}, which no sink writes to: {FORMS}")


FORMS = "give sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"
