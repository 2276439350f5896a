"""How far a bridge has come: one record in the transaction of all that came across.

It lies with the target, so that source and target may be different clusters, or the target the
embedded log: what was written and how far that is are there together, or neither is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from stream.errors import LogError
from stream.log.batch import Record, Records
from stream.log.known import LastRead  # noqa: TC001 (msgspec reads it when it runs)
from stream.log.seam import TopicSpec
from stream.topics import BLOCKS

if TYPE_CHECKING:
    from stream.log.seam import Log, Transaction
    from stream.topics import Topics

SETTLED_SECONDS = 150.0
POLL_SECONDS = 1.0
FIRST_STEP = 2_000
KEPT_AT_LEAST = 2_000
"""Records of standings, after which those before the newest are cut off."""


class Standing(msgspec.Struct, frozen=True):
    """Where reading goes on, by partition of the source."""

    source: str
    positions: dict[int, int]
    seen: dict[int, LastRead] = {}  # msgspec gives each its own
    """The last record that came across, by partition."""

    event_ms: int | None = None
    """How far event time had come."""

    schema_version: int = 1


def standing_topic(topics: Topics, name: str) -> TopicSpec:
    """The topic that has a bridge's standing, and nobody else's."""
    kept = BLOCKS | {"segment.bytes": str(16 << 20)}
    return TopicSpec(f"{topics.prefix}bridge.{name}", 1, kept, topics.replication_factor)


class Standings:
    """Reads and writes them. Whoever does has the bridge's producer: nobody else writes then."""

    def __init__(self, log: Log, topic: str) -> None:
        self._log, self._topic = log, topic
        self._since_cut = 0

    def last(self) -> Standing | None:
        """The newest, once nothing before the end is undecided."""
        stop = self._log.settled_end(self._topic, 0, SETTLED_SECONDS)
        begin, step = self._log.bounds(self._topic)[0].start, FIRST_STEP
        while stop > begin:
            start = max(begin, stop - step)
            value = self._last_between(start, stop)
            if value is not None:
                return _decoded(value, self._topic)
            stop, step = start, step * 8
        return None

    def write(self, transaction: Transaction, standing: Standing, now_ms: int) -> None:
        value = msgspec.json.encode(standing)
        transaction.append(self._topic, 0, Records.of([Record(None, value, now_ms)]))

    def committed(self) -> None:
        """Now and then what came before the newest is forgotten; a log that doesn't allow that
        keeps it."""
        self._since_cut += 1
        if self._since_cut >= KEPT_AT_LEAST:
            self._since_cut = 0
            with suppress(LogError):
                end = self._log.bounds(self._topic)[0].end
                self._log.truncate(self._topic, 0, max(end - FIRST_STEP // 2, 0))

    def _last_between(self, start: int, stop: int) -> bytes | None:
        found = None
        with self._log.reader(self._topic, {0: start}) as reader:
            while reader.positions()[0] < stop:
                for batch in reader.poll(POLL_SECONDS):
                    found = batch.records[len(batch) - 1].value or found
        return found


def _decoded(value: bytes, topic: str) -> Standing:
    try:
        return msgspec.json.decode(value, type=Standing)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LogError(
            f"the last record of {topic} is no bridge's standing ({error}): somebody else writes "
            "there, so give the bridge another --name"
        ) from None
