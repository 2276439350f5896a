"""How many changes there were, minute by minute or in longer strides, and what caused them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from consumers.sink import schema

if TYPE_CHECKING:
    from app.queries.database import Database

_changes = schema.changes
LETTERS_OF_MINUTE, FORM = 16, "%Y-%m-%d %H:%M"
FORM_POSTGRES = "YYYY-MM-DD HH24:MI"


class Stride(Enum):
    """How long a time is counted together; how many letters of an instant say which."""

    MINUTE = 16
    HOUR = 13
    DAY = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """Changes of one cause that began within one stride."""

    instant: datetime
    """When the stride begins, in UTC."""

    cause: str
    changes: int


def pace(
    db: Database, lens: str, since: datetime, until: datetime, stride: Stride
) -> list[Counted]:
    """By event time, from after `since` up to and with `until`; a stride without any is not there.

    All changes in between are looked at, so that an answer is kept for a while.
    """
    asked = ("pace", lens, since, until, stride)
    return db.memory.kept(asked, 2.0, lambda: _counted(db, lens, since, until, stride))


def _counted(
    db: Database, lens: str, since: datetime, until: datetime, stride: Stride
) -> list[Counted]:
    when = _changes.c.occurred_at
    begins = _words(db)
    stretch = sa.func.substr(begins, 1, stride.value).label("stretch")
    wanted = (_changes.c.lens == lens, when > since, when <= until)
    statement = (
        sa.select(stretch, _changes.c.cause, sa.func.count())
        .where(*wanted)
        .group_by(stretch, _changes.c.cause)
        .order_by(stretch, _changes.c.cause)
    )
    return [Counted(_instant(said), cause, number) for said, cause, number in db.rows(statement)]


def _words(db: Database) -> sa.ColumnElement[Any]:
    """The instant in words that sort: as SQLite has them anyway."""
    if db.is_postgres:
        return sa.func.to_char(sa.func.timezone("UTC", _changes.c.occurred_at), FORM_POSTGRES)
    return sa.type_coerce(_changes.c.occurred_at, sa.Text)


def _instant(said: str) -> datetime:
    """
    >>> _instant("2026-03-01").isoformat(), _instant("2026-03-01 23").isoformat()
    ('2026-03-01T00:00:00+00:00', '2026-03-01T23:00:00+00:00')
    """
    rest = "0000-00-00 00:00"[len(said) :]
    return datetime.strptime(said + rest, FORM).replace(tzinfo=UTC)
