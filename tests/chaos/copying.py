"""A topic's records, all that are committed, and the same records in another log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stream.log.batch import Record, Records
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stream.log.seam import Log
    from stream.topics import Topics

SETTLED_SECONDS = 180
APPENDED_AT_A_TIME = 500


def records_of(
    log: Log, topic: str, starts: Mapping[int, int] | None = None
) -> dict[int, list[tuple[int, Record]]]:
    """By partition, in order, each with its offset; from these positions on, or from the start."""
    starts = starts or {partition: bounds.start for partition, bounds in log.bounds(topic).items()}
    ends = {partition: log.settled_end(topic, partition, SETTLED_SECONDS) for partition in starts}
    found: dict[int, list[tuple[int, Record]]] = {partition: [] for partition in starts}
    with log.reader(topic, starts) as reader:

        def at_the_end() -> bool:
            for batch in reader.poll(0.2):
                found[batch.partition] += list(batch)
            at = reader.positions()
            return all(at[partition] >= end for partition, end in ends.items())

        until(at_the_end, f"the end of {topic}", SETTLED_SECONDS)
    return found


def copy(source: Log, target: Log, topics: Topics) -> None:
    """What workers read, one to one: partition, order, key, value, headers and timestamp."""
    target.create_topics(topics.specs())
    for topic in (topics.transactions, topics.models):
        with target.writer() as writer:
            for partition, found in records_of(source, topic).items():
                records = [record for _, record in found]
                for begin in range(0, len(records), APPENDED_AT_A_TIME):
                    some = Records.of(records[begin : begin + APPENDED_AT_A_TIME])
                    writer.append(topic, partition, some)
            writer.flush()
