"""Partitions of a source as one stream, in the order in which event time came to them.

While a backlog is read, partitions come in as the log has them, one perhaps weeks ahead of
another, and the lines of the one behind would be too late. So what is ahead waits for those
that have something left; who has caught up, or brings nothing for long, is not waited for.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.bridging.mapping import Mapped
    from stream.log.batch import Record

NEVER = -(2**63)
PATIENCE_SECONDS = 60.0
"""How long a partition that brings nothing, and should, holds up the others."""


class Crossing(NamedTuple):
    """One record of the source on its way."""

    partition: int
    offset: int
    next_offset: int
    """Where reading goes on behind it."""

    record: Record
    mapped: Mapped
    reached_ms: int
    """How far event time had come on its partition, this one counted."""

    @property
    def weight(self) -> int:
        """What it takes to hold it, in lines."""
        return 1 + (len(self.mapped) if isinstance(self.mapped, list) else 0)


@dataclass(slots=True)
class _Partition:
    waiting: deque[Crossing] = field(default_factory=deque)
    reached_ms: int = NEVER
    heard_at: float = 0.0


class Aligned:
    """What was read and did not cross yet. `seconds` are those of some steady clock."""

    def __init__(self, partitions: Iterable[int]) -> None:
        self._partitions = {one: _Partition() for one in partitions}
        self._read = frozenset[int]()
        self.held = 0
        """How many lines wait, about."""

    def read(self, partitions: frozenset[int], seconds: float) -> None:
        """These are read from now on. Those that are not have no chance to bring anything."""
        for one in partitions - self._read:
            self._partitions[one].heard_at = seconds
        self._read = partitions

    def reached(self, partition: int) -> int:
        return self._partitions[partition].reached_ms

    def add(self, crossing: Crossing, seconds: float) -> None:
        there = self._partitions[crossing.partition]
        there.waiting.append(crossing)
        there.reached_ms, there.heard_at = crossing.reached_ms, seconds
        self.held += crossing.weight

    def ready(self, behind: Iterable[int], seconds: float) -> list[Crossing]:
        """What nobody is waited for any more, by event time; `behind` have more to bring."""
        waited_for = [self._partitions[one] for one in behind if self._has_time(one, seconds)]
        until_ms = min((one.reached_ms for one in waited_for), default=None)
        ready: list[Crossing] = []
        for there in self._partitions.values():
            while there.waiting and (until_ms is None or there.waiting[0].reached_ms <= until_ms):
                ready.append(there.waiting.popleft())
        self.held -= sum(crossing.weight for crossing in ready)
        return sorted(ready, key=lambda crossing: crossing.reached_ms)

    def empty(self) -> frozenset[int]:
        """Partitions of which nothing waits: those that others wait for are among them."""
        return frozenset(one for one, there in self._partitions.items() if not there.waiting)

    def _has_time(self, partition: int, seconds: float) -> bool:
        silent = seconds - self._partitions[partition].heard_at
        return partition not in self._read or silent < PATIENCE_SECONDS
