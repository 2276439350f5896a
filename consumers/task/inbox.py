"""A batch sorted out: lines to fold, commands to obey, and what is neither, with its reason."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stream.contracts.columns import columns_of
from stream.contracts.commands import Erasure
from stream.contracts.refusal import RefusalReason, Refused
from stream.log.partitioning import partition_of, partitions_of
from stream.profile.addressing import keys_differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consumers.task.partition import Partition
    from stream.contracts.columns import Columns
    from stream.contracts.commands import Command
    from stream.log.batch import RecordBatch
    from stream.profile.events import Batch
    from stream.profile.layout import Ints
    from stream.profile.reading import EventReader

REASONS = RefusalReason


@dataclass(frozen=True, slots=True)
class Inbox:
    """By the rows of the batch."""

    batch: RecordBatch
    before: int
    """How many records of the partition came before this batch."""

    lines: Ints
    """The rows that are lines to be folded, in order."""

    events: Batch
    """Those lines as events, one each."""

    commands: dict[int, Command]
    refused: deque[tuple[int, Refused]]
    """In order; taken out as they are dealt with."""

    def between(self, begin: int, end: int) -> Lines:
        """The lines among these rows of the batch."""
        first, last = np.searchsorted(self.lines, [begin, end])
        return Lines(self, self.lines[first:last], self.events.slice(first, last))

    def refused_before(self, row: int) -> Iterator[tuple[int, Refused]]:
        """What was refused before this row, and was not given out yet."""
        while self.refused and self.refused[0][0] < row:
            yield self.refused.popleft()


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines without a command between them."""

    inbox: Inbox
    rows: Ints
    """Their rows in the batch."""

    events: Batch

    def __len__(self) -> int:
        return len(self.rows)

    def offset(self, line: int) -> int:
        return int(self.inbox.batch.offsets[self.rows[line]])


def sorted_out(partition: Partition, batch: RecordBatch, reader: EventReader) -> Inbox:
    """Checks every record: what it is, whose it is by its key, whether it lies here rightly."""
    columns, before = columns_of(batch.records), sum(partition.outcomes.values())
    commands: dict[int, Command] = {}
    refused: list[tuple[int, Refused]] = []
    for row, other in columns.others.items():
        verdict = other if isinstance(other, Refused) else _misplaced(partition, batch, row, other)
        if verdict is None and not isinstance(other, Refused):
            commands[row] = other
        elif verdict is not None:
            refused.append((row, verdict))
    is_line = columns.is_line.copy()
    for row, why in _strangers(partition, batch, columns):
        is_line[row] = False
        refused.append((row, why))
    lines = np.flatnonzero(is_line)
    events = reader.read(batch.records, columns)
    kept = events if len(lines) == len(batch) else events.take(lines)
    refused.sort(key=lambda one: one[0])
    return Inbox(batch, before, lines, kept, dict(sorted(commands.items())), deque(refused))


def _strangers(
    partition: Partition, batch: RecordBatch, columns: Columns
) -> Iterator[tuple[int, Refused]]:
    """Lines that another task owns, or nobody."""
    identity = partition.identity
    differ = keys_differ(batch.records, columns)
    for row in np.flatnonzero(differ).tolist():
        yield row, _wrong_key(batch.records[row].key, columns.text("customer_id", row))
    there = partitions_of(batch.records, identity.partitions)
    elsewhere = columns.is_line & ~differ & (there != identity.partition)
    for row in np.flatnonzero(elsewhere).tolist():
        yield row, _wrong_partition(partition, int(there[row]))


def _misplaced(
    partition: Partition, batch: RecordBatch, row: int, command: Command
) -> Refused | None:
    """A command about a customer is checked as a line is; the others belong to the partition."""
    if not isinstance(command, Erasure):
        return None
    key = batch.records[row].key
    if key != command.customer_id.encode():
        return _wrong_key(key, command.customer_id)
    there = partition_of(key, partition.identity.partitions)
    return None if there == partition.identity.partition else _wrong_partition(partition, there)


def _wrong_key(key: bytes | None, customer_id: str | None) -> Refused:
    said = "there is none" if key is None else f"it is {key[:100]!r}"
    return Refused(
        REASONS.WRONG_KEY, f"the key should be the customer's id {customer_id!r}: {said}"
    )


def _wrong_partition(partition: Partition, there: int) -> Refused:
    identity = partition.identity
    return Refused(
        REASONS.WRONG_PARTITION,
        f"murmur2 of the key says partition {there} of {identity.partitions}, not "
        f"{identity.partition}: set the producer's partitioner to murmur2",
    )
