"""Arrow's reader of text, with an end that can be waited for.

It reads ahead on threads of its own, which call back into Python for more bytes. One that
does so while the interpreter shuts down brings the process down with an abort; so wherever
reading ends, and at the latest before Python does, nothing is left to read and the threads
are done.
"""

from __future__ import annotations

import atexit
from contextlib import contextmanager, suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet, finalize

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from producers.sources.stored import Readable

PATIENCE_SECONDS = 1.0  # milliseconds are usual; for ever would be worse than what it prevents


class ArrowReading:
    """Batches as Arrow's reader gives them; `stop` may be called more than once."""

    def __init__(self, stream: Readable, opened: Callable[[Any], Any]) -> None:
        self._stream: _Endable | None = _Endable(stream)
        self._let_go = Event()
        finalize(self._stream, self._let_go.set)
        self._reader: Any = None
        self._opened = opened

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        self._reader = self._opened(self._stream)
        while True:
            try:
                batch = self._reader.read_next_batch()
            except StopIteration:
                return
            yield batch

    def stop(self) -> None:
        """Ends the text here, and waits until Arrow has let go of it: then no thread reads."""
        if self._stream is None:
            return
        self._stream.end()
        self._stream = None
        with suppress(StopIteration, pa.ArrowException, ValueError, OSError):  # cut off in mid-row
            while self._reader is not None:
                self._reader.read_next_batch()
        self._reader = None
        self._let_go.wait(PATIENCE_SECONDS)


@contextmanager
def arrow_reading(stream: Readable, opened: Callable[[Any], Any]) -> Iterator[ArrowReading]:
    """`opened` makes the reader of a file; it is stopped with the block, or with Python."""
    reading = ArrowReading(stream, opened)
    _under_way.add(reading)
    try:
        yield reading
    finally:
        reading.stop()


class _Endable:
    """The stream as Arrow sees it: a file that may end early."""

    closed = False

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._lock = Lock()
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        with self._lock:
            return b"" if self._ended else self._stream.read(size)

    def end(self) -> None:
        """Waits for the read that is under way, if any."""
        with self._lock:
            self._ended = True

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False


_under_way: WeakSet[ArrowReading] = WeakSet()


@atexit.register
def _stop_all() -> None:
    """For readings that an exception's traceback, or somebody's variable, keeps alive."""
    for reading in list(_under_way):
        reading.stop()
