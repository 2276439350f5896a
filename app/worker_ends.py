"""What follows when a worker process ends: again after a pause, done, or never again.

Apart from the processes themselves, so that it can be tested without any.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from stream.errors import Fenced, InputError, StateDiffers

if TYPE_CHECKING:
    import subprocess

FENCED_AT_MOST = 2
FOR_GOOD = frozenset((InputError.exit_code, StateDiffers.exit_code))
"""Nothing but a person changes what was wrong."""

DONE, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait before a dead worker's next start: twice as long each time.

    >>> [BackOff().pause(deaths) for deaths in (1, 2, 3, 10, 10_000)]
    [0.5, 1.0, 2.0, 30.0, 30.0]
    """

    first_seconds: float = 0.5
    largest_seconds: float = 30.0
    steady_seconds: float = 60.0
    """A worker that lived so long counts as new."""

    def pause(self, deaths: int) -> float:
        return float(min(self.first_seconds * 2 ** min(deaths - 1, 60), self.largest_seconds))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take."""

    back_off: BackOff = BackOff()
    leaving_seconds: float = 30.0
    """From SIGTERM to SIGKILL: a worker finishes its batch and commits meanwhile."""


class Fate(Enum):
    """What becomes of a worker's place once the worker ended."""

    AGAIN = "again"
    DONE = "done"
    DOWN = "down"


@dataclass(slots=True)
class Place:
    """One worker's place: the process in it, or when the next one is due."""

    slot: int
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    due: float | None = 0.0
    """None: nobody comes here any more."""
    deaths: int = 0
    fenced: int = 0
    failed: bool = False
    printed: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.process is None and self.due is None

    def leave(self, code: int, lived_seconds: float, steady_seconds: float, *, ends: bool) -> Fate:
        """Counts how the worker ended and says what follows; `ends`: its work can be done."""
        if lived_seconds >= steady_seconds:
            self.deaths = self.fenced = 0
        self.process, self.due = None, None
        if code == DONE and ends:
            return Fate.DONE
        self.deaths += 1
        self.fenced = self.fenced + 1 if code == Fenced.exit_code else 0
        if self.fenced >= FENCED_AT_MOST or code in FOR_GOOD:
            self.failed = True
            return Fate.DOWN
        return Fate.AGAIN


def how(code: int) -> str:
    """How a process ended, in words.

    >>> how(-9), how(1)
    ('was killed by SIGKILL', 'ended with exit code 1')
    """
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
