"""Waiting for a condition, with a deadline: what tests do instead of sleeping."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        threading.Event().wait(0.02)
