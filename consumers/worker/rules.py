"""What a worker goes by: whose place it has, how often it commits, when it ticks and cuts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class WorkerRules:
    """Times in the unit of their names; defaults are those of `[consume]`."""

    commit_ms: int = 100
    most_events: int = 200_000
    """A commit stands for about so many, and as many may wait for the next: it bounds memory."""

    tick_silence_ms: int = 100
    checkpoint_factor: float = 4.0
    checkpoint_floor_bytes: int = 4 << 20
    """Deltas smaller than this never bring about a checkpoint: there is nothing to win."""

    erasure_checkpoint_ms: int = 15 * MINUTE_MS
    kept_checkpoint_ms: int = 24 * HOUR_MS
    """How long the checkpoint before the last `Promote`'s T is kept at most."""

    settled_seconds: float = 150.0
    """How long a dead owner's open transaction is waited for: longer than it may stay open."""

    restores_at_once: int = 2
    retry_first_seconds: float = 0.1
    retry_most_seconds: float = 5.0
    give_up_seconds: float | None = None
    """How long a log that can't be reached is asked again; None: for ever."""

    lag_seconds: float = 1.0
    """How often the observer hears how far behind the tasks are."""


@dataclass(frozen=True, slots=True)
class Place:
    """A worker's place in its group. The name outlives restarts, and nobody else has it.

    >>> Place.of("shoal", "host-1", 0)
    Place(group='shoal', member='shoal-host-1-0')
    """

    group: str
    member: str
    """Instance id and transactional id both: a new process with the name fences the old one."""

    @classmethod
    def of(cls, group: str, name: str, slot: int) -> Place:
        return cls(group, f"{group}-{name}-{slot}")


class Clock(Protocol):
    """The two clocks: what people call the time, and one that never goes back."""

    def now_ms(self) -> int: ...
    def seconds(self) -> float: ...


class SystemClock:
    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds(self) -> float:
        return time.monotonic()
