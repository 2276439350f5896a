"""How far workers and tables are behind the log, looked at beside the pages.

In a thread of its own: a broker that doesn't answer must not hold a page up.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from stream.errors import ShoalError
from stream.log.closing import ClosingMixin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.wiring import Wiring
    from stream.log.seam import Log

EVERY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Lag:
    """In records: how many of `transactions` no worker has committed yet."""

    records: int | None = None
    """None: not known yet, or not to be had."""

    why_not: str | None = None


class LagWatch(ClosingMixin):
    """Looks until it is closed, or for as long as the process lives."""

    def __init__(self, wiring: Wiring, every_seconds: float = EVERY_SECONDS) -> None:
        self._wiring, self._every_seconds = wiring, every_seconds
        self._last = Lag()
        self._ending = Event()
        self._thread = Thread(target=self._run, name="shoal-lag", daemon=True)
        self._thread.start()

    @property
    def last(self) -> Lag:
        return self._last

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                with self._wiring.open_existing_log() as log:
                    while not self._ending.is_set():
                        self._last = Lag(lag_of(log, self._wiring))
                        self._ending.wait(self._every_seconds)
            except ShoalError as error:
                self._last = Lag(why_not=str(error))
                self._ending.wait(self._every_seconds)


def lag_of(log: Log, wiring: Wiring) -> int:
    """Records between what the group has committed and the end of the log."""
    topic = wiring.topics().transactions
    committed = log.committed(wiring.settings.group, topic)
    return behind(committed, log.bounds(topic))


def behind(committed: Mapping[int, int], bounds: Mapping[int, tuple[int, int]]) -> int:
    """A partition that nobody has read yet is behind by all that it has.

    >>> behind({0: 40}, {0: (0, 50), 1: (5, 12)})
    17
    """
    return sum(max(end - committed.get(part, start), 0) for part, (start, end) in bounds.items())
