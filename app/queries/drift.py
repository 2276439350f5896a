"""Drift: every snapshot's report, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.queries.cursors import WHOLE
from app.queries.keyset import page_of
from app.queries.views import Page
from consumers.sink import schema
from stream.contracts.drift import DriftReport

if TYPE_CHECKING:
    from app.queries.database import Database

_drift = schema.drift


@dataclass(frozen=True, slots=True)
class DriftView:
    """A report, and its position in `drift-metrics`."""

    position: int
    report: DriftReport


def reports(db: Database, after: str | None = None, limit: int = 30) -> Page[DriftView]:
    """The newest first."""
    statement = sa.select(_drift.c.position, _drift.c.report)
    order = [_drift.c.position]
    rows, more = page_of(
        db, statement, order, [WHOLE], asked="drift", after=after, limit=limit, descending=True
    )
    found = (DriftView(row.position, _report(row.report)) for row in rows)
    return Page(tuple(found), more)


def _report(told: object) -> DriftReport:
    return DriftReport.model_validate(told, strict=False)
