"""Whether a worker is alive, and whether it is ready: what `/healthz` and `/readyz` answer.

Alive is who turns; ready is who waits for nothing. A restore is slow but turns, so it is no
reason to be killed.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STALLED_AFTER_SECONDS = 60.0
STARTING = "its first turn"


class Health:
    """Told by the worker, asked by others, from any thread.

    >>> health = Health(lambda: 100.0)
    >>> health.is_ready, health.waits_for
    (False, ('its first turn',))
    >>> health.turned(waits_for=["partition 3 to be restored"])
    >>> health.is_ready, health.waits_for
    (False, ('partition 3 to be restored',))
    >>> health.turned(waits_for=[])
    >>> health.is_ready
    True
    """

    def __init__(
        self, seconds: Callable[[], float], *, stalled_after: float = STALLED_AFTER_SECONDS
    ) -> None:
        self._seconds = seconds
        self._stalled_after = stalled_after
        self._lock = Lock()
        self._turned_at: float | None = None
        self._waits_for: tuple[str, ...] = (STARTING,)

    def turned(self, *, waits_for: Sequence[str] | None = None) -> None:
        """The loop has come round. `waits_for` is said where it has changed."""
        with self._lock:
            self._turned_at = self._seconds()
            if waits_for is not None:
                self._waits_for = tuple(waits_for)

    @property
    def waits_for(self) -> tuple[str, ...]:
        with self._lock:
            return self._waits_for

    @property
    def is_ready(self) -> bool:
        return self.is_alive and not self.waits_for

    @property
    def is_alive(self) -> bool:
        """Also before the first turn: functions may be compiling, which is long and ends."""
        return self.still_seconds <= self._stalled_after

    @property
    def still_seconds(self) -> float:
        """How long ago it turned last; 0 before the first time."""
        with self._lock:
            turned_at = self._turned_at
        return 0.0 if turned_at is None else max(self._seconds() - turned_at, 0.0)
