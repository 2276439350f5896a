"""What a process does while a log or a database is away: says so once, and asks ever less often.

Apart because every process that runs on does it, and people should read the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.stopping import Stopping

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 10.0


class Onlooker(Protocol):
    """Who is told of it, for metrics and probes."""

    def away(self) -> None: ...
    def waits_for(self, what: str) -> None: ...


@dataclass(slots=True)
class Outage:
    """One after the other; over once something was done again."""

    stopping: Stopping
    onlooker: Onlooker
    say: Callable[[str], None]
    wait_seconds: float = FIRST_WAIT_SECONDS
    is_on: bool = False

    def wait(self, why: str) -> None:
        """Until it may be tried again, or the process is told to stop."""
        if not self.is_on:
            self.say(f"waiting: {why}")
            self.onlooker.away()
        self.is_on = True
        self.onlooker.waits_for(why)
        self.stopping.wait(self.wait_seconds)
        self.wait_seconds = min(self.wait_seconds * 2, LONGEST_WAIT_SECONDS)

    def over(self) -> None:
        """Something was done: whether there was an outage or not."""
        if self.is_on:
            self.say("going on")
        self.is_on, self.wait_seconds = False, FIRST_WAIT_SECONDS
