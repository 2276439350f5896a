"""A segment's customers by what a snapshot expects of them.

Apart from sorting by features because it may be unknown: those of whom it is come last, whichever
end is first, so that everybody is on some page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.queries.cursors import NUMBER, TEXT, cursor_for, place_of
from app.queries.keyset import beyond, bounded
from app.queries.segments import sizes
from consumers.sink import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.queries.database import Database
    from app.queries.members import Members

    Place = Sequence[Any]

LARGE_SHARE = 1 / 50
"""Of a lens' customers: a page of such a segment's is found soon on the way along the index of
everybody; of a smaller one's it is quicker to look at all of them."""

KINDS = (NUMBER | None, TEXT)
_insights, _stands = schema.customer_insights, schema.customer_segments


def ids_by_expectation(
    db: Database, members: Members, after: str | None, limit: int
) -> tuple[list[str], str | None]:
    """A page of ids, and the cursor of the next one."""
    asked = members.asked(members.sort)
    place = None if after is None else place_of(asked, after, KINDS)
    ask = _Asked(db, members, bounded(limit) + 1)
    rows = [] if place and place[0] is None else ask.known(place)
    if len(rows) <= limit:
        rows += ask.unknown(place[1] if place and place[0] is None else None, len(rows))
    shown = rows[:limit]
    more = cursor_for(asked, shown[-1]) if len(rows) > limit else None
    return [customer_id for _, customer_id in shown], more


@dataclass(frozen=True, slots=True)
class _Asked:
    db: Database
    members: Members
    most: int

    def known(self, after: Place | None) -> list[Place]:
        value = _insights.c[self.members.sort]
        order = [value, _insights.c.customer_id]
        theirs = (_stands.c.customer_id == _insights.c.customer_id, *self.members.conditions())
        # None of them is below 0, and a bound is what has SQLite look at their index.
        wanted = sa.select(*order).where(value >= 0)
        if self._is_large():  # SQLite can't know, and takes this for "look at each of mine"
            wanted = wanted.where(sa.exists().where(*theirs))
        else:
            wanted = wanted.where(*theirs)
        if after is not None:
            wanted = wanted.where(beyond(order, after, descending=self.members.descending))
        return self._rows(wanted, order, self.most)

    def unknown(self, after: str | None, there: int) -> list[Place]:
        value, customer_id = _insights.c[self.members.sort], _stands.c.customer_id
        joined = _stands.outerjoin(_insights, _insights.c.customer_id == customer_id)
        found = sa.select(value, customer_id).select_from(joined)
        found = found.where(*self.members.conditions(), value.is_(None))
        if after is not None:
            found = found.where(beyond([customer_id], [after], descending=self.members.descending))
        return self._rows(found, [customer_id], self.most - there)

    def _is_large(self) -> bool:
        there = sizes(self.db, self.members.lens)
        return there.get(self.members.segment_id or "", 0) > LARGE_SHARE * sum(there.values())

    def _rows(
        self, statement: sa.Select[Any], order: Sequence[sa.Column[Any]], most: int
    ) -> list[Place]:
        by = [column.desc() if self.members.descending else column.asc() for column in order]
        return [tuple(row) for row in self.db.rows(statement.order_by(*by).limit(most))]
