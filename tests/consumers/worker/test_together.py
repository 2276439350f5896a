"""Several partitions are folded at once, and what comes of it is what came one after the other."""

from __future__ import annotations

import time
from threading import Barrier, Lock, current_thread
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from consumers.worker.together import Arrived, Folding
from stream.log.batch import Record, RecordBatch, Records

if TYPE_CHECKING:
    from consumers.worker.holding import Held

PATIENCE_SECONDS = 30.0


class Taking:
    """Stands for a partition that is held: what it was given, by which thread."""

    def __init__(self, wrong: Exception | None = None, together: Barrier | None = None) -> None:
        self.offsets: list[int] = []
        self.thread = ""
        self._wrong, self._together, self._lock = wrong, together, Lock()

    def take(self, batch: RecordBatch, now_ms: int) -> int:
        assert now_ms == 7
        assert self._lock.acquire(blocking=False), "two threads on one partition"
        self.thread = current_thread().name
        if self._together is not None:
            self._together.wait(PATIENCE_SECONDS)
        if self._wrong is not None:
            raise self._wrong
        self.offsets += batch.offsets.tolist()
        self._lock.release()
        return len(batch)


def arrived(taking: Taking, partition: int, *sizes: int) -> Arrived:
    batches, offset = [], 0
    for size in sizes:
        records = Records.of([Record(b"k", b"v", 1)] * size)
        offsets = np.arange(offset, offset + size)
        offset += size
        batches.append(RecordBatch("t", partition, offsets, offset, records))
    return Arrived(cast("Held", taking), batches)


def folded(at_once: int, several: list[Arrived]) -> list[tuple[Taking, int]]:
    folding = Folding(at_once, time.monotonic)
    try:
        return [
            (cast("Taking", one.held), one.records)
            for one in folding.fold(several, 7)
            if one.seconds >= 0
        ]
    finally:
        folding.close()


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_what_was_folded_is_said_in_the_order_of_what_came(at_once: int) -> None:
    takings = [Taking() for _ in range(5)]
    several = [arrived(one, place, 2, place + 1) for place, one in enumerate(takings)]
    assert folded(at_once, several) == [(one, 3 + place) for place, one in enumerate(takings)]
    assert [one.offsets for one in takings] == [list(range(3 + place)) for place in range(5)]


def test_two_partitions_are_folded_at_the_same_time() -> None:
    both = Barrier(2)
    takings = [Taking(together=both), Taking(together=both)]
    folded(2, [arrived(one, place, 1) for place, one in enumerate(takings)])
    assert len({one.thread for one in takings}) == 2


def test_one_partition_alone_is_folded_where_the_worker_is() -> None:
    taking = Taking()
    folded(2, [arrived(taking, 0, 1)])
    assert taking.thread == current_thread().name


def test_where_one_fails_the_others_have_come_to_their_end() -> None:
    takings = [Taking(OSError("the disk is gone")), Taking(), Taking()]
    with pytest.raises(OSError, match="the disk is gone"):
        folded(2, [arrived(one, place, 4) for place, one in enumerate(takings)])
    assert [one.offsets for one in takings[1:]] == [[0, 1, 2, 3]] * 2
