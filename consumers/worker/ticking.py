"""When the owner of a partition writes a `Tick`, and what it is.

Pure, because a tick too many changes results on every later reading of the partition. The
worker asks only for a live task whose partition has been read to its end and been silent.
"""

from __future__ import annotations

from datetime import UTC, datetime

from consumers.worker.partition_task import NEVER
from stream.contracts.commands import Tick
from stream.log.batch import Record, Records
from stream.times import DAY_MS


def tick_is_due(now_ms: int, event_ms: int, pending_due_ms: int | None, ticked_ms: int) -> bool:
    """Whether a tick of now would do something that no event and no tick before it has done.

    Either a pending order is due by the clock, or a midnight has passed. `ticked_ms` is the
    instant of the last tick written: what was due by then has been looked after, even where
    that tick was not yet read.

    >>> noon = DAY_MS * 100 + DAY_MS // 2
    >>> tick_is_due(noon, noon - 9000, pending_due_ms=noon - 4000, ticked_ms=NEVER)
    True
    >>> tick_is_due(noon, noon - 9000, pending_due_ms=noon - 4000, ticked_ms=noon - 1)
    False
    >>> tick_is_due(noon + DAY_MS, noon, pending_due_ms=None, ticked_ms=noon)
    True
    """
    if event_ms == NEVER:
        return False
    order_is_due = pending_due_ms is not None and ticked_ms <= pending_due_ms < now_ms
    return order_is_due or now_ms // DAY_MS > max(event_ms, ticked_ms) // DAY_MS


def tick(now_ms: int) -> Records:
    """The command as it goes to the partition: no key, for it is nobody's."""
    at = datetime.fromtimestamp(now_ms / 1000, UTC)
    return Records.of([Record(None, Tick(instant=at).to_json(), now_ms)])
