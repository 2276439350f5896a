"""Pages by key: each goes on behind the last row of the one before, and is as quick as the first.

An offset would count its way there again each time, and lose or repeat rows that move meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import cursor_for, place_of
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from app.queries.database import Database, Rows

MOST_ROWS = 1_000


class LimitError(InputError):
    """A page that is too long, or of nothing."""


def page_of(
    db: Database,
    statement: sa.Select[Any],
    order: Sequence[sa.Column[Any]],
    kinds: Sequence[Any],
    *,
    asked: Hashable,
    after: str | None,
    limit: int,
    descending: bool = False,
) -> tuple[Rows, str | None]:
    """The rows, and the cursor of the next page. The order's columns are of `kinds`, and selected
    under their own names; no two rows are alike in all of them."""
    if after is not None:
        statement = statement.where(
            beyond(order, place_of(asked, after, kinds), descending=descending)
        )
    by = [column.desc() if descending else column.asc() for column in order]
    rows = db.rows(statement.order_by(*by).limit(bounded(limit) + 1))
    if len(rows) <= limit:
        return rows, None
    shown = rows[:limit]
    return shown, cursor_for(asked, [shown[-1]._mapping[column.name] for column in order])


def beyond(
    order: Sequence[sa.Column[Any]], place: Sequence[Any], *, descending: bool
) -> sa.ColumnElement[bool]:
    here = sa.tuple_(*order)
    there = sa.tuple_(
        *(sa.literal(value, column.type) for column, value in zip(order, place, strict=True))
    )
    return here < there if descending else here > there


def bounded(limit: int) -> int:
    if not 1 <= limit <= MOST_ROWS:
        raise LimitError(f"a page has 1 to {MOST_ROWS:,} rows, not {limit}")
    return limit
