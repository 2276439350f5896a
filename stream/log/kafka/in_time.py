"""An answer that is waited for so long and no longer, whatever kafka-python thinks of it.

Its own limit is a timer on the loop that it waits for. A worker was seen to wait there for minutes
while the loop went on with other things, and as it didn't come back to the group, all waited.
"""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from kafka import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    Answered = TypeVar("Answered")


def answered(ask: Callable[[], Answered], within_seconds: float) -> Answered:
    """What it answers or raises; `KafkaTimeoutError` where nothing comes in time. The thread that
    still waits then is left behind, and ends with the process.

    >>> answered(lambda: 7, within_seconds=10)
    7
    """
    told: SimpleQueue[tuple[Answered | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            told.put((ask(), None))
        except BaseException as error:
            told.put((None, error))

    Thread(target=run, name="shoal-asking", daemon=True).start()
    try:
        answer, error = told.get(timeout=within_seconds)
    except Empty:
        raise errors.KafkaTimeoutError(f"no answer within {within_seconds:g} s") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # there is one where nothing was raised
