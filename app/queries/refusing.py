"""What a database's refusal means for who only reads: most of all, that no sink was there yet."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import TimeoutError as NoConnection

from app.queries.opening import LONGEST_SECONDS
from consumers.sink.faults import explain
from stream.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

    from stream.errors import ShoalError

NO_TABLE = ("42P01", "42703", "3F000")
"""SQLSTATE: no such table, column or schema."""

NO_TABLE_SQLITE = ("no such table", "no such column")
CANCELLED = "57014"


def fault_of(error: SQLAlchemyError, name: str) -> ShoalError:
    """Our error for SQLAlchemy's or the driver's."""
    cause = getattr(error, "orig", None) or error
    if isinstance(error, NoConnection):
        return DatabaseUnavailable(f"{name}: too many queries at once: ask again a little later")
    if _lasted_too_long(cause):
        return DatabaseUnavailable(
            f"{name}: the query was given up after {LONGEST_SECONDS} s: ask for less, or for a "
            "shorter time"
        )
    if _has_no_tables(cause):
        return DatabaseUnavailable(
            f"{name} has none of Shoal's tables, or those of an older version: run `shoal sink` "
            "on it first"
        )
    if _is_no_file(cause):
        return DatabaseUnavailable(f"{name}: there is no such file: run `shoal sink` on it first")
    return explain(error, name)


def _lasted_too_long(cause: BaseException) -> bool:
    code = getattr(cause, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_INTERRUPT or getattr(cause, "sqlstate", None) == CANCELLED


def _has_no_tables(cause: BaseException) -> bool:
    if isinstance(cause, sqlite3.Error):
        return str(cause).startswith(NO_TABLE_SQLITE)
    return getattr(cause, "sqlstate", None) in NO_TABLE


def _is_no_file(cause: BaseException) -> bool:
    return getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_CANTOPEN
