"""When a commit is due: a steady interval, met at the turn of the loop that is nearest to it.

Lines come from a log in gulps. A commit between two of them leaves behind what the log has by then,
and that waits for the commit after it; one that follows a gulp takes everything.
"""

from __future__ import annotations

LONGEST_GAP_SECONDS = 0.06
"""What comes more seldom doesn't come in gulps, and nobody waits for it."""

LATE = 1.3
"""By how much of the usual gap the next gulp may be late."""

LONG_AGO = -float("inf")


class Pace:
    """Told what happens, with the clock's seconds; has no clock of its own.

    >>> pace = Pace(interval=0.1)
    >>> pace.began(10.00)
    >>> pace.came(10.05)  # of a gulp every 50 ms, the one after 100 ms is nearest
    >>> pace.is_time(10.05)
    False
    >>> pace.came(10.10)
    >>> pace.is_time(10.10)
    True
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._began_at = self._came_at = LONG_AGO
        self._gap = LONGEST_GAP_SECONDS
        self._has_come = False

    def came(self, now: float) -> None:
        """A turn brought something, and it is folded."""
        self._gap = min(now - self._came_at, LONGEST_GAP_SECONDS)
        self._came_at, self._has_come = now, True

    def began(self, now: float) -> None:
        """A commit."""
        self._began_at = now

    def left(self, now: float) -> float:
        """For so long there need be no commit, if nothing comes."""
        return max(self._began_at + self._interval, self._came_at + LATE * self._gap) - now

    def is_time(self, now: float) -> bool:
        """Asked once a turn: whether this is the one to commit in."""
        has_come, self._has_come = self._has_come, False
        if has_come:
            return self._began_at + self._interval - now <= self._gap / 2
        return self.left(now) <= 0
