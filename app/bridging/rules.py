"""What a bridge goes by, and what it asks the time of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Begin = Literal["start", "end"] | int


class Clock(Protocol):
    """The clock on the wall, and a steady one."""

    def now_ms(self) -> int: ...
    def seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """`begin` counts the first time only; a number is a record's timestamp in milliseconds."""

    name: str
    begin: Begin = "start"
    skip_lost: bool = False
    """Go on where the source forgot records that were not read."""

    ticks: bool = True
    """Tell every partition of midnights while it is history that comes across."""

    commit_seconds: float = 0.1
    most_held: int = 100_000
    """How many lines may wait for other partitions, about."""
