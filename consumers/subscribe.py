"""Segment changes, one after the other, for programs of one's own.

    from consumers.subscribe import subscribe

    for change in subscribe("kafka://localhost:9092", group="crm"):
        print(change.customer_id, change.current)

A change counts as handled when the next one is asked for; then, and not before, the group's
position moves past it. So a program that dies is given the change it was at once more, and
none is left out: handle by `change_id`, which is the same both times.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from stream.contracts.change import SegmentChange
from stream.errors import InvalidMessage, SettingsError
from stream.log.open import open_log
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stream.log.batch import Record, RecordBatch
    from stream.log.seam import Log, Producer, Subscription

POLL_SECONDS = 1.0
BEGIN = ("start", "end")


def subscribe(
    url: str,
    group: str,
    *,
    member: str = "0",
    segment: str | None = None,
    cause: str | None = None,
    lens: str | None = None,
    begin: Literal["start", "end"] = "start",
    prefix: str = "shoal.",
    client_options: Mapping[str, object] | None = None,
) -> Iterator[SegmentChange]:
    """Every change of the group's share, in order per customer, for ever.

    `segment` (its id, entered or left), `cause` and `lens` choose; what isn't chosen is passed
    over. A group that was never here begins at the topic's `start` or `end`. Several processes
    share a group's work on Kafka when each has a `member` name of its own.
    """
    if begin not in BEGIN:
        raise SettingsError(f"begin is {begin!r}: give start or end")
    chosen = Chosen(segment, cause, lens)
    with ExitStack() as closing:
        log = closing.enter_context(open_log(url, client_options))
        share = Share(log, Topics(prefix).changes, group, begin)
        share.subscription = closing.enter_context(log.subscribe(share.topic, group, member, share))
        producer = closing.enter_context(log.producer(f"{group}-{member}"))
        yield from _handled(share, producer, chosen)


def _handled(share: Share, producer: Producer, chosen: Chosen) -> Iterator[SegmentChange]:
    """Changes one by one; each moves the position when its successor is asked for."""
    while True:
        for batch in share.poll():
            passed_over = False
            for offset, record in batch:
                change = read(record)
                passed_over = change is None or not chosen.has(change)
                if change is not None and not passed_over:
                    yield change
                    share.move(producer, batch.partition, offset + 1)
            if passed_over:
                share.move(producer, batch.partition, batch.next_offset)


def read(record: Record) -> SegmentChange | None:
    """The change, or nothing where the record is something else, such as a segment event."""
    try:
        return SegmentChange.from_json(record.value)
    except InvalidMessage:
        return None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which changes are wanted; what is not said is not asked about."""

    segment: str | None = None
    cause: str | None = None
    lens: str | None = None

    def has(self, change: SegmentChange) -> bool:
        ends = {end.id for end in (change.previous, change.current) if end is not None}
        return (
            (self.segment is None or self.segment in ends)
            and (self.cause is None or self.cause == change.cause.value)
            and (self.lens is None or self.lens == change.lens)
        )


@dataclass(slots=True)
class Share:
    """The partitions that are ours just now; each is started at the group's own position."""

    log: Log
    topic: str
    group: str
    begin: str
    held: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    subscription: Subscription = field(init=False)

    def poll(self) -> list[RecordBatch]:
        batches = self.subscription.poll(POLL_SECONDS)
        if self.waiting:
            self._start(sorted(self.waiting))
        return [batch for batch in batches if batch.partition in self.held]

    def move(self, producer: Producer, partition: int, position: int) -> None:
        """Nothing, where the partition went to somebody else meanwhile: it is theirs to move."""
        if partition in self.held:
            with producer.transaction() as transaction:
                transaction.advance(self.subscription.membership(), {partition: position})

    def assigned(self, partitions: Sequence[int]) -> None:
        self.waiting.update(partitions)

    def revoked(self, partitions: Sequence[int]) -> None:
        self.held.difference_update(partitions)
        self.waiting.difference_update(partitions)

    def lost(self, partitions: Sequence[int]) -> None:
        self.revoked(partitions)

    def _start(self, partitions: list[int]) -> None:
        committed, bounds = self.log.committed(self.group, self.topic), self.log.bounds(self.topic)
        for partition in partitions:
            first = getattr(bounds[partition], self.begin)
            self.subscription.start(partition, committed.get(partition, first))
            self.waiting.discard(partition)
            self.held.add(partition)
