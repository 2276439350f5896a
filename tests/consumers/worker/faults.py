"""What goes wrong for a worker on a real log: commits that fail."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

from kafka import errors

from stream.errors import CommitFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stream.log.seam import Log, Producer, Transaction


class FailingLog:
    """A log of which one commit fails when it is told to; in all else the log itself."""

    def __init__(self, log: Log, url: str) -> None:
        self._log, self._url = log, url
        self.fails = False
        self.failed = 0

    def producer(self, name: str) -> Any:
        return FailingProducer(self, self._log.producer(name), self._url)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


class SleepyLog(FailingLog):
    """In the commit that fails its worker slept, and something happened meanwhile."""

    def __init__(self, log: Log, url: str, meanwhile: Callable[[], None]) -> None:
        super().__init__(log, url)
        self.meanwhile = meanwhile

    def producer(self, name: str) -> Any:
        return SleepyProducer(self, self._log.producer(name), self._url)


class FailingProducer:
    def __init__(self, log: FailingLog, producer: Producer, url: str) -> None:
        self._log, self._producer, self._url = log, producer, url

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with contextlib.ExitStack() as stack:
            if self._log.fails:
                self._log.fails = False
                self._log.failed += 1
                stack.enter_context(failing_commits(self._url, self._producer))
            yield stack.enter_context(self._producer.transaction())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)


class SleepyProducer(FailingProducer):
    _log: SleepyLog

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        if self._log.fails:
            self._log.meanwhile()
            raise CommitFailed("it slept for too long")
        with self._producer.transaction() as transaction:
            yield transaction


@contextlib.contextmanager
def failing_commits(url: str, producer: Producer) -> Iterator[None]:
    """Within the block a commit of this producer fails, and the log has had its records or not."""
    if url.startswith("sqlite"):
        file = url.removeprefix("sqlite:///")
        with contextlib.closing(
            sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        ) as hog:
            hog.execute("BEGIN IMMEDIATE")
            yield
    else:
        _refuse_batches(producer)
        yield


def _refuse_batches(producer: Producer) -> None:
    sender: Any = producer._producer._sender  # type: ignore[attr-defined]  # only Kafka's has
    complete = sender._complete_batch

    def refused(batch: Any, response: Any) -> None:
        response.error_code = errors.InvalidRecordError.errno
        complete(batch, response)

    sender._complete_batch = refused
