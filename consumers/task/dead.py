"""Dead letters: records that became nothing, as they came, with why and where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.dead_letter import DeadLetter
from stream.contracts.refusal import RefusalReason, Refused
from stream.log.batch import Records
from stream.log.dead_letter import dead_letter
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consumers.task.inbox import Inbox
    from consumers.task.partition import Partition
    from stream.log.batch import Record, RecordBatch


def bury(
    partition: Partition,
    inbox: Inbox,
    refused: Iterable[tuple[int, Refused]],
    observed_ms: int,
) -> None:
    """Puts these rows of a batch among the dead letters, and counts them by their reasons."""
    letters = []
    for row, why in refused:
        partition.outcomes[why.reason] += 1
        if why.reason != RefusalReason.TOO_LATE or _has_room(partition, inbox.before + row):
            letters.append(_letter(partition, inbox.batch, row, why, observed_ms))
    if letters:
        partition.told.dead_letters.append(Records.of(letters))


def _has_room(partition: Partition, before: int) -> bool:
    """A replay of old data is late altogether: nobody wants it twice.

    By how many records came before this one, not by how many were counted: the rest of the
    batch may be, and how far it goes is chance.
    """
    rules = partition.rules
    most = rules.too_late_free + rules.too_late_share * before
    return partition.outcomes[RefusalReason.TOO_LATE] <= most


def _letter(
    partition: Partition, batch: RecordBatch, row: int, why: Refused, observed_ms: int
) -> Record:
    record = batch.records[row]
    about = DeadLetter(
        reason=why.reason,
        detail=why.detail,
        topic=batch.topic,
        partition=batch.partition,
        offset=int(batch.offsets[row]),
        refused_at=instant(observed_ms),
    ).to_headers()
    return dead_letter(record, about, observed_ms, partition.rules.message_bytes)
