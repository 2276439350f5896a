"""Makes the next few items while the last ones are being used.

Reading and encoding, and writing to a log, both leave Python's lock most of the time;
side by side on two threads neither waits for the other.
"""

from __future__ import annotations

from contextlib import contextmanager
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Item = TypeVar("Item")
POLL_SECONDS = 0.1


@contextmanager
def made_ahead(items: Iterable[Item], depth: int = 1) -> Iterator[Iterator[Item]]:
    """The items, at most `depth` of them made ahead of use; leaving the block stops the making.

    What the making raises is raised where its item would have come.

    >>> with made_ahead(iter("abc")) as letters:
    ...     list(letters)
    ['a', 'b', 'c']
    """
    line = _Line[Item](items, depth)
    line.start()
    try:
        yield line.taken()
    finally:
        line.stop()


class _Line(Thread, Generic[Item]):
    """The thread that makes, and the queue between it and the user."""

    def __init__(self, items: Iterable[Item], depth: int) -> None:
        super().__init__(name="shoal-ahead", daemon=True)
        self._items = items
        self._queue: Queue[Item] = Queue(depth)
        self._stopping = Event()
        self._ended = Event()
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    break
        except BaseException as failure:  # handed over, not swallowed
            self._failure = failure
        finally:
            self._ended.set()

    def taken(self) -> Iterator[Item]:
        while True:
            ended = self._ended.is_set()  # asked first: after it nothing more comes in
            try:
                yield self._queue.get(timeout=0 if ended else POLL_SECONDS)
            except Empty:
                if ended:
                    break
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _put(self, item: Item) -> bool:
        while not self._stopping.is_set():
            try:
                self._queue.put(item, timeout=POLL_SECONDS)
            except Full:
                continue
            return True
        return False
