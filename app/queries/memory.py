"""Answers too dear to be asked for each time: kept for a while, and asked for by one at a time.

The dearer an answer was, the longer it is kept, so that asking takes a small part of the time
however many look.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Made = TypeVar("Made")

MOST_ENTRIES = 64
KEPT_TIMES = 20
"""An answer is kept for so many times as long as it took."""


@dataclass(slots=True)
class _Entry:
    making: threading.Lock = field(default_factory=threading.Lock)
    value: Any = None
    until: float = 0.0
    is_there: bool = False


class Memory:
    """Of the keys that were asked for last and had to be made."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()

    def kept(self, key: Hashable, seconds: float, make: Callable[[], Made]) -> Made:
        """What `make` answered at most `seconds`, or 20 times its own time, ago; a little older
        while another thread asks anew."""
        entry = self._entries.get(key) or self._entry(key)
        if entry.is_there and self._clock() < entry.until:
            return cast("Made", entry.value)
        if not entry.making.acquire(blocking=not entry.is_there):
            return cast("Made", entry.value)
        try:
            if not entry.is_there or self._clock() >= entry.until:
                self._make(key, entry, seconds, make)
            return cast("Made", entry.value)
        finally:
            entry.making.release()

    def forget(self) -> None:
        """Everything is asked anew."""
        with self._lock:
            self._entries.clear()

    def _entry(self, key: Hashable) -> _Entry:
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            if len(self._entries) > MOST_ENTRIES:
                self._entries.popitem(last=False)
            return entry

    def _make(self, key: Hashable, entry: _Entry, seconds: float, make: Callable[[], Any]) -> None:
        begun = self._clock()
        entry.value = make()
        ended = self._clock()
        entry.until = ended + max(seconds, KEPT_TIMES * (ended - begun))
        entry.is_there = True
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
