"""Models: the list of versions, and each of them whole; a version never changes, so it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import WHOLE
from app.queries.keyset import page_of
from app.queries.views import Page
from consumers.sink import schema
from stream.contracts.model import SegmentModel

if TYPE_CHECKING:
    from datetime import datetime

    from app.queries.database import Database

LOOKED_AGAIN_SECONDS = 1.0
KEPT_SECONDS = 60.0
"""How long a version is kept: dropped tables may have been filled from another log."""

_models = schema.models


@dataclass(frozen=True, slots=True)
class ModelView:
    """A version without its shapes."""

    version: int
    based_on: int | None
    shape_of: int | None
    instant: datetime
    created_at: datetime
    note: str


def current_model(db: Database) -> SegmentModel | None:
    """The newest version."""
    version = db.memory.kept("newest model", LOOKED_AGAIN_SECONDS, lambda: _newest(db))
    return None if version is None else model(db, version)


def model(db: Database, version: int) -> SegmentModel | None:
    """A version whole."""
    return db.memory.kept(("model", version), KEPT_SECONDS, lambda: _read(db, version))


def models(db: Database, limit: int = 100) -> list[ModelView]:
    """The versions, the newest first."""
    return list(page_of_models(db, limit=limit).items)


def page_of_models(db: Database, after: str | None = None, limit: int = 100) -> Page[ModelView]:
    """The newest first."""
    statement = sa.select(*(_models.c[name] for name in ModelView.__slots__))
    order = [_models.c.version]
    rows, more = page_of(
        db, statement, order, [WHOLE], asked="models", after=after, limit=limit, descending=True
    )
    return Page(tuple(ModelView(*row) for row in rows), more)


def _newest(db: Database) -> int | None:
    row = db.first(sa.select(sa.func.max(_models.c.version)))
    return row[0] if row else None


def _read(db: Database, version: int) -> SegmentModel | None:
    row = db.first(sa.select(_models.c.model).where(_models.c.version == version))
    return None if row is None else _model(row[0])


def _model(told: Any) -> SegmentModel:
    return SegmentModel.model_validate(told, strict=False)
