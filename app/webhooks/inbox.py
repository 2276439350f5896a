"""One target's changes in hand, and how far it has come: its place in the log.

Partitions stand still while anything is in hand, so that what is held is one poll's worth,
however long the target is away; they are polled all the same, because a group forgets who
doesn't come round.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from stream.errors import PositionOutOfRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stream.log.batch import Record, RecordBatch
    from stream.log.seam import Log, Producer, Subscription


class InHand(NamedTuple):
    """A record, and where reading goes on once it is done with."""

    partition: int
    record: Record
    next_offset: int


@dataclass(slots=True)
class Inbox:
    """What one thread reads, in the order of each partition. It is the subscription's listener."""

    log: Log
    topic: str
    group: str
    begin: str
    forgotten: Callable[[PositionOutOfRange], None]
    """Told where the log forgot records before they were read."""

    subscription: Subscription = field(init=False)
    producer: Producer = field(init=False)
    held: set[int] = field(default_factory=set)
    _assigned: set[int] = field(default_factory=set)
    _batches: deque[RecordBatch] = field(default_factory=deque)
    _records: Iterator[InHand] | None = None
    _current: InHand | None = None
    _done: dict[int, int] = field(default_factory=dict)

    def current(self) -> InHand | None:
        """The record to deal with; the same until it is done with, or went to another member."""
        while self._current is None and (self._records is not None or self._batches):
            if self._records is None:
                self._records = _in_order(self._batches.popleft())
            self._current = next(self._records, None)
            if self._current is None:
                self._records = None
        return self._current

    def done(self) -> None:
        """The current record is dealt with: reading goes on behind it, once this is settled."""
        if self._current is not None:
            self._done[self._current.partition] = self._current.next_offset
            self._current = None

    def settle(self) -> None:
        """Moves the group's positions past all that is done with."""
        positions = {part: at for part, at in self._done.items() if part in self.held}
        self._done.clear()
        if positions:
            with self.producer.transaction() as transaction:
                transaction.advance(self.subscription.membership(), positions)

    def tend(self, seconds: float) -> None:
        """Settles, and takes a turn in the group; brings more where nothing is in hand."""
        self.settle()
        is_free = self.current() is None
        held = sorted(self.held)
        if is_free:
            self.subscription.resume(held)
        else:
            self.subscription.pause(held)
        try:
            batches = self.subscription.poll(seconds if is_free else 0.0)
        except PositionOutOfRange as error:
            self._start_over(error)
            return
        if self._assigned:
            self._start(sorted(self._assigned))
        self._batches.extend(batch for batch in batches if batch.partition in self.held)

    def behind(self) -> int:
        """How many records are not done with yet, those in hand apart that were read."""
        return sum(self.subscription.lag().values())

    def assigned(self, partitions: Sequence[int]) -> None:
        self._assigned.update(partitions)

    def revoked(self, partitions: Sequence[int]) -> None:
        """What is in hand of them is the next owner's."""
        self.held.difference_update(partitions)
        self._assigned.difference_update(partitions)
        self._done = {part: at for part, at in self._done.items() if part not in partitions}
        if self._current is not None and self._current.partition in partitions:
            self._current = self._records = None
        elif self._records is not None:
            self._records = _of_others(self._records, frozenset(partitions))
        self._batches = deque(one for one in self._batches if one.partition not in partitions)

    def lost(self, partitions: Sequence[int]) -> None:
        self.revoked(partitions)

    def _start(self, partitions: list[int]) -> None:
        """Where a group begins is kept at once: the end is another one after a restart."""
        committed, bounds = self.log.committed(self.group, self.topic), self.log.bounds(self.topic)
        for partition in partitions:
            first = getattr(bounds[partition], self.begin)
            if partition not in committed:
                self._done[partition] = first
            self.subscription.start(partition, committed.get(partition, first))
            self._assigned.discard(partition)
            self.held.add(partition)
        self.settle()

    def _start_over(self, error: PositionOutOfRange) -> None:
        self.forgotten(error)
        self.subscription.start(error.partition, error.start)
        self._done[error.partition] = error.start


def _in_order(batch: RecordBatch) -> Iterator[InHand]:
    """The last one's end is the batch's: there may be marks behind it that are no records."""
    before: tuple[int, Record] | None = None
    for offset, record in batch:
        if before is not None:
            yield InHand(batch.partition, before[1], before[0] + 1)
        before = (offset, record)
    if before is not None:
        yield InHand(batch.partition, before[1], batch.next_offset)


def _of_others(records: Iterator[InHand], partitions: frozenset[int]) -> Iterator[InHand]:
    return (one for one in records if one.partition not in partitions)
