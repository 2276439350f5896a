"""Changes on a log, for targets to be sent."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from stream.contracts.change import Cause, SegmentChange
from stream.contracts.segment import SegmentRef
from stream.log.batch import Record, Records
from stream.log.open import open_log
from stream.log.partitioning import partition_of
from stream.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.app.webhooks.receivers import Request

PARTITIONS = 2
TOPICS = Topics(partitions=PARTITIONS)
THEN = datetime(2011, 6, 1, tzinfo=UTC)
RISING, LEAVING = SegmentRef(id="value-1", name="Rising"), SegmentRef(id="value-2", name="Leaving")


def change(number: int, **fields: Any) -> SegmentChange:
    """Of one of four customers; the sequence grows with the number."""
    made: dict[str, Any] = {
        "customer_id": f"Zoë {number % 4}",
        "lens": "value",
        "sequence": number + 1,
        "previous": None,
        "current": RISING,
        "cause": Cause.JOINED,
        "model_version": 1,
        "occurred_at": THEN,
        "observed_at": THEN,
    }
    return SegmentChange(**(made | fields))


def made_log(url: str, topics: Topics = TOPICS) -> None:
    with open_log(url) as log:
        log.create_topics(topics.specs())


def publish(url: str, changes: Sequence[SegmentChange], topics: Topics = TOPICS) -> list[str]:
    """On the topic in this order; gives their ids."""
    publish_values(url, [(one.customer_id, one.to_json()) for one in changes], topics)
    return [one.change_id for one in changes]


def publish_values(url: str, values: Sequence[tuple[str, bytes]], topics: Topics = TOPICS) -> None:
    with open_log(url) as log, log.writer() as writer:
        for key, value in values:
            now_ms = time.time_ns() // 1_000_000  # the broker drops what is older than a year
            records = Records.of([Record(key.encode(), value, now_ms)])
            writer.append(topics.changes, partition_of(key.encode(), PARTITIONS), records)
        writer.flush()


def by_customer(requests: Sequence[Request]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in requests:
        found.setdefault(one.change["customer_id"], []).append(one.change["sequence"])
    return found
