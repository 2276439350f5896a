"""One run of `shoal rebuild`: the transactions of a prefix, sent again under another.

1. The new prefix' topics are made; one that has transactions already is not added to.
2. Where the old partitions end is noted: what comes later is not part of this.
3. They are merged by event time, spread by key, and written; the rest is the workers' work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rebuilding.merge import Source, merged
from app.rebuilding.spread import Spreading
from app.topics_ready import told
from stream.errors import SettingsError, TopicsDiffer

if TYPE_CHECKING:
    from collections import Counter

    from stream.log.seam import Log
    from stream.topics import Topics

SETTLED_SECONDS = 150.0


def rebuild(log: Log, old: Topics, new: Topics) -> Counter[str]:
    """How many records and ticks were sent, and what was left out."""
    _make(log, old, new)  # 1
    sources = _sources(log, old.transactions)  # 2
    with log.writer() as writer:
        spreading = Spreading(writer, new.transactions, new.partitions)
        for stretch in merged(sources):  # 3
            spreading.send(stretch)
        writer.flush()
    return spreading.account


def _make(log: Log, old: Topics, new: Topics) -> None:
    if old.prefix == new.prefix:
        raise SettingsError(f"{new.prefix!r} is the prefix to be rebuilt: name another with --to")
    there = {topic.name for topic in log.topics()}
    bounds = log.bounds(new.transactions) if new.transactions in there else {}
    if any(bound.end for bound in bounds.values()):
        raise SettingsError(
            f"{new.transactions} on {log.name} has records already: rebuild into a prefix that "
            "has none"
        )
    differences = log.create_topics(new.specs())
    if differences:
        raise TopicsDiffer(told(differences))


def _sources(log: Log, topic: str) -> list[Source]:
    ends = {
        partition: log.settled_end(topic, partition, SETTLED_SECONDS)
        for partition in range(log.partitions(topic))
    }
    starts = log.bounds(topic)
    return [
        Source(log, topic, partition, starts[partition].start, end)
        for partition, end in ends.items()
    ]
