"""Logs with the topics of a shop, and what lies on them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stream.contracts.commands import Promote
from stream.contracts.model import SegmentModel
from tests.stream.model.models import value_lens
from tests.waiting import until

if TYPE_CHECKING:
    from stream.log.seam import Log

START = datetime(2011, 1, 1, tzinfo=UTC)
NOW = datetime.now(UTC).replace(microsecond=0)
"""Not a date in the past: a broker drops what was written too long ago."""


def made_by_hand(version: int = 1, **fields: object) -> SegmentModel:
    return SegmentModel.model_validate(
        {
            "version": version,
            "instant": START,
            "created_at": NOW,
            "lenses": (value_lens(),),
            **fields,
        }
    )


def values(log: Log, topic: str, partition: int) -> list[bytes | None]:
    """What is committed on a partition."""
    end = log.settled_end(topic, partition, 120)
    found: list[bytes | None] = []
    with log.reader(topic, {partition: 0}) as reader:

        def at_the_end() -> bool:
            for batch in reader.poll(0.2):
                found.extend(record.value for record in batch.records)
            return reader.positions()[partition] >= end

        until(at_the_end, f"the end of {topic}")
    return found


def promotes(log: Log, topic: str) -> list[list[int]]:
    """The versions that each partition was told of."""
    return [
        [Promote.from_json(value).version for value in values(log, topic, partition)]
        for partition in range(log.partitions(topic))
    ]
