"""Blocks on a log, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.log.batch import Record, Records

if TYPE_CHECKING:
    from stream.log.seam import Log

PROFILES = "shoal.customer-profiles"
PARTITION = 1
WRITTEN_MS = 1_293_840_000_000


def end(log: Log, partition: int = PARTITION) -> int:
    return log.bounds(PROFILES)[partition].end


def write(log: Log, values: list[bytes], partition: int = PARTITION) -> int:
    """In one transaction; where its first record lies."""
    first = end(log, partition)
    with log.producer("worker") as producer, producer.transaction() as transaction:
        records = Records.of(Record(None, value, WRITTEN_MS) for value in values)
        transaction.append(PROFILES, partition, records)
    return first
