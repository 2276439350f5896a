"""The shop's life, written from a thread of its own while its workers live and die."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stream.log.batch import Record, Records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stream.log.seam import Log, Writer
    from stream.topics import Topics
    from tests.chaos.shop import Said, Shop

HISTORY_STEP_SECONDS = 0.05
PRESENT_STEP_SECONDS = 0.4
"""Long enough for a silence, in which an owner ticks."""

LAST_STEPS = 8


class Telling:
    """History first, then the present for as long as it is asked for."""

    def __init__(self, log: Log, topics: Topics, shop: Shop) -> None:
        self._log, self._topics, self._shop = log, topics, shop
        self._enough = threading.Event()
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.error: BaseException | None = None

    def start(self) -> None:
        self._thread.start()

    def give_up(self) -> None:
        """Where nobody wants to know any more."""
        self._given_up.set()
        self._enough.set()
        self._thread.join()

    def finish(self, seconds: float = 120) -> None:
        """All of the history, and some of the present."""
        self._enough.set()
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "the shop's history was not told in time"
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        try:
            with self._log.writer() as writer:
                for step in self._shop.history():
                    if self._given_up.is_set():
                        return
                    say(writer, self._topics, step)
                    self._enough.wait(HISTORY_STEP_SECONDS)
                self._tell_the_present(writer)
        except BaseException as error:
            self.error = error

    def _tell_the_present(self, writer: Writer) -> None:
        last = 0
        while last < LAST_STEPS and not self._given_up.wait(PRESENT_STEP_SECONDS):
            say(writer, self._topics, self._shop.present(datetime.now(UTC)))
            last += self._enough.is_set()


@contextmanager
def telling(log: Log, topics: Topics, shop: Shop) -> Iterator[Telling]:
    told = Telling(log, topics, shop)
    told.start()
    try:
        yield told
    finally:
        told.give_up()


def say(writer: Writer, topics: Topics, step: Sequence[Said]) -> None:
    """Writes it now, and waits until it is safe."""
    now_ms, by_partition = time.time_ns() // 1_000_000, defaultdict(list)
    for said in step:
        record = Record(said.key, said.value, now_ms, said.headers)
        by_partition[said.partition].append(record)
    for partition, records in by_partition.items():
        writer.append(topics.transactions, partition, Records.of(records))
    writer.flush()
