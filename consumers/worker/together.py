"""Several partitions folded at once: tasks share nothing, and compiled loops hold no lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, NamedTuple

from stream.log.batch import RecordBatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from consumers.worker.holding import Held


class Arrived(NamedTuple):
    """What a poll brought of one partition."""

    held: Held
    batches: Sequence[RecordBatch]


class Folded(NamedTuple):
    held: Held
    records: int
    seconds: float


class Folding:
    """The threads of one session that fold; each partition is one thread's at a time."""

    def __init__(self, at_once: int, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(at_once, "shoal-fold") if at_once > 1 else None

    def fold(self, arrived: Sequence[Arrived], now_ms: int) -> Iterator[Folded]:
        """In the order of what arrived. Where one fails, the others have come to their end."""
        if self._threads is None or len(arrived) < 2:
            yield from (self._fold(one, now_ms) for one in arrived)
            return
        futures = [self._threads.submit(self._fold, one, now_ms) for one in arrived]
        wait(futures)
        yield from (future.result() for future in futures)

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown()

    def _fold(self, arrived: Arrived, now_ms: int) -> Folded:
        """A producer that doesn't linger makes a batch of each record or two: they are folded
        together, as taking each would cost more than folding it."""
        began = self._seconds()
        count = arrived.held.take(RecordBatch.together(arrived.batches), now_ms)
        return Folded(arrived.held, count, self._seconds() - began)
