"""Runs that take this machine for a while: one at a time for all visitors, and not for ever."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.replaying import Stopped
from stream.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SECONDS = 600.0
_running = threading.Lock()


class Patience:
    """A clock that wants what runs to stop once it has taken too long."""

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._give_up = time.monotonic() + most_seconds

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def seconds(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        if seconds > 0:  # sleeping: nobody has anything to tell this run
            time.sleep(min(seconds, max(self._give_up - time.monotonic(), 0.0)))
        return time.monotonic() >= self._give_up


@contextmanager
def one_run(instead: str, most_seconds: float = MOST_SECONDS) -> Iterator[Patience]:
    """`instead` is the command that does the same without such bounds."""
    if not _running.acquire(blocking=False):
        raise InputError("another visitor's run is under way: wait until it is done, and try again")
    try:
        yield Patience(most_seconds)
    except Stopped:
        raise InputError(
            f"this took longer than {most_seconds / 60:.0f} minutes and was given up: take a "
            f"smaller file, or `{instead}`, which takes as long as it needs"
        ) from None
    finally:
        _running.release()
