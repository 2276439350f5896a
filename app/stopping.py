"""Ctrl-C and SIGTERM as a wish that is asked about, instead of an exception anywhere.

So a command stops between two of its steps, with everything flushed. A second Ctrl-C
interrupts at once, for whoever doesn't want to wait.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Listens while its `with` block runs. Use it on the main thread.

    It is a clock as well, because what waits has to wake when it is to stop.
    """

    def __init__(self) -> None:
        self._asked = False
        # Not an Event: a signal that comes while its lock is held would wait for itself.
        self._wishes: SimpleQueue[None] = SimpleQueue()

    @property
    def asked(self) -> bool:
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Waits at most until somebody wants to stop; true where they do."""
        if not self._asked:
            with suppress(Empty):
                self._wishes.get(timeout=max(seconds, 0.0))
                self._wishes.put(None)  # for whoever else waits
        return self._asked

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds(self) -> float:
        return time.monotonic()

    def __enter__(self) -> Self:
        self._before = {number: signal.getsignal(number) for number in SIGNALS}
        for number in SIGNALS:
            signal.signal(number, self._heard)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self._asked = True
        self._wishes.put(None)
