"""Dead letters: records that became nothing, as they came, with why and where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.contracts.dead_letter import DeadLetter
from stream.contracts.refusal import RefusalReason, Refused
from stream.log.batch import Record, Records
from stream.model.change import instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from consumers.task.inbox import Inbox
    from consumers.task.partition import Partition
    from stream.log.batch import RecordBatch

CUT_OFF = "shoal-cut-off-at"
"""The header of a dead letter whose record is larger than its topic takes."""

ROOM_FOR_HEADERS = 8_192


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
    whole = Record(record.key, record.value, observed_ms, (*record.headers, *about))
    most = partition.rules.message_bytes - ROOM_FOR_HEADERS
    return whole if _size(whole) <= most else _cut(record, about, observed_ms, most)


def _size(record: Record) -> int:
    headers = sum(len(name) + len(value or b"") + 10 for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def _cut(
    record: Record, about: tuple[tuple[str, bytes], ...], observed_ms: int, most: int
) -> Record:
    """As much of it as the topic takes; its own headers, which may be what is large, go."""
    key, value = record.key, record.value
    if key is not None and len(key) > most // 2:
        key = key[: most // 2]
    if value is not None:
        value = value[: most - len(key or b"")]
    cut = (CUT_OFF, str(len(value or b"")).encode())
    return Record(key, value, observed_ms, (*about, cut))
