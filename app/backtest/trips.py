"""Who comes back to the segment just left: flaps within a week, round trips within a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set
    from datetime import datetime

    from app.backtest.changes import Told

FLAP = timedelta(days=7)
ROUND_TRIP = timedelta(days=30)


@dataclass(slots=True)
class Trips:
    """Follows every customer in every lens; learned segments only.

    From A to B and straight back to A; through a third segment, or through a rule segment, is
    another way.
    """

    flaps: Counter[str] = field(default_factory=Counter)
    """By lens."""

    round_trips: Counter[str] = field(default_factory=Counter)
    """The same; a flap is one, too."""

    _last: dict[tuple[str, str], tuple[str, str, datetime]] = field(default_factory=dict)

    def see(self, change: Told, rules: Set[str]) -> None:
        """`rules` are the ids of rule segments."""
        who = (change.lens, change.customer_id)
        previous, current = change.previous, change.current
        if previous is None or current is None or {previous.id, current.id} & rules:
            self._last.pop(who, None)
            return
        before = self._last.get(who)
        self._last[who] = (previous.id, current.id, change.occurred_at)
        if before is None or before[:2] != (current.id, previous.id):
            return
        away = change.occurred_at - before[2]
        self.flaps[change.lens] += away < FLAP
        self.round_trips[change.lens] += away < ROUND_TRIP
